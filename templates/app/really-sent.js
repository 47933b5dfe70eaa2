// Files that were really sent, chosen or dropped on the page, and kept in place of those of the last build.

import { whileBusy } from "./announce.js";
import { onDrop } from "./dropped.js";
import { refusal, shownOutcome } from "./outcome.js";
import { addressOf, canOpenFiles } from "./program.js";
import { byId, element, offer, say } from "./words.js";

const fold = byId("really-sent");
const form = byId("really-sent-form");
const unit = byId("really-sent-unit");
const input = byId("really-sent-files");
const answer = byId("really-sent-answer");

/** Offers the reports of a reading. */
export function showReallySent(units) {
  fold.hidden = !units.some(({ report }) => report);
  const reports = units.filter(({ report }) => report);
  offer(unit, reports.map(({ report, period, period_name: name }) => ({ value: JSON.stringify([report, period]), text: say("report-for", { report, period: name }) })));
}

onDrop(byId("sent"), fold, (files) => {
  fold.open = true;
  // Which report it is and when it was sent is still to be said.
  input.files = files;
  unit.focus();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  whileBusy(byId("really-sent-now"), keep);
});

async function keep() {
  const [report, period] = JSON.parse(unit.value);
  const files = [...input.files];
  const head = { report, period, date: byId("really-sent-date").value, to: byId("really-sent-to").value, files: files.map(({ name, size }) => ({ name, bytes: size })) };
  try {
    const got = await fetch(addressOf("sent"), { method: "POST", body: new Blob([`${JSON.stringify(head)}\n`, ...files]) });
    if (got.status === 413) answer.replaceChildren(element("p", { class: "banner" }, say("returned-large", { file: files.map(({ name }) => name).join(", ") })));
    else if (!got.ok) answer.replaceChildren(refusal(got.status));
    else {
      const outcome = await got.json();
      if (outcome.done) form.reset();
      // Changes are figures that were typed over in what was sent.
      answer.replaceChildren(...shownOutcome(outcome, "really-sent", canOpenFiles()));
    }
  } catch {
    answer.replaceChildren(refusal(0));
  }
}
