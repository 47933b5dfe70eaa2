// Follows the program's news and shows every new reading of the folders; nothing is loaded anew but what changed.

import { showBeginning } from "./begin.js";
import "./end.js";
import { showFigures, showPeriod } from "./figures.js";
import { showChapter } from "./guide.js";
import "./language.js";
import { followWriting, openWriting } from "./narrative.js";
import { showOutputs, showProgress } from "./outputs.js";
import { periodInSight, showDocuments } from "./pages.js";
import { showProblems, tally } from "./problems.js";
import { allowOpening, canOpenFiles, choose, chosen, read } from "./program.js";
import { showProjects } from "./project-list.js";
import { showReallySent } from "./really-sent.js";
import "./returned.js";
import { showSent } from "./sent.js";
import { expectSettings, showSettings } from "./settings.js";
import { expectTables, showTables } from "./tables.js";
import { byId, say } from "./words.js";

/** How many changed figures are told in one breath. */
const TOLD = 3;

const VIEWS = ["problems", "figures", "writing", "pages", "outputs", "sent", "tables", "settings"];

let list = { projects: [], can_open_files: false, can_begin: false };
/** Whether the program has sent the list of projects. */
let isListed = false;
/** The reading of the project that is shown. */
let shown = null;
let said = say("reading");
let saidState = "reading";
/** News came while the last was still fetched. */
let more = false;
let busy = false;

const events = new EventSource("events");
events.onmessage = () => follow();
events.onerror = () => tell(say("lost"), "lost");
addEventListener("ended", () => events.close());
addEventListener("hashchange", () => {
  const before = document.body.dataset.view;
  route();
  // A reading that came while something else was in sight is drawn now.
  if (document.body.dataset.view === "writing") openWriting();
  else if (before === "writing" && shown?.id === chosen()) fill(true);
  follow();
});

/** Fetches what is new, one time after another. */
async function follow() {
  more = true;
  if (busy) return;
  busy = true;
  try {
    while (more) {
      more = false;
      await refresh();
    }
  } catch {
    tell(say("lost"), "lost");
  } finally {
    busy = false;
  }
}

async function refresh() {
  const answer = await fetch("projects.json");
  if (!answer.ok) return;
  list = await answer.json();
  isListed = true;
  allowOpening(list.can_open_files);
  route();
  showProjects(list.projects);
  byId("to-begin").hidden = !list.can_begin;
  byId("to-list").hidden = (list.projects.length < 2 && !list.can_begin) || document.body.dataset.view === "list";
  if (document.body.dataset.view === "begin") await showBeginning();
  const project = list.projects.find(({ id }) => id === chosen());
  if (!project) {
    const reading = list.projects.some((one) => one.reading);
    if (reading) tell(say("reading"), "reading");
    else tell(...standing(inAll(list.projects)));
    return;
  }
  showProgress(project.work);
  if (project.revision !== shown?.revision || shown?.id !== project.id) {
    const state = await read("state.json");
    if (state && project.id === chosen()) show(project, state);
  }
  if (document.body.dataset.view === "settings") await showSettings(project.id);
  if (document.body.dataset.view === "tables") await showTables(project.id, shown?.state);
  if (project.reading) tell(say("reading"), "reading");
  else tell(said, saidState);
}

/** How many problems all projects have together. */
function inAll(projects) {
  const sum = (level) => projects.reduce((all, project) => all + project[level], 0);
  return { errors: sum("errors"), warnings: sum("warnings") };
}

/** How many problems there are in words, and the state that colours them. */
function standing({ errors, warnings }) {
  const words = errors + warnings > 0 ? say("tally", { errors, warnings }) : say("current");
  return [words, errors > 0 ? "errors" : warnings > 0 ? "warnings" : "current"];
}

function show(project, state) {
  const isSame = shown?.id === project.id;
  shown = { id: project.id, revision: state.revision, state };
  const { counted, problems } = state;
  head(project, counted, problems);
  const [count, colour] = standing(tally(problems));
  const words = [count];
  const changes = fill(isSame);
  if (changes.length > 0) {
    const rest = changes.length > TOLD ? " …" : "";
    words.push(say("changed", { list: changes.slice(0, TOLD).join("; ") + rest }));
  }
  said = words.join(" · ");
  saidState = colour;
}

/** Draws what is in sight of the reading; gives the figures that differ from the one before. */
function fill(isSame) {
  const { state } = shown;
  const { counted, problems } = state;
  const { view } = document.body.dataset;
  byId("pages-old").hidden = state.drawn_now || state.documents.length === 0;
  byId("pages-none").hidden = state.drawn_now || state.documents.length > 0;
  showDocuments(state.documents, showPeriod);
  if (view === "writing") {
    followWriting();
    return [];
  }
  showProblems(problems, state.revision, canOpenFiles());
  byId("figures-old").hidden = state.counted_now || counted === null;
  byId("figures-none").hidden = counted !== null;
  const changes = showFigures(counted, periodInSight(), isSame);
  showOutputs(state);
  showSent(state.sent, counted !== null);
  showReallySent(state.units);
  return changes;
}

function head(project, counted, problems) {
  const { errors } = tally(problems);
  const title = byId("project-title");
  const named = counted?.title ?? project.title ?? { text: project.folder, lang: "" };
  title.textContent = named.text;
  title.lang = named.lang || document.documentElement.lang;
  byId("project-code").textContent = project.code;
  byId("problem-count").textContent = errors > 0 ? String(errors) : "";
  document.title = `${errors > 0 ? `(${errors}) ` : ""}${project.code || project.folder} – ${say("name")}`;
}

/** Shows what the address names: `#<project>/<view>`; of a single project its problems, else the list. */
function route() {
  const [id, wanted] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (id === "content") return;
  const only = list.projects.length === 1 && !["begin", "list"].includes(id) ? list.projects[0] : null;
  const project = list.projects.find((one) => one.id === id) ?? only;
  const isBeginning = id === "begin" || (isListed && list.projects.length === 0 && list.can_begin);
  // The address keeps saying so when a project is there.
  if (isBeginning && id !== "begin") history.replaceState(null, "", "#begin");
  const view = project ? (VIEWS.includes(wanted) ? wanted : "problems") : isBeginning ? "begin" : "list";
  choose(project?.id ?? null);
  if (project) {
    expectSettings(project.id);
    expectTables(project.id);
  }
  byId("views").hidden = !project;
  document.body.dataset.view = view;
  showChapter(view);
  for (const section of document.querySelectorAll("[data-view]")) {
    if (section !== document.body) section.hidden = !isSeen(section.dataset.view, view);
  }
  for (const link of document.querySelectorAll("[data-to]")) {
    link.href = `#${project?.id}/${link.dataset.to}`;
    if (link.dataset.to === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!project) {
    byId("project-title").textContent = say("name");
    byId("project-title").lang = document.documentElement.lang;
    byId("project-code").textContent = "";
    document.title = say("name");
  }
}

/** Pages stand beside problems and figures where there is room; the style says where. */
const isSeen = (own, view) => own === view || (own === "pages" && ["problems", "figures", "writing"].includes(view));

function tell(words, state) {
  const status = byId("status");
  status.dataset.state = state;
  if (status.textContent !== words) status.textContent = words;
}
