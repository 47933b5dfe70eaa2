// In what a row of a table counts, and why not elsewhere.

import { read } from "./program.js";
import { byId, element, offer, quoting, say, spoken } from "./words.js";

let revision = 0;

export function showSheets(counted) {
  revision = counted.revision;
  offer(byId("row-sheet"), counted.sheets.map((text, value) => ({ value, text })));
}

byId("row-question").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await read(`rows/${revision}/${byId("row-sheet").value}/${byId("row-number").value}`);
  byId("row-answer").replaceChildren(...(answer ? [element("p", { class: "overline" }, say("row-answer", answer)), uses(answer)] : []));
});

function uses({ indicators }) {
  return element("ul", { class: "uses" }, ...indicators.map(use));
}

function use({ code, title, counts, why }) {
  const word = element("b", { class: counts ? "counts" : "quiet" }, say(counts ? "row-counts" : "row-counts-not"));
  const made = element("li", {}, element("span", { class: "code" }, code), " ", spoken("span", title), " · ", word);
  if (why) made.append(...quoting(`: ${why}`));
  return made;
}
