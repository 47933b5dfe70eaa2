// Problems by cell: errors first, then warnings; notes folded away.

import { byId, element, say } from "./words.js";

let shown = "";

export function showProblems(problems) {
  // What is the same stays as it is, with what a reader has unfolded in it.
  const now = JSON.stringify(problems);
  if (now === shown) return;
  shown = now;
  const list = byId("problem-list");
  const unfolded = list.querySelector("details")?.open ?? false;
  const [notes, others] = [problems.filter(isNote), problems.filter((problem) => !isNote(problem))];
  list.replaceChildren(
    others.length > 0 ? element("ul", {}, ...others.map(item)) : element("p", { class: "quiet" }, say("no-problems")),
  );
  if (notes.length > 0) {
    const folded = element("details", {}, element("summary", {}, say("notes", { count: notes.length })));
    folded.append(element("ul", {}, ...notes.map(item)));
    folded.open = unfolded;
    list.append(folded);
  }
}

/** How many there are, in words. */
export function tally(problems) {
  const count = (level) => problems.filter((problem) => problem.level === level).length;
  return { errors: count("error"), warnings: count("warning") };
}

const isNote = (problem) => problem.level === "note";

function item(problem) {
  const times = problem.count > 1 ? ` ×${problem.count}` : "";
  const made = element(
    "li",
    { class: `problem ${problem.level}` },
    element("p", {}, element("strong", { class: "level" }, say(problem.level)), " ", problem.message, times),
  );
  const places = problem.places.map((place) => element("li", {}, ...whereabouts(place)));
  if (problem.places.length > 0 && problem.count > problem.places.length) {
    places.push(element("li", {}, say("more-places", { count: problem.count - problem.places.length })));
  }
  if (places.length > 0) made.append(element("ul", { class: "places" }, ...places));
  if (problem.excerpt.length > 0) made.append(excerpt(problem.excerpt));
  if (problem.help) made.append(element("p", { class: "help" }, element("b", {}, say("remedy")), " ", problem.help));
  return made;
}

/** `participants.xlsx, sheet Attendance, cell B17` */
function whereabouts({ file, sheet, cell, line }) {
  const parts = [element("b", {}, file)];
  if (sheet) parts.push(", ", say("sheet", { sheet }));
  if (cell) parts.push(", ", element("b", {}, say("cell", { cell })));
  if (line) parts.push(", ", element("b", {}, say("line", { line })));
  return parts;
}

function excerpt(cells) {
  const written = cells.map(({ column, value, faulty }) =>
    element("span", {}, column, " ", faulty ? element("mark", {}, value || say("absent")) : value),
  );
  return element("p", { class: "excerpt" }, ...written);
}
