// Head counts in columns of the activities: whom each column counts, and what they add up to.

import { input, labelled, select } from "./inputs.js";
import { keyOf } from "./setting-file.js";
import { element, say } from "./words.js";

const CONDITIONS = [
  { value: "sex = F", word: "counts-women" },
  { value: "sex = M", word: "counts-men" },
  { value: "sex = X", word: "counts-another-sex" },
];

/** A condition that is typed. */
const OTHER = "other";

/** The blocks of project.toml and a new one; `signs` is what the sheet seems to count. */
export function headCounts(file, { at, blocks, headings, signs }) {
  const place = [...at, "counts"];
  const id = keyOf(place);
  const made = element("details", { id: `counts-${at.at(-1)}`, class: "more" }, element("summary", { id: `counts-${at.at(-1)}-fold` }, say("counts")));
  made.append(element("p", { class: "hint" }, say("counts-hint")), ...file.notes(id));
  made.append(...blocks.map((block, number) => written(file, [...place, number], block, headings)));
  made.append(fresh(file, place, headings, signs));
  return made;
}

/** A block that is in project.toml. */
function written(file, at, { parts, total = null, of_whom: isOfWhom = false }, headings) {
  const id = `set-${at.join("-")}`;
  const note = keyOf(at.slice(0, -1));
  const write = (change) => file.write([change], note);
  const choose = (heading, condition) => write(condition ? { at: [...at, "parts", heading], set: condition } : { at: [...at, "parts", heading], unset: null });
  const whom = element("input", { id: `${id}-of-whom`, type: "checkbox" });
  whom.checked = isOfWhom;
  whom.addEventListener("change", () => write(whom.checked ? { at: [...at, "of_whom"], set: true } : { at: [...at, "of_whom"], unset: null }));
  const remove = element("button", { type: "button", id: `${id}-remove` }, say("counts-remove"));
  remove.addEventListener("click", () => write({ at, unset: null }));
  return element(
    "fieldset",
    { class: "card" },
    element("legend", {}, say("counts-block", { headings: Object.keys(parts ?? {}).join(", ") })),
    element("div", { class: "checks" }, ...headings.map(({ value }) => partOf(id, value, parts?.[value] ?? null, choose))),
    select({ id: `${id}-total`, label: say("counts-total") }, headings, total, say("not-chosen"), (heading) => write(heading ? { at: [...at, "total"], set: heading } : { at: [...at, "total"], unset: null })),
    element("p", { class: "control" }, element("label", { class: "check", for: whom.id }, whom, " ", say("counts-of-whom"))),
    element("p", {}, remove),
  );
}

/** A block to be added; it begins as what the sheet seems to count. */
function fresh(file, place, headings, signs) {
  const id = `set-${place.join("-")}-new`;
  const parts = new Map(signs?.[0] ?? []);
  let total = signs?.[1] ?? null;
  const choose = (heading, condition) => (condition ? parts.set(heading, condition) : parts.delete(heading));
  const button = element("button", { type: "button", id: `${id}-add` }, say("counts-add"));
  button.addEventListener("click", () => {
    const block = [["parts", Object.fromEntries(parts)], ...(total ? [["total", total]] : [])];
    file.write([{ at: place, add: block }], keyOf(place));
  });
  const fold = element("details", { id: `${id}-more`, class: "adding" }, element("summary", { id: `${id}-more-fold` }, say("counts-new")));
  fold.append(
    element("div", { class: "checks" }, ...headings.map(({ value }) => partOf(id, value, parts.get(value) ?? null, choose))),
    select({ id: `${id}-total`, label: say("counts-total") }, headings, total, say("not-chosen"), (heading) => (total = heading)),
    element("p", {}, button),
  );
  return fold;
}

/** Whom the column of a heading counts. */
function partOf(id, heading, condition, choose) {
  const own = `${id}-${heading}`;
  const isKnown = CONDITIONS.some(({ value }) => value === condition);
  const made = element("select", { id: own }, element("option", { value: "" }, say("counts-nobody")), ...CONDITIONS.map(({ value, word }) => element("option", { value }, say(word))), element("option", { value: OTHER }, say("counts-other")));
  made.value = condition === null ? "" : isKnown ? condition : OTHER;
  const typed = { id: `${own}-condition`, label: say("counts-condition", { heading }), typed: () => {}, left: (text) => choose(heading, text) };
  const place = labelled(typed, input(typed, { type: "text" }, condition !== null && !isKnown ? condition : "", (text) => text.trim() || null));
  place.hidden = made.value !== OTHER;
  made.addEventListener("change", () => {
    place.hidden = made.value !== OTHER;
    if (made.value !== OTHER) choose(heading, made.value || null);
    else place.querySelector("input").focus();
  });
  return element("div", {}, labelled({ id: own, label: heading }, made), place);
}
