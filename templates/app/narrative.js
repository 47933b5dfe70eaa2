// Writing a report: its sections, the languages of one side by side, and what may be put in.

import { addressOfText, textOfAddress } from "./narrative-address.js";
import { showPagesOf } from "./pages.js";
import { chosen, read } from "./program.js";
import { showSectionList } from "./section-list.js";
import { offerSnippets, refreshSnippets } from "./snippets.js";
import { TextPane, isAnythingUnsaved } from "./text-pane.js";
import { byId, element, offer, say } from "./words.js";

const reportChoice = byId("writing-report");
const periodChoice = byId("writing-period");
const fold = byId("section-fold");

let reports = [];
/** The section that is edited: `<project>/<report>/<period>/<section>`. */
let standing = "";
/** By project: what was edited last, to which the way back leads. */
const last = new Map();
/** By language of the section that is edited. */
let panes = [];
/** Texts that couldn't be saved yet stay, by their section. */
const kept = new Map();
/** The text that has the focus, or had it last. */
let lookedAt = null;
/** The first words of each text as it is printed, by its language. */
let begins = new Map();
/** The latest of several requests counts. */
let request = 0;

// On a telephone the sections are unfolded when they are wanted.
const isWide = matchMedia("(min-width: 48rem)");
fold.open = isWide.matches;
byId("editor-hint").textContent = say("editor-hint");
byId("section-list").addEventListener("click", () => (fold.open = isWide.matches));
reportChoice.addEventListener("change", () => goTo({ report: reportChoice.value }));
periodChoice.addEventListener("change", () => goTo({ report: reportChoice.value, period: periodChoice.value, section: textOfAddress().section }));
addEventListener("beforeunload", (event) => {
  if (isAnythingUnsaved()) event.preventDefault();
});

function goTo(text) {
  location.hash = addressOfText(chosen(), text);
}

/** Shows what an address names that was just opened. What was edited before isn't seen while that is fetched. */
export function openWriting() {
  const { report, period, section } = namedText();
  if (keyOf(report, period, section) !== standing) leave();
  return showWriting();
}

/** Shows what the address names, as the program has it now. */
async function showWriting() {
  const mine = ++request;
  const isOutdated = () => mine !== request || document.body.dataset.view !== "writing";
  const choices = await read("writing");
  if (isOutdated()) return;
  reports = choices?.reports ?? [];
  byId("writing-none").hidden = reports.length > 0;
  byId("desk").hidden = reports.length === 0;
  if (reports.length === 0) return;
  const { report, period } = choose();
  const list = await read(`writing/${report}/${period}`);
  if (isOutdated() || !list) return;
  const wanted = namedText().section;
  const section = list.sections.some(({ id }) => id === wanted) ? wanted : list.sections[0]?.id;
  const href = (id) => addressOfText(chosen(), { report, period, section: id });
  showSectionList(list, section, href);
  if (section) await showSection(report, period, section, isOutdated);
}

/** A new reading of the folder: marks, words and values follow; what is typed stays. */
export function followWriting() {
  refreshSnippets();
  return showWriting();
}

/** What the address names; what was edited last, where it names nothing. */
function namedText() {
  const named = textOfAddress();
  return named.report === "" ? (last.get(chosen()) ?? named) : named;
}

/** The report and period of the address, else the first; both choices show them. */
function choose() {
  const named = namedText();
  const report = reports.find(({ name }) => name === named.report) ?? reports[0];
  const period = report.periods.find(({ code }) => code === named.period) ?? report.periods[0];
  offer(reportChoice, reports.map(({ name }) => ({ value: name, text: name })));
  offer(periodChoice, report.periods.map(({ code, name }) => ({ value: code, text: `${code} · ${name}` })));
  reportChoice.value = report.name;
  periodChoice.value = period?.code ?? "";
  return { report: report.name, period: period?.code ?? "" };
}

const keyOf = (report, period, section) => [chosen(), report, period, section].join("/");

async function showSection(report, period, section, isOutdated) {
  const key = keyOf(report, period, section);
  if (key !== standing) leave();
  const marks = panes.map((pane) => pane.epoch);
  const view = await read(`writing/${report}/${period}/sections/${section}`);
  if (isOutdated() || !view) return;
  head(view.rules);
  if (key !== standing) {
    standing = key;
    last.set(chosen(), { report, period, section });
    panes = kept.get(key) ?? view.texts.map((text) => new TextPane({ report, period, section }, text));
    kept.delete(key);
    byId("panes").replaceChildren(...panes.map((pane) => pane.element));
    panes.forEach((pane) => pane.onFocus(() => lookAt(pane)));
    panes.forEach((pane) => pane.onState(keepInList));
    offerSnippets(panes[0]);
    panes.forEach((pane, at) => pane.show(view.texts[at], view, panes));
    goToNamedPlace();
  } else {
    panes.forEach((pane, at) => pane.epoch === marks[at] && pane.show(view.texts[at], view, panes));
  }
  begins = new Map(view.texts.map((text) => [text.language.tag, text.begins]));
  showPages();
}

/** The language that is written in: its page is shown beside, its figures are offered. */
function lookAt(pane) {
  offerSnippets(pane);
  if (lookedAt === pane) return;
  lookedAt = pane;
  showPages();
}

function showPages() {
  const pane = panes.includes(lookedAt) ? lookedAt : (panes.find(({ tag }) => tag === textOfAddress().language) ?? panes.find(({ tag }) => begins.get(tag)) ?? panes[0]);
  if (pane) showPagesOf(pane.place.report, pane.place.period, pane.tag, begins.get(pane.tag));
}

/** Saves the open texts; what can't be saved now is kept. */
function leave() {
  panes.forEach((pane) => pane.save());
  if (panes.some((pane) => pane.isUnsaved())) kept.set(standing, panes);
  panes = [];
  standing = "";
  byId("panes").replaceChildren();
}

/** Texts of another section that were saved meanwhile needn't be kept any more. */
function keepInList() {
  for (const [key, texts] of kept) {
    if (texts.every((pane) => !pane.isUnsaved())) kept.delete(key);
  }
}

function head({ heading, asks, word_limit: words, char_limit: characters, required }) {
  const title = byId("section-title");
  title.textContent = heading;
  title.hidden = false;
  const rules = [];
  if (required) rules.push(say("section-required"));
  if (words !== null) rules.push(say("word-limit", { limit: words }));
  if (characters !== null) rules.push(say("char-limit", { limit: characters }));
  byId("section-rules").textContent = rules.join(" · ");
  byId("section-asks").replaceChildren(...(asks ? [element("b", {}, say("section-asks")), ` ${asks}`] : []));
}

function goToNamedPlace() {
  const { language, line } = textOfAddress();
  if (line > 0) panes.find((pane) => pane.tag === language)?.goToLine(line);
}
