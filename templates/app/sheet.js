// The rows around a cell as a small sheet, the cell marked.

import { read } from "./program.js";
import { element, say } from "./words.js";

export async function sheetOf(path, cell) {
  const sheet = await read(path);
  if (!sheet) return element("p", { class: "quiet" }, say("sheet-gone"));
  const heads = sheet.columns.map(({ name, heading }) => {
    const head = element("th", { scope: "col" }, element("span", { class: "letter" }, name));
    if (heading) head.append(element("span", { class: "heading" }, heading));
    return head;
  });
  const table = element(
    "table",
    { class: "sheet" },
    element("caption", {}, say("sheet-around", { cell })),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, element("span", { class: "unseen" }, say("row-number"))), ...heads)),
    element("tbody", {}, ...sheet.rows.map(row)),
  );
  const made = element("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": say("sheet-around", { cell }) }, table);
  const hasHidden = sheet.rows.some(({ cells }) => cells.includes(null));
  return element("div", {}, made, ...(hasHidden ? [element("p", { class: "overline" }, say("sheet-hidden"))] : []));
}

function row({ number, cells, faulty }) {
  const shown = cells.map((text, at) => {
    if (text === null) return element("td", { class: "hidden-cell" }, element("span", { "aria-label": say("hidden-cell"), role: "img" }, "…"));
    if (at !== faulty) return element("td", {}, text);
    const mark = element("mark", {}, text || "\u00a0", element("span", { class: "unseen" }, ` (${say("faulty-cell")})`));
    return element("td", { class: "faulty" }, mark);
  });
  faulty !== null && cells[faulty] === null && shown[faulty].classList.add("faulty");
  return element("tr", {}, element("th", { scope: "row" }, String(number)), ...shown);
}
