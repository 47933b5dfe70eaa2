// Follows the program's news and shows every new reading of the folder; nothing is loaded anew but what changed.

import { showFigures, showPeriod } from "./figures.js";
import { periodInSight, showDocuments } from "./pages.js";
import { showProblems, tally } from "./problems.js";
import { byId, say } from "./words.js";

/** How many changed figures are told in one breath. */
const TOLD = 5;

let shown = null;
let asked = 0;
let said = say("reading");

const events = new EventSource("/events");
events.onmessage = ({ data }) => {
  const news = JSON.parse(data);
  if (news.reading) {
    tell(say("reading"), "reading");
  } else if (news.revision !== shown) {
    load();
  } else {
    tell(said, shownState);
  }
};
events.onerror = () => {
  // The program may come back as another one, whose readings are counted anew.
  shown = null;
  tell(say("lost"), "lost");
};

let shownState = "reading";

async function load() {
  const turn = ++asked;
  const answer = await fetch("/state.json");
  if (!answer.ok) return;
  const state = await answer.json();
  if (turn === asked) show(state);
}

function show(state) {
  shown = state.revision;
  const { counted, problems } = state;
  showProblems(problems);
  byId("figures-old").hidden = state.counted_now || counted === null;
  byId("figures-none").hidden = counted !== null;
  byId("pages-old").hidden = state.drawn_now || state.documents.length === 0;
  byId("pages-none").hidden = state.drawn_now || state.documents.length > 0;
  showDocuments(state.documents, showPeriod);
  const changes = showFigures(counted, periodInSight());
  head(counted, problems);
  const { errors, warnings } = tally(problems);
  const words = errors + warnings > 0 ? [say("tally", { errors, warnings })] : [say("current")];
  if (changes.length > 0) {
    const more = changes.length > TOLD ? " …" : "";
    words.push(say("changed", { list: changes.slice(0, TOLD).join("; ") + more }));
  }
  said = words.join(" · ");
  shownState = errors > 0 ? "errors" : "current";
  tell(said, shownState);
}

function head(counted, problems) {
  const { errors } = tally(problems);
  const title = byId("project-title");
  if (counted) {
    title.textContent = counted.title.text;
    title.lang = counted.title.lang;
    byId("project-code").textContent = counted.code;
  }
  document.title = `${errors > 0 ? `(${errors}) ` : ""}${counted ? `${counted.code} – ` : ""}${say("name")}`;
}

function tell(words, state) {
  const status = byId("status");
  status.dataset.state = state;
  if (status.textContent !== words) status.textContent = words;
}
