// A workbook that no table is read from yet: what it seems to hold, to be taken over table by table.

import { addressOf, give, read } from "./program.js";
import { keyOf } from "./setting-file.js";
import { element, say } from "./words.js";

/** A control that adds workbooks to the project; the page sees them as it sees a save. */
export function addingWorkbook() {
  const input = element("input", { id: "give-workbook", type: "file", multiple: "", accept: ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.tsv" });
  const said = element("div", { role: "status" });
  input.addEventListener("change", async () => {
    said.replaceChildren();
    for (const file of input.files) {
      const outcome = await give("workbooks", file);
      if (!outcome?.done) said.append(...(outcome?.messages ?? [say("failed")]).map((message) => element("p", { class: "banner" }, message)));
      else said.append(element("p", { class: "done" }, say("workbook-given", { file: file.name })));
    }
    input.value = "";
  });
  return element("div", { class: "control" }, element("label", { for: input.id }, say("give-workbook")), input, said);
}

/** A fold with the tables that the workbook seems to hold. */
export function recognised(file, book, tables) {
  const id = `workbook-${book}`;
  const place = element("div", { "aria-live": "polite" });
  const made = element("details", { id, class: "card" }, element("summary", { id: `${id}-fold` }, say("recognised", { file: book })), ...file.notes(keyOf([book])), place);
  made.addEventListener("toggle", async () => {
    if (!made.open) return;
    const project = addressOf("");
    const found = await read(`recognised/${book}`);
    if (project === addressOf("")) place.replaceChildren(...(found?.tables.length > 0 ? offered(file, book, found, tables) : [element("p", { class: "quiet" }, say("recognised-nothing"))]));
  });
  return made;
}

function offered(file, book, { hash, tables: found }, tables) {
  const boxes = found.map((one) => {
    const known = tables.find(({ name }) => name === one.table);
    const box = element("input", { type: "checkbox", id: `take-${book}-${one.table}` });
    // What has rows already isn't given up by itself.
    const isFilled = known.account?.read > 0;
    box.checked = !isFilled;
    const isNone = one.sheets.length + one.sentences.length === 0;
    const about = [one.sheets.join(", "), ...one.sentences, ...one.missing, isNone ? say("recognised-none") : ""];
    if (isFilled) about.push(say("recognised-instead", { count: known.account.read }));
    const lines = about.filter(Boolean).map((text) => element("li", {}, text));
    return { one, box, item: element("li", {}, element("label", { class: "check", for: box.id }, box, " ", element("b", {}, known.group.label)), element("ul", { class: "uses" }, ...lines)) };
  });
  const button = element("button", { type: "button", class: "main", id: `take-${book}` }, say("take-over"));
  button.addEventListener("click", () => {
    const changes = boxes.filter(({ box }) => box.checked).flatMap(({ one }) => one.changes);
    if (changes.length > 0) file.write(changes, keyOf([book]), hash);
  });
  return [element("ul", { class: "taking" }, ...boxes.map(({ item }) => item)), element("p", {}, button)];
}
