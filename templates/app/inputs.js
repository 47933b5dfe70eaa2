// A control with its label, and an input whose text becomes a value.

import { element } from "./words.js";

export const labelled = ({ id, label }, control) => element("div", { class: "control" }, element("label", { for: id }, label), control);

/** An input whose text `parse` turns into a value; `typed` gets it with every letter, `left` when it is meant. */
export function input({ id, typed, left }, attributes, text, parse) {
  const made = element("input", { id, autocomplete: "off", ...attributes });
  made.value = text;
  made.addEventListener("input", () => typed(parse(made.value)));
  made.addEventListener("change", () => left(parse(made.value)));
  return made;
}

/** A choice of texts, with one for none; a value that isn't among them is offered too. */
export function select({ id, label }, choices, value, none, chosen) {
  const all = value === null || choices.some((one) => one.value === value) ? choices : [...choices, { value, text: value }];
  const made = element("select", { id }, element("option", { value: "" }, none), ...all.map((one) => element("option", { value: one.value }, one.text)));
  made.value = value ?? "";
  made.addEventListener("change", () => chosen(made.value || null));
  return labelled({ id, label }, made);
}
