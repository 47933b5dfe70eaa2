// The pages of a document, drawn as they come into view. A page that looks as before isn't drawn again.

import { problemSections } from "./problems.js";
import { addressOf, canOpenFiles, read } from "./program.js";
import { byId, element, offer, say } from "./words.js";

const select = byId("document");
const list = byId("page-list");

let documents = [];
/** The document whose pages stand in the list. */
let standing = null;
/** Words of a text that is written, and those that were found last. */
let lookedFor = null;
let found = "";

/** Shows the documents of a reading; `chosen` is told the period of the one that is looked at. */
export function showDocuments(reading, chosen) {
  documents = reading;
  const options = documents.map((one) => ({ value: nameOf(one), text: nameOf(one) }));
  offer(select, options);
  select.onchange = () => {
    chosen(current().period);
    list.replaceChildren();
    draw();
  };
  return draw();
}

/** Shows the document of a report for a period that is in a language, from the page that contains some words. */
export function showPagesOf(report, period, language, words) {
  const is = (one) => one.report === report && one.period === period;
  const at = documents.findIndex((one) => is(one) && one.languages.includes(language));
  if (at < 0) return;
  lookedFor = words ? { id: documents[at].id, words: plain(words) } : null;
  if (at !== select.selectedIndex) {
    select.selectedIndex = at;
    list.replaceChildren();
    standing = null;
  }
  draw().then(findWords);
}

/** Scrolls to the page with the words that are looked for, once for each of them. */
async function findWords() {
  const looked = lookedFor;
  if (!looked || looked.id !== standing?.id || looked.words === found) return;
  for (const item of list.children) {
    const answer = await fetch(addressOf(`pages/${item.dataset.page}.txt`));
    if (looked !== lookedFor || !answer.ok) return;
    if (plain(await answer.text()).includes(looked.words)) {
      found = looked.words;
      const room = byId("pages");
      room.scrollTo({ top: item.offsetTop - room.offsetTop });
      return;
    }
  }
}

const plain = (text) => text.replace(/\s+/g, " ").trim();

export const periodInSight = () => current()?.period;

const current = () => documents[select.selectedIndex];

/** As its file is called. */
const nameOf = ({ period, report, languages }) => `${period}/${report}.${languages.join("-")}`;

async function draw() {
  const wanted = current();
  byId("pdf-line").hidden = !wanted;
  if (!wanted || wanted.id === standing?.id) return;
  byId("pdf").href = addressOf(`documents/${wanted.id}.pdf`);
  byId("drawing").hidden = false;
  const answer = await read(`documents/${wanted.id}.json`);
  // Another document was chosen, or a newer reading came in between.
  if (!answer || current()?.id !== wanted.id) return;
  const { pages = [], faults = [] } = answer;
  byId("drawing").hidden = true;
  byId("faults").replaceChildren(...problemSections(faults, { revision: () => "none", of: "page-", canOpen: canOpenFiles(), at_once: () => false }));
  // The last good pages stay where there are none.
  if (faults.length > 0) return;
  standing = wanted;
  while (list.children.length > pages.length) list.lastElementChild.remove();
  while (list.children.length < pages.length) list.append(makePage());
  pages.forEach((page, at) => writePage(list.children[at], page, at, pages.length));
}

function makePage() {
  const picture = element("img", { loading: "lazy", decoding: "async" });
  const text = element("p", { class: "page-text" });
  const fold = element("details", {}, element("summary", {}, say("page-text")), text);
  fold.addEventListener("toggle", () => readText(fold));
  return element("li", {}, element("figure", {}, picture, element("figcaption")), fold);
}

function writePage(item, { id, width, height }, at, pages) {
  const name = say("page", { page: at + 1, pages });
  const picture = item.querySelector("img");
  item.querySelector("figcaption").textContent = name;
  const languages = standing.languages;
  item.querySelector(".page-text").lang = languages.length === 1 ? languages[0] : "";
  picture.alt = `${name}: ${nameOf(standing)}`;
  picture.width = Math.round(width);
  picture.height = Math.round(height);
  if (item.dataset.page === id) return;
  item.dataset.page = id;
  picture.src = addressOf(`pages/${id}.svg`);
  readText(item.querySelector("details"));
}

/** Where its text is unfolded, a page's text is read anew. */
async function readText(fold) {
  if (!fold.open) return;
  const { page } = fold.parentElement.dataset;
  const answer = await fetch(addressOf(`pages/${page}.txt`));
  if (answer.ok && fold.parentElement.dataset.page === page) {
    fold.querySelector(".page-text").textContent = await answer.text();
  }
}
