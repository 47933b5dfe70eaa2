// The rows behind a figure.

import { element, quoting, say, spoken } from "./words.js";

/** What is shown of one figure's evidence. */
export function evidence({ code, scope, value }, { parts }) {
  const made = [element("h3", {}, say("evidence", { code, scope: say(scope), value }))];
  for (const part of parts) {
    if (parts.length > 1) {
      made.push(element("h4", {}, `${part.code} `, spoken("span", part.title), `: ${part.value}`));
    }
    made.push(...ofPart(part));
  }
  return made;
}

function ofPart(part) {
  const made = [element("p", { class: "counting" }, element("code", {}, part.calculation))];
  if (part.condition) made[0].append(" · ", say("condition", { where: part.condition }));
  if (part.groups.length > 0) {
    made.push(element("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": counted(part) }, table(part)));
  } else {
    made.push(element("p", {}, say("no-rows")));
  }
  if (part.of_groups > part.groups.length) {
    const command = `donor-report explain … ${part.code}`;
    made.push(element("p", {}, say("more-rows", { shown: part.groups.length, count: part.of_groups, command })));
  }
  if (part.left_out.length > 0) {
    const lines = part.left_out.map(({ why, rows }) => element("li", {}, ...quoting(`${rows}: ${why}`)));
    made.push(element("p", { class: "overline" }, say("rows-left-out")), element("ul", { class: "left-out" }, ...lines));
  }
  return made;
}

const counted = (part) => say("rows-that-count", { count: part.rows });

function table(part) {
  const withValues = part.groups.some((group) => group.value !== null);
  const heads = ["activity", "date", ...(withValues ? ["value"] : []), "file", "sheet-heading", "rows"];
  const head = element("tr", {}, ...heads.map((word) => element("th", { scope: "col" }, say(word))));
  return element(
    "table",
    {},
    element("caption", {}, counted(part)),
    element("thead", {}, head),
    element("tbody", {}, ...part.groups.map((group) => row(group, withValues))),
  );
}

function row(group, withValues) {
  const name = element("th", { scope: "row" }, group.activity || say("absent"));
  if (group.title) name.append(" ", spoken("span", group.title, { class: "title" }));
  const cells = [group.day, ...(withValues ? [group.value ?? ""] : []), group.file, group.sheet ?? "", group.rows];
  return element("tr", {}, name, ...cells.map((text) => element("td", {}, text)));
}
