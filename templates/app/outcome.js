// What came of a job: how it ended in words, what is wrong as under Problems, and the figures that changed.

import { problemSections } from "./problems.js";
import { element, quoting, say } from "./words.js";

/** How many changed figures are listed. */
const TOLD = 40;

/** Problems whose rows are shown without being asked for. */
const SHOWN_AT_ONCE = 1;

/** The outcome of a job as elements. Its ids begin with `of`, since the same problems may be under Problems too. */
export function shownOutcome({ done, messages, problems, changes }, of, canOpen) {
  const groups = problems ?? [];
  const kind = !done ? "banner" : groups.length > 0 ? "banner fair" : "done";
  const said = messages.map((message) => element("p", { class: kind }, ...quoting(message)));
  let atOnce = SHOWN_AT_ONCE;
  const sections = problemSections(groups, { revision: () => "work", of: `${of}-`, canOpen, at_once: () => atOnce-- > 0 });
  const changed = changes.length > 0 ? [element("h3", {}, say("figures-changed")), changeList(changes)] : [];
  return [...said, ...sections, ...changed];
}

export function changeList(changes) {
  const lines = changes.slice(0, TOLD).map((change) => element("li", {}, change));
  if (changes.length > TOLD) lines.push(element("li", {}, say("more-changes", { count: changes.length - TOLD })));
  return element("ul", { class: "changes" }, ...lines);
}

/** That the program did nothing, by the number of its answer. */
export const refusal = (status) => element("p", { class: "banner" }, say(status === 409 ? "busy" : "failed"));
