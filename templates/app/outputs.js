// Building, the files that came of it, and keeping a report as sent.

import { isBusy, keepingFocus, setBusy, whileBusy } from "./announce.js";
import { changeList, refusal, shownOutcome } from "./outcome.js";
import { addressOf, canOpenFiles, order } from "./program.js";
import { byId, element, say } from "./words.js";

const KIB = 1024;

let shown = "";

export function showOutputs({ units, up_to_date, waiting }) {
  byId("outputs-state").textContent = say(up_to_date ? "outputs-current" : "outputs-old");
  byId("waiting").hidden = waiting.length === 0;
  byId("waiting-count").textContent = say("figures-waiting", { count: waiting.length });
  byId("waiting-list").replaceChildren(changeList(waiting));
  const now = JSON.stringify([addressOf(""), units]);
  if (now === shown) return;
  shown = now;
  const list = byId("unit-list");
  const unfolded = new Set([...list.querySelectorAll("details[open]")].map((details) => details.id));
  keepingFocus(list, () => {
    list.replaceChildren(...units.map(unit));
    for (const details of list.querySelectorAll("details")) details.open = unfolded.has(details.id);
  });
}

/** How far the program is with what it was told to do. */
export function showProgress(work) {
  byId("building").hidden = !work;
  setBusy(byId("build"), Boolean(work));
  if (!work) return;
  const bar = byId("build-progress");
  const isCounted = work.to_make > 0;
  byId("build-label").textContent = isCounted ? say("building", { made: work.made, all: work.to_make }) : say("working");
  if (isCounted) {
    bar.max = work.to_make;
    bar.value = work.made;
  } else {
    bar.removeAttribute("value");
  }
}

byId("build").addEventListener("click", async () => {
  if (isBusy(byId("build"))) return;
  const place = byId("outcome");
  place.replaceChildren();
  const outcome = await order("build", {}, (status) => place.replaceChildren(refusal(status)));
  if (outcome) place.replaceChildren(...shownOutcome(outcome, "built", canOpenFiles()));
});

function unit({ name, report, period, period_name, files }) {
  const title = report ? say("report-for", { report, period: period_name }) : name;
  const made = element("li", { class: "card" }, element("h3", {}, title), element("ul", { class: "files" }, ...files.map(file)));
  if (report && files.every(({ bytes }) => bytes !== null)) made.append(keeping(report, period));
  return made;
}

function file({ path, name, bytes }) {
  if (bytes === null) return element("li", { class: "quiet" }, `${name} · ${say("not-built")}`);
  const isPdf = name.endsWith(".pdf");
  const attributes = { href: addressOf(`outputs/${path}`), ...(isPdf ? { target: "_blank", rel: "noopener" } : { download: name }) };
  const link = element("a", attributes, say(isPdf ? "open-pdf" : "save-file", { file: name }));
  return element("li", {}, link, " ", element("span", { class: "unit" }, say("kibibytes", { count: Math.ceil(bytes / KIB) })));
}

/** The form by which a report is kept as sent. */
function keeping(report, period) {
  const id = `keep-${period}-${report}`;
  const date = element("input", { type: "date", id: `${id}-date` });
  const to = element("input", { type: "text", id: `${id}-to`, autocomplete: "off" });
  const button = element("button", { type: "submit", id: `${id}-now` }, say("keep-now"));
  const said = element("div", { role: "status" });
  const form = element(
    "form",
    {},
    element("p", {}, say("keep-hint")),
    element("p", { class: "choices" }, element("label", {}, `${say("keep-date")} `, date), element("label", {}, `${say("keep-to")} `, to), button),
  );
  const keep = async () => {
    const outcome = await order("submit", { report, period, date: date.value, to: to.value }, (status) => said.replaceChildren(refusal(status)));
    if (outcome) said.replaceChildren(...shownOutcome({ ...outcome, changes: [] }, id, canOpenFiles()));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(button, keep);
  });
  return element("details", { id }, element("summary", { id: `${id}-fold` }, say("keep-as-sent")), form, said);
}
