// What may be put into a text, found by what it prints: chosen here, or behind `{{` in the text itself.

import { read } from "./program.js";
import { byId, element, say, spoken } from "./words.js";

/** Groups that are shown at once; a search finds the others. */
const SHOWN = 30;

/** A longer text is cut where it is only to be recognised. */
const LONGEST = 60;

const panel = byId("snippets");
const search = byId("snippet-search");
const list = byId("snippet-list");

/** The text that something is put into. */
let pane = null;
/** Groups by the place of the text and its language, each read once for a reading of the folder. */
const known = new Map();

search.addEventListener("input", () => write());
panel.addEventListener("toggle", () => panel.open && write());

export function offerSnippets(text) {
  if (pane === text) return;
  pane = text;
  write();
}

/** Values may be others now. */
export function refreshSnippets() {
  known.clear();
  // What is in sight follows when nobody is typing.
  requestIdleCallback(() => write());
}

const pathOf = ({ place, tag }) => `writing/${place.report}/${place.period}/snippets/${tag}`;

function groupsFor(text) {
  const path = pathOf(text);
  if (!known.has(path)) known.set(path, read(path).then((answer) => answer?.groups ?? []));
  return known.get(path);
}

/** All of it as choices, for the text itself. */
export async function choicesFor(text) {
  const groups = await groupsFor(text);
  return groups.flatMap((group) =>
    group.snippets.map((snippet) => {
      const printed = short(snippet.printed ?? say("no-value"));
      const label = [nameOf(snippet), group.code, short(group.title?.text ?? "")].filter(Boolean).join(" · ");
      const search = [printed, label, snippet.source, ...group.titles].join(" ").toLowerCase();
      return { printed, label, source: snippet.source, search, isField: snippet.what === "field" };
    }),
  );
}

async function write() {
  const text = pane;
  if (!text || !panel.open) return;
  const groups = await groupsFor(text);
  if (text !== pane) return;
  byId("snippet-language").textContent = say("snippets-for", { language: text.name });
  const wanted = search.value.trim().toLowerCase();
  const found = groups.map((group) => narrowed(group, wanted)).filter(Boolean);
  const items = found.slice(0, SHOWN).map((group) => groupItem(group, text));
  if (found.length > SHOWN) items.push(element("li", { class: "quiet" }, say("more-snippets", { count: found.length - SHOWN })));
  if (found.length === 0) items.push(element("li", { class: "quiet" }, say(groups.length > 0 ? "no-snippets" : "figures-none")));
  list.replaceChildren(...items);
}

/** The group with what a search finds in it; all of it where its title is found. */
function narrowed(group, wanted) {
  if (wanted === "") return group;
  const isFound = (words) => words.toLowerCase().includes(wanted);
  if (isFound([group.code, headingOf(group), ...group.titles].join(" "))) return group;
  const snippets = group.snippets.filter((snippet) => isFound(`${snippet.printed ?? ""} ${nameOf(snippet)}`));
  return snippets.length > 0 ? { ...group, snippets } : null;
}

function headingOf({ about, title }) {
  return about === "indicator" ? (title?.text ?? "") : say(GROUPS[about]);
}

function groupItem(group, text) {
  const heading = element("h4", {}, ...(group.code ? [element("span", { class: "code" }, group.code), " "] : []));
  heading.append(group.title ? spoken("span", group.title) : headingOf(group));
  const buttons = element("ul", { class: "snippet-buttons" }, ...group.snippets.map((snippet) => snippetItem(snippet, text)));
  const item = element("li", {}, heading, buttons);
  if (group.about === "indicator") item.append(moreOf(group, text, buttons));
  return item;
}

function moreOf(group, text, buttons) {
  const more = element("button", { type: "button", class: "more" }, say("more-of-indicator", { code: group.code }));
  more.addEventListener("click", async () => {
    const answer = await read(`${pathOf(text)}/${group.at}`);
    const items = (answer?.groups[0]?.snippets ?? []).map((snippet) => snippetItem(snippet, text));
    buttons.append(...items);
    more.remove();
    items[0]?.querySelector("button").focus();
  });
  return more;
}

function snippetItem(snippet, text) {
  const printed = snippet.what === "claim" ? "" : short(snippet.printed ?? say("no-value"));
  const button = element("button", { type: "button", title: snippet.source });
  if (printed) button.append(element("b", { lang: text.tag }, printed), " ");
  button.append(element("span", {}, nameOf(snippet)));
  button.addEventListener("click", () => text.editor?.insert(snippet.source));
  return element("li", {}, button);
}

const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** What a snippet says, in words. */
function nameOf({ what, which }) {
  if (what === "claim") return say("snippet-claim", { claim: say(CLAIMS[which]) });
  return say(SAYS[what], { which });
}

const GROUPS = {
  project: "snippets-project",
  activities: "snippets-activities",
  "activity-fields": "snippets-activity-fields",
  "indicator-fields": "snippets-indicator-fields",
};

const CLAIMS = {
  achieved: "claim-achieved",
  not_achieved: "claim-not-achieved",
  exceeded: "claim-exceeded",
  not_exceeded: "claim-not-exceeded",
  on_track: "claim-on-track",
  at_risk: "claim-at-risk",
  off_track: "claim-off-track",
  increased: "claim-increased",
  decreased: "claim-decreased",
  unchanged: "claim-unchanged",
  some: "claim-some",
  none: "claim-none",
};

const SAYS = {
  actual: "period",
  cumulative: "cumulative",
  served: "served",
  target: "target-total",
  "target-due": "target-due",
  "target-period": "snippet-target-period",
  progress: "progress",
  status: "status",
  baseline: "snippet-baseline",
  previous: "snippet-previous",
  change: "snippet-change",
  words: "snippet-words",
  plural: "snippet-plural",
  by: "snippet-by",
  "by-cumulative": "snippet-by-cumulative",
  share: "snippet-share",
  title: "snippet-title",
  unit: "snippet-unit",
  definition: "snippet-definition",
  comment: "snippet-comment",
  chart: "snippet-chart",
  table: "snippet-table",
  "period-start": "snippet-period-start",
  "period-end": "snippet-period-end",
  "period-name": "snippet-period-name",
  "period-range": "snippet-period-range",
  "project-title": "snippet-project-title",
  "project-start": "snippet-project-start",
  "project-end": "snippet-project-end",
  activities: "snippet-activities",
  municipalities: "snippet-municipalities",
  partners: "snippet-partners",
  donors: "snippet-donors",
  attended: "snippet-attended",
  "each-activity": "snippet-each-activity",
  "each-indicator": "snippet-each-indicator",
  field: "snippet-field",
};
