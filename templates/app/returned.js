// A Word file that came back, dropped on the page: which figures, sentences and comments in it are others.

import { onDrop } from "./dropped.js";
import { addressOfText, sectionOf } from "./narrative-address.js";
import { addressOf, chosen } from "./program.js";
import { byId, element, say } from "./words.js";

const input = byId("returned-file");
const answer = byId("returned-answer");

input.addEventListener("change", () => {
  if (input.files[0]) review(input.files[0]);
  input.value = "";
});
onDrop(byId("writing"), byId("returned"), ([file]) => review(file));

async function review(file) {
  const said = (...children) => {
    answer.replaceChildren(...children);
    answer.scrollIntoView({ block: "nearest" });
  };
  said(element("p", {}, say("returned-reading", { file: file.name })));
  try {
    const headers = { "Content-Type": "application/octet-stream" };
    const got = await fetch(addressOf("returned"), { method: "POST", headers, body: file });
    if (got.status === 413) said(element("p", { class: "banner" }, say("returned-large", { file: file.name })));
    else if (!got.ok) throw new Error(String(got.status));
    else said(...shown(await got.json(), file.name));
  } catch {
    said(element("p", { class: "banner" }, say("returned-failed", { file: file.name })));
  }
}

function shown({ review: found, fault }, name) {
  const title = element("h4", {}, name);
  if (fault) return [title, element("p", { class: "banner" }, [fault.message, fault.help].filter(Boolean).join(" "))];
  const { found: review, other_project: other } = found;
  const made = [title, element("p", { class: "overline" }, review.document)];
  if (other) made.push(element("p", { class: "banner" }, say("returned-other", { code: other })));
  if (review.compared_with === "today") made.push(element("p", { class: "banner" }, say("returned-of-today")));
  const { figures, sentences, comments } = review;
  if (figures.length + sentences.length + comments.length === 0) made.push(element("p", { class: "done" }, say("returned-same")));
  if (figures.length > 0) made.push(figureTable(figures));
  if (sentences.length > 0) made.push(...listOf("returned-sentences", sentences.map(sentenceItem)));
  if (comments.length > 0) made.push(...listOf("returned-comments", comments.map(commentItem)));
  return made;
}

const listOf = (word, items) => [element("h4", {}, say(word)), element("ul", { class: "sentences" }, ...items)];

function figureTable(figures) {
  const heads = ["returned-place", "returned-built", "returned-in-file", "today-value"].map((word) => element("th", { scope: "col" }, say(word)));
  const rows = figures.map(({ place, built, file, today, indicator, rows: behind }) => {
    const name = element("th", { scope: "row" }, placeOf(place));
    if (indicator) name.append(element("span", { class: "because" }, [indicator, ...behind].join("; ")));
    const cells = [built, file, today ?? say("absent")].map((value, at) => element("td", { class: at === 1 ? "number differs" : "number" }, value));
    return element("tr", {}, name, ...cells);
  });
  const caption = element("caption", {}, say("returned-figures"));
  const table = element("table", {}, caption, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
  return element("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": say("returned-figures") }, table);
}

const KINDS = { changed: "returned-changed", inserted: "returned-inserted", struck: "returned-struck", moved: "returned-moved" };

function sentenceItem({ change, old, new: added, author, place }) {
  const said = [say(KINDS[change]), author ? say("returned-by", { author }) : ""].filter(Boolean).join(", ");
  const item = element("li", {}, element("p", { class: "overline" }, said, " · ", placeOf(place)));
  if (change === "moved") item.append(element("p", {}, old));
  else {
    if (old) item.append(element("del", {}, old));
    if (added) item.append(element("ins", {}, added));
  }
  return item;
}

function commentItem({ author, text, about, place }) {
  const head = element("p", { class: "overline" }, author, " · ", placeOf(place));
  return element("li", {}, head, element("p", {}, text), ...(about ? [element("p", { class: "quiet" }, element("q", {}, about))] : []));
}

/** The text of the narrative, to be opened at its line; else the section that the program wrote. */
function placeOf({ section, language, file, line }) {
  const text = file ? sectionOf(file) : null;
  if (!text) return [section, language].filter(Boolean).join(" · ");
  return element("a", { href: addressOfText(chosen(), { ...text, line: String(line) }) }, `${file}:${line}`);
}
