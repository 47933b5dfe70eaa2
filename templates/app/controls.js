// A control for each kind of setting: it shows a value, and gives the one that is typed or chosen. No value is null.

import { input, labelled } from "./inputs.js";
import { give } from "./program.js";
import { heads, parent, texts } from "./table-controls.js";
import { element, periodWord, say } from "./words.js";

const idOf = (at) => `set-${at.join("-")}`;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** `typed` gets every value while it is typed, `left` the one that is meant. */
export function controlOf(rule, options, { typed, left }) {
  const id = idOf(rule.at);
  const choices = rule.choices?.length > 0 ? rule.choices : (options[rule.options] ?? []);
  const context = { ...rule, id, choices, options, typed, left };
  return (KINDS[rule.kind] ?? line)(context);
}

const textOf = (value) => (value === null ? "" : String(value));

function line(context) {
  return labelled(context, input(context, { type: "text" }, textOf(context.value), (text) => text.trim() || null));
}

function words(context, tag = "input") {
  const { id, label, value, options, typed, left } = context;
  const languages = (options["own-languages"] ?? []).map(({ value: lang, text }) => ({ lang, text }));
  const first = languages[0]?.lang ?? "en";
  const texts = typeof value === "string" ? { [first]: value } : { ...value };
  const whole = () => (Object.keys(texts).length > 0 ? { ...texts } : null);
  const inputs = languages.map(({ lang, text }) => {
    const own = `${id}-${lang}`;
    const made = element(tag, { id: own, lang, autocomplete: "off", ...(tag === "textarea" ? { rows: "3" } : { type: "text" }) });
    made.value = texts[lang] ?? "";
    const keep = () => {
      if (made.value.trim() === "") delete texts[lang];
      else texts[lang] = made.value.trim();
      return whole();
    };
    made.addEventListener("input", () => typed(keep()));
    made.addEventListener("change", () => left(keep()));
    return element("div", { class: "control" }, element("label", { for: own }, text), made);
  });
  return element("fieldset", {}, element("legend", {}, label), ...inputs);
}

const prose = (context) => words(context, "textarea");

const dayOf = (value) => value?.$day ?? "";
const day = (context) => labelled(context, input(context, { type: "date" }, dayOf(context.value), (text) => (text ? { $day: text } : null)));

/** What can't be read as a number stays a text, which the program refuses in words. */
function numberOf(text) {
  const written = text.trim().replace(",", ".").replace(/\s/g, "");
  if (written === "") return null;
  return Number.isNaN(Number(written)) ? text.trim() : Number(written);
}

function number(context) {
  const { value, usual } = context;
  const placeholder = usual === null || usual === undefined ? {} : { placeholder: String(usual) };
  return labelled(context, input(context, { type: "text", inputmode: "decimal", size: "12", ...placeholder }, textOf(value), numberOf));
}

/** One number, or one for each axis. */
function limit(context) {
  const { value, label, id, typed, left } = context;
  if (value === null || typeof value !== "object") return number(context);
  const axes = Object.keys(value).map((axis) => {
    const now = (text) => ({ ...value, [axis]: numberOf(text) ?? 0 });
    const scoped = { ...context, id: `${id}-${axis}`, label: axis === "default" ? say("every-axis") : axis };
    return labelled(scoped, input({ ...scoped, typed, left }, { type: "text", inputmode: "numeric", size: "6" }, textOf(value[axis]), now));
  });
  return element("fieldset", {}, element("legend", {}, label), ...axes);
}

function flag(context) {
  const { id, label, value, usual, left } = context;
  const made = element("input", { id, type: "checkbox" });
  made.checked = value ?? usual ?? false;
  made.addEventListener("change", () => left(made.checked));
  return element("div", { class: "control" }, element("label", { class: "check", for: id }, made, " ", label));
}

function choice(context) {
  const { id, value, usual, choices, left } = context;
  const all = value === null || choices.some((one) => same(one.value, value)) ? choices : [...choices, { value, text: textOf(value) }];
  const usualText = choices.find((one) => same(one.value, usual))?.text;
  const made = element("select", { id }, element("option", { value: "" }, usualText ? say("as-usual", { usual: usualText }) : say("not-chosen")));
  made.append(...all.map(({ text }, at) => element("option", { value: String(at) }, text)));
  made.value = value === null ? "" : String(all.findIndex((one) => same(one.value, value)));
  made.addEventListener("change", () => left(made.value === "" ? null : all[Number(made.value)].value));
  return labelled(context, made);
}

/** Boxes to check; what is chosen keeps its order, what comes anew is last. */
function several(context) {
  const { id, label, value, usual, choices, left } = context;
  const written = Array.isArray(value) ? value : null;
  let chosen = [...(written ?? usual ?? [])];
  const unknown = chosen.filter((one) => !choices.some((choice) => same(choice.value, one))).map((one) => ({ value: one, text: textOf(one) }));
  const all = [...choices, ...unknown];
  const boxes = all.map((one, at) => {
    const own = `${id}-${at}`;
    const box = element("input", { id: own, type: "checkbox" });
    box.checked = chosen.some((value) => same(value, one.value));
    box.addEventListener("change", () => {
      const others = chosen.filter((value) => !same(value, one.value));
      if (!box.checked) chosen = others;
      else if (others.length === chosen.length) chosen = [...chosen, one.value];
      left(chosen.length > 0 ? chosen : null);
    });
    return element("label", { class: "check", for: own }, box, " ", one.text);
  });
  const made = element("fieldset", { id }, element("legend", {}, label), element("div", { class: "checks" }, ...boxes));
  if (context.at.at(-1) === "languages" && chosen.length > 1) made.append(sourceLanguage(context, chosen));
  return made;
}

/** Which language is written first. */
function sourceLanguage({ id, choices, left }, chosen) {
  const own = `${id}-first`;
  const made = element("select", { id: own }, ...chosen.map((lang) => element("option", { value: lang }, choices.find((one) => one.value === lang)?.text ?? lang)));
  made.value = chosen[0];
  made.addEventListener("change", () => left([made.value, ...chosen.filter((lang) => lang !== made.value)]));
  return element("div", { class: "control" }, element("label", { for: own }, say("source-language")), made);
}

/** Kinds of periods, by the form of their codes. */
export const PERIOD_KINDS = [
  { kind: "months", word: "each-of-months", form: /^\d{4}-\d{2}$/ },
  { kind: "quarters", word: "each-of-quarters", form: /-Q\d$/ },
  { kind: "half_years", word: "each-of-half-years", form: /-H\d$/ },
  { kind: "years", word: "each-of-years", form: /^\d{4}$/ },
  { kind: "custom", word: "each-of-custom", form: null },
  { kind: "project_end", word: "each-of-project-end", form: null },
];

/** All periods of a kind, or those that are checked. */
function periods(context) {
  const { id, label, value, choices, left } = context;
  const kinds = PERIOD_KINDS.filter(({ kind, form }) => value === kind || (form !== null && choices.some((one) => form.test(one.value))));
  const select = element("select", { id }, ...kinds.map(({ kind, word }) => element("option", { value: kind }, say(word))), element("option", { value: "" }, say("these-periods")));
  select.value = typeof value === "string" ? value : "";
  const named = choices.map((one) => ({ ...one, text: periodWord(one.text) }));
  const boxes = several({ ...context, choices: named, id: `${id}-codes`, label: say("these-periods"), value: Array.isArray(value) ? value : [] });
  boxes.hidden = select.value !== "";
  select.addEventListener("change", () => {
    boxes.hidden = select.value !== "";
    if (select.value !== "") left(select.value);
  });
  return element("div", {}, labelled({ id, label }, select), boxes);
}

/** Every sheet that fits, or those that are checked. */
function sheets(context) {
  const { id, label, value, left } = context;
  const select = element("select", { id }, element("option", { value: "" }, say("not-chosen")), element("option", { value: "*" }, say("every-sheet")), element("option", { value: "these" }, say("these-sheets")));
  select.value = value === "*" ? "*" : Array.isArray(value) ? "these" : "";
  const boxes = several({ ...context, id: `${id}-names`, label: say("these-sheets"), value: Array.isArray(value) ? value : [] });
  boxes.hidden = select.value !== "these";
  select.addEventListener("change", () => {
    boxes.hidden = select.value !== "these";
    if (select.value !== "these") left(select.value || null);
  });
  return element("div", {}, labelled({ id, label }, select), boxes);
}

/** A value from outside the table: the sheet's name, a cell of the sheet, or a text. */
function given(context) {
  const { id, label, value, typed, left } = context;
  const kind = value === null ? "" : typeof value === "string" ? "text" : value.sheet ? "sheet" : "cell";
  const select = element("select", { id }, ...GIVEN.map(({ kind: own, word }) => element("option", { value: own }, say(word))));
  select.value = kind;
  const make = (text) => (select.value === "cell" ? { cell: text.trim().toUpperCase() } : text.trim());
  const own = { id: `${id}-where`, label: say("given-where"), typed, left };
  const where = input(own, { type: "text", size: "14" }, value?.cell ?? (typeof value === "string" ? value : ""), (text) => (text.trim() ? make(text) : null));
  const place = labelled(own, where);
  place.hidden = !["cell", "text"].includes(kind);
  select.addEventListener("change", () => {
    place.hidden = !["cell", "text"].includes(select.value);
    if (select.value === "") left(null);
    else if (select.value === "sheet") left({ sheet: true });
    else where.focus();
  });
  return element("div", {}, labelled({ id, label }, select), place);
}

const GIVEN = [
  { kind: "", word: "given-column" },
  { kind: "sheet", word: "given-sheet" },
  { kind: "cell", word: "given-cell" },
  { kind: "text", word: "given-text" },
];

/** What each mark means that is found in a register. */
function marks(context) {
  const { id, label, value, marks: found, left } = context;
  const written = { present: value?.present ?? [], absent: value?.absent ?? [] };
  const texts = [...new Set([...Object.keys(found ?? {}), ...written.present, ...written.absent])];
  const meaning = (text) => (written.present.includes(text) ? "present" : written.absent.includes(text) ? "absent" : "");
  const controls = texts.map((text, at) => {
    const own = `${id}-${at}`;
    const select = element("select", { id: own }, element("option", { value: "" }, say("mark-unknown")), element("option", { value: "present" }, say("mark-present")), element("option", { value: "absent" }, say("mark-absent")));
    select.value = meaning(text);
    select.addEventListener("change", () => {
      for (const list of ["present", "absent"]) written[list] = written[list].filter((one) => one !== text);
      if (select.value) written[select.value] = [...written[select.value], text];
      left(written.present.length + written.absent.length > 0 ? { present: written.present, absent: written.absent } : null);
    });
    return labelled({ id: own, label: text === "" ? say("mark-blank") : text }, select);
  });
  return element("fieldset", {}, element("legend", {}, label), element("div", { class: "checks" }, ...controls));
}

function bands(context) {
  const parse = (text) => {
    const parts = text.split(/[,;\s]+/).filter(Boolean);
    return parts.length === 0 ? null : parts.map(numberOf);
  };
  const shown = (context.value ?? context.usual ?? []).join(", ");
  return labelled(context, input(context, { type: "text" }, shown, parse));
}

function colour(context) {
  const { id, value, usual, left } = context;
  const made = element("input", { id, type: "color" });
  made.value = value ?? usual;
  made.addEventListener("change", () => left(made.value));
  const control = labelled(context, made);
  if (value !== null) {
    const reset = element("button", { type: "button", id: `${id}-usual` }, say("as-shipped"));
    reset.addEventListener("click", () => left(null));
    control.append(reset);
  }
  return control;
}

/** A date for each period that the report names. */
function days(context) {
  const { id, label, value, options, typed, left } = context;
  const dates = { ...value };
  const codes = [...new Set([...Object.keys(dates), ...(options.periods ?? []).map((one) => one.value)])];
  const inputs = codes.map((code) => {
    const keep = (text) => {
      if (text) dates[code] = { $day: text };
      else delete dates[code];
      return Object.keys(dates).length > 0 ? { ...dates } : null;
    };
    const own = { id: `${id}-${code}`, label: periodWord(code), typed, left };
    return labelled(own, input(own, { type: "date" }, dayOf(dates[code]), keep));
  });
  return element("details", { id: `${id}-all` }, element("summary", { id: `${id}-fold` }, label), element("div", { class: "checks" }, ...inputs));
}

const form = (context) => withGiven(context, "forms", ".xlsx,.docx", choice(context));

/** A file of the project, or one that is given now. */
function picture(context) {
  return withGiven(context, "images", ".svg,.png,.jpg,.jpeg", choice(context));
}

/** Beside a choice of files an input that gives another. */
export function withGiven({ id, left }, folder, accept, control) {
  const given = element("input", { id: `${id}-given`, type: "file", accept });
  const said = element("div", { role: "status" });
  given.addEventListener("change", async () => {
    const [file] = given.files;
    if (!file) return;
    const outcome = await give(folder, file);
    if (outcome?.done) left(outcome.file);
    else said.replaceChildren(...(outcome?.messages ?? [say("failed")]).map((message) => element("p", { class: "banner" }, message)));
  });
  return element("div", {}, control, element("div", { class: "control" }, element("label", { for: given.id }, say("give-file")), given), said);
}

const KINDS = { line, words, prose, day, whole: number, fraction: number, limit, flag, choice, several, periods, bands, colour, picture, form, days, sheets, given, marks, heads, parent, texts };
