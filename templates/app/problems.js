// Problems by what has to be done: errors first, warnings and notes folded away.

import { keepingFocus } from "./announce.js";
import { deciding } from "./decisions.js";
import { addressOfText, sectionOf } from "./narrative-address.js";
import { chosen, order } from "./program.js";
import { sheetOf } from "./sheet.js";
import { byId, element, quoting, say } from "./words.js";

/** Errors whose rows are shown without being asked for. */
const SHOWN_AT_ONCE = 3;

let shown = "";
/** The latest reading: problems that are the same as before are at the same places in it. */
let latest = 0;

export function showProblems(groups, revision, canOpen) {
  // What is the same stays as it is, with what a reader has unfolded in it.
  latest = revision;
  const now = JSON.stringify(groups);
  if (now === shown) return;
  shown = now;
  const list = byId("problem-list");
  const unfolded = new Set([...list.querySelectorAll("details[open]")].map((details) => details.id));
  const of = (level) => groups.filter((group) => group.level === level);
  const options = { revision: () => latest, canOpen, of: "", decides: true };
  let atOnce = SHOWN_AT_ONCE;
  const errors = of("error").map((group) => section(group, { ...options, at_once: () => atOnce-- > 0 }));
  const folded = ["warning", "note"].map((level) => fold(level, of(level), { ...options, at_once: () => false }));
  const [warnings] = folded;
  // A note is no problem.
  const none = errors.length === 0 && !warnings ? [element("p", { class: "quiet" }, say("no-problems"))] : [];
  keepingFocus(list, () => {
    list.replaceChildren(...none, ...errors, ...folded.filter(Boolean));
    for (const details of list.querySelectorAll("details")) details.open = unfolded.has(details.id);
  });
}

/** Problems by what has to be done, where they aren't those of the reading: `of` begins the ids, `revision` is where their
 * cells are found, as a function. Nothing is decided about them here. */
export const problemSections = (groups, options) => groups.map((group) => section(group, { ...options, decides: false }));

/** How many there are. */
export function tally(groups) {
  const count = (level) => groups.filter((group) => group.level === level).reduce((sum, group) => sum + group.count, 0);
  return { errors: count("error"), warnings: count("warning") };
}

function fold(level, groups, options) {
  if (groups.length === 0) return null;
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const summary = element("summary", { id: `fold-${level}` }, say(level === "warning" ? "warnings" : "notes", { count }));
  return element("details", { id: `all-${level}`, class: "fold" }, summary, ...groups.map((group) => section(group, options)));
}

/** One kind of problem: its remedy once, and its cells. */
function section(group, options) {
  const times = group.count > 1 ? ` ×${group.count}` : "";
  const level = element("strong", { class: "level" }, `${say(group.level)}${times}`);
  const items = group.problems.map((problem) => item(group, problem, options));
  const made = element("div", { class: `problem ${group.level}`, role: "group", "aria-label": `${say(group.level)}${times}` }, element("p", {}, level));
  // Of one problem it is read after what is wrong, of several before.
  if (group.help && items.length > 1) made.append(remedy(group.help));
  made.append(element("ul", { class: "cells" }, ...items));
  return made;
}

const remedy = (help) => element("p", { class: "help" }, element("b", {}, say("remedy")), " ", ...quoting(help));

/** Kinds of problems that something may be decided about; the program says what. */
const isDecided = ({ level, code }) => level === "error" || ["probable-duplicate", "unread-evidence"].includes(code);

function item(group, problem, options) {
  const made = element("li", {}, element("p", { class: "message" }, ...quoting(problem.message)));
  const places = problem.places.map((place, at) => element("li", {}, ...placeOf(group, problem, place, at, options)));
  if (problem.places.length > 0 && problem.count > problem.places.length) {
    places.push(element("li", {}, say("more-places", { count: problem.count - problem.places.length })));
  }
  const help = problem.help ?? (group.problems.length === 1 ? group.help : null);
  if (help) made.append(remedy(help));
  if (problem.instead) made.append(element("p", { class: "instead" }, `${say("instead")} `, element("code", {}, problem.instead)));
  if (places.length > 0) made.append(element("ul", { class: "places" }, ...places));
  // A text is mended, never accepted as it is.
  const isText = problem.places.some(({ file }) => sectionOf(file));
  if (options.decides && isDecided(group) && !isText) made.append(deciding(options.revision, problem.at, `${group.code}-${problem.at}`));
  return made;
}

/** `participants.xlsx, sheet Attendance, cell B17`, and the rows around it. */
function placeOf(group, problem, place, at, { revision, canOpen, of, at_once }) {
  const { file, sheet, cell, line } = place;
  const parts = [element("b", {}, file)];
  if (sheet) parts.push(", ", say("sheet", { sheet }));
  if (cell) parts.push(", ", element("b", {}, say("cell", { cell })));
  if (line) parts.push(", ", element("b", {}, say("line", { line })));
  const text = sectionOf(file);
  if (text) parts.push(" ", element("a", { href: addressOfText(chosen(), { ...text, line: line?.split(":")[0] }) }, say("write-here")));
  const id = `${of}${group.code}-${problem.at}-${at}`;
  if (canOpen) parts.push(" ", opener(file, id));
  if (cell) parts.push(unfoldingSheet(() => `cells/${revision()}/${problem.at}/${at}`, cell, id, at === 0 && at_once()));
  return parts;
}

function unfoldingSheet(path, cell, id, isOpen) {
  const target = element("div", { id: `sheet-${id}`, class: "sheet-place" });
  const button = element("button", { type: "button", id: `show-${id}`, "aria-controls": target.id, "aria-expanded": "false" });
  button.append(say("show-sheet", { cell }));
  const unfold = async () => {
    const willShow = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(willShow));
    target.replaceChildren(...(willShow ? [await sheetOf(path(), cell)] : []));
  };
  button.addEventListener("click", unfold);
  if (isOpen) unfold();
  return element("div", {}, button, target);
}

function opener(file, id) {
  const button = element("button", { type: "button", id: `open-${id}` }, say("open-file", { file }));
  button.addEventListener("click", async () => {
    const outcome = await order("open", { file });
    if (!outcome?.done) button.replaceWith(element("span", { class: "quiet" }, say("open-failed", { file })));
  });
  return button;
}
