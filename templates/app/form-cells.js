// The cells of a donor's form: one is chosen by clicking on it, and a figure is put there.

import { announce } from "./announce.js";
import { order, read } from "./program.js";
import { element, say } from "./words.js";

/** Values of an indicator that a cell may take, as helpers of prose call them. */
const HELPERS = [
  { helper: "actual", word: "helper-actual" },
  { helper: "cumulative", word: "helper-cumulative" },
  { helper: "target", word: "helper-target" },
  { helper: "baseline", word: "helper-baseline" },
  { helper: "progress", word: "helper-progress" },
  { helper: "status", word: "helper-status" },
];

/** A fold with the cells of the form at this place; `indicators` to choose from, `changed` once a cell was written. */
export function formCells(at, indicators, changed) {
  const id = `form-${at}`;
  const place = element("div", {});
  const made = element("details", { id: `${id}-cells`, class: "more" }, element("summary", { id: `${id}-cells-fold` }, say("form-cells")), place);
  made.addEventListener("toggle", async () => {
    if (!made.open) return;
    const form = await read(`form/${at}`);
    if (!form) {
      place.replaceChildren(element("p", { class: "hint" }, say("form-cells-none")));
      return;
    }
    const editor = element("div", { class: "cell-editor" }, element("p", { class: "hint" }, say("form-cells-hint")));
    const choose = (address) => editor.replaceChildren(filling(id, at, address, form, indicators, changed));
    place.replaceChildren(editor, ...form.sheets.map((sheet) => grid(sheet, form.written, choose)));
  });
  return made;
}

function grid({ name, columns, rows }, written, choose) {
  const heads = columns.map((column) => element("th", { scope: "col" }, column));
  const lines = rows.map(([number, cells]) => {
    const shown = cells.map((text, at) => {
      const address = `${name}!${columns[at]}${number}`;
      const filled = written[address];
      const button = element("button", { type: "button", class: filled ? "cell filled" : "cell", "aria-label": say("form-cell", { cell: address, content: filled ?? text }) }, filled ?? text);
      button.addEventListener("click", () => choose(address));
      return element("td", {}, button);
    });
    return element("tr", {}, element("th", { scope: "row" }, String(number)), ...shown);
  });
  const head = element("thead", {}, element("tr", {}, element("th", { scope: "col" }, element("span", { class: "unseen" }, say("row-number"))), ...heads));
  const table = element("table", { class: "sheet form-sheet" }, element("caption", {}, name), head, element("tbody", {}, ...lines));
  return element("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": name }, table);
}

function filling(id, at, address, { hash, written }, indicators, changed) {
  const text = element("input", { id: `${id}-text`, type: "text", autocomplete: "off" });
  text.value = written[address] ?? "";
  const helper = element("select", { id: `${id}-helper` }, ...HELPERS.map(({ helper: name, word }) => element("option", { value: name }, say(word))));
  const indicator = element("select", { id: `${id}-indicator` }, element("option", { value: "" }, say("not-chosen")), ...indicators.map(({ value, text: title }) => element("option", { value }, title)));
  const compose = () => indicator.value && (text.value = `${helper.value} "${indicator.value}"`);
  helper.addEventListener("change", compose);
  indicator.addEventListener("change", compose);
  const said = element("div", { role: "status" });
  const put = element("button", { type: "submit", class: "main" }, say("form-put", { cell: address }));
  const clear = element("button", { type: "button" }, say("form-clear"));
  const write = async (change) => {
    const outcome = await order("settings", { based_on: hash, changes: [change] });
    const messages = outcome?.conflict ? [say("changed-elsewhere")] : (outcome?.messages ?? [say("failed")]);
    if (outcome?.done) {
      await changed();
      announce(say("saved"), true);
    }
    else said.replaceChildren(...messages.map((message) => element("p", { class: "banner" }, message)));
  };
  const form = element(
    "form",
    { id: `${id}-fill` },
    element("h4", {}, address),
    element("div", { class: "choices" }, labelled(say("form-value"), helper), labelled(say("indicator"), indicator)),
    labelled(say("form-content"), text),
    element("p", { class: "choices" }, put, ...(written[address] ? [clear] : [])),
    said,
  );
  clear.addEventListener("click", () => write({ at: ["forms", at, "cells", address], unset: null }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim()) write({ at: ["forms", at, "cells", address], set: text.value.trim() });
  });
  queueMicrotask(() => indicator.focus());
  return form;
}

const labelled = (words, control) => element("div", { class: "control" }, element("label", { for: control.id }, words), control);
