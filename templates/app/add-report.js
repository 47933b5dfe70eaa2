// A report in a few choices: its form, its period and its languages.

import { whileBusy } from "./announce.js";
import { PERIOD_KINDS } from "./controls.js";
import { element, periodWord, say } from "./words.js";

export function addingReport(options, add) {
  const profile = element("select", { id: "new-report-profile" }, ...(options.profiles ?? []).map(({ value, text }) => element("option", { value }, text)));
  const codes = options.periods ?? [];
  const kinds = PERIOD_KINDS.filter(({ form }) => form !== null && codes.some(({ value }) => form.test(value)));
  const period = element(
    "select",
    { id: "new-report-period" },
    ...codes.map(({ value }) => element("option", { value: JSON.stringify([value]) }, periodWord(value))),
    ...kinds.map(({ kind, word }) => element("option", { value: JSON.stringify(kind) }, say(word))),
    element("option", { value: "" }, say("other-days")),
  );
  period.value = JSON.stringify(["project"]);
  const [first, last] = ["start", "end"].map((name) => element("input", { type: "date", id: `new-report-${name}` }));
  const days = element("p", { class: "choices" }, element("label", {}, `${say("first-day")} `, first), element("label", {}, `${say("last-day")} `, last));
  days.hidden = true;
  period.addEventListener("change", () => {
    days.hidden = period.value !== "";
    first.required = last.required = !days.hidden;
  });
  const boxes = (options.documents ?? []).map(({ value, text }, at) => {
    const box = element("input", { type: "checkbox", id: `new-report-document-${at}` });
    box.checked = value.length === 1;
    return { value, box, label: element("label", { class: "check", for: box.id }, box, " ", text) };
  });
  const button = element("button", { type: "submit", class: "main", id: "add-report-now" }, say("add-report"));
  const form = element(
    "form",
    { id: "add-report-form" },
    element("div", { class: "control" }, element("label", { for: profile.id }, say("report-form")), profile),
    element("div", { class: "control" }, element("label", { for: period.id }, say("report-period")), period),
    days,
    element("fieldset", {}, element("legend", {}, say("report-documents")), element("div", { class: "checks" }, ...boxes.map(({ label }) => label))),
    element("p", {}, button),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const documents = boxes.filter(({ box }) => box.checked).map(({ value }) => value);
    const when = period.value === "" ? { days: [first.value, last.value] } : { periods: JSON.parse(period.value) };
    whileBusy(button, () => add({ profile: profile.value, documents, ...when }));
  });
  return element("details", { id: "add-reports", class: "adding" }, element("summary", { id: "add-reports-fold" }, say("add-report")), element("p", { class: "hint" }, say("add-report-hint")), form);
}
