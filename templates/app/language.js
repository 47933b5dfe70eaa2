// The page in another language: the same address but for its language, so that what is in sight stays in sight. Nothing is
// remembered; each window has its own.

import { answersGiven, carryAnswers } from "./begin.js";
import { settled } from "./program.js";
import { saveAll } from "./text-pane.js";
import { byId, element } from "./words.js";

const languages = await (await fetch("languages.json")).json();

byId("languages").replaceChildren(...languages.map(link));

function link({ tag, name }) {
  const isOwn = tag === document.documentElement.lang;
  const made = element("a", { href: `../${tag}/`, lang: tag, hreflang: tag, ...(isOwn ? { "aria-current": "true" } : {}) }, name);
  made.addEventListener("click", (event) => {
    // Another window or tab is opened as the browser does it.
    if (event.ctrlKey || event.metaKey || event.shiftKey) made.href = `../${tag}/${location.hash}`;
    else go(event, tag);
  });
  return element("li", {}, made);
}

/** What is typed is written before the page goes. */
async function go(event, tag) {
  event.preventDefault();
  if (tag === document.documentElement.lang) return;
  const answers = answersGiven();
  await saveAll();
  await settled();
  carryAnswers(answers);
  location.assign(`../${tag}/${location.hash}`);
}
