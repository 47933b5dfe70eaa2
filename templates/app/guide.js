// Where the page links to the guide: to the chapter about what is in sight, by the name of its section.

import { byId, element, say } from "./words.js";

/** The chapter that each view is about. */
const CHAPTERS = {
  list: "start",
  begin: "start",
  problems: "check",
  figures: "check",
  writing: "prose",
  pages: "build",
  outputs: "build",
  sent: "sent",
  tables: "own",
  settings: "forms",
};

const place = (chapter) => `guide.pdf#nameddest=section-0-${chapter}`;

/** Has the link in the head lead to what is about a view. */
export function showChapter(view) {
  byId("to-guide").href = place(CHAPTERS[view] ?? "start");
}

/** A hint that goes on in a chapter of the guide. */
export function guided(text, chapter) {
  const link = element("a", { href: place(chapter), target: "_blank", rel: "noopener" }, say("in-the-guide"));
  return element("p", { class: "hint" }, text, " ", link);
}
