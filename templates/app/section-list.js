// The sections of a report with their rules, and how far each language is.

import { byId, element, say } from "./words.js";

let shown = "";

export function showSectionList({ languages, sections }, current, href) {
  const now = JSON.stringify([languages, sections, current, href("")]);
  if (now === shown) return;
  shown = now;
  const list = byId("section-list");
  const focused = document.activeElement?.id;
  list.replaceChildren(...sections.map((section) => item(section, languages, current, href)));
  if (focused?.startsWith("section-")) byId(focused)?.focus();
}

function item({ id, rules, texts }, languages, current, href) {
  const link = element("a", { href: href(id), id: `section-${id}`, ...(id === current ? { "aria-current": "true" } : {}) }, rules.heading);
  const facts = [];
  if (rules.required) facts.push(say("section-required"));
  if (rules.is_filled) facts.push(say("section-filled"));
  if (!rules.printed) facts.push(say("section-not-printed"));
  // A section without text in any language, of which nothing is missing, has one word for it, or none where the data fills it.
  const isEmpty = texts.every((text) => !text.is_written && text.errors + text.warnings === 0);
  const none = rules.is_filled ? [] : [element("span", { class: "badge none" }, say("no-text"))];
  const states = isEmpty ? none : texts.map((text, at) => state(text, languages[at], rules));
  const about = element("p", { class: "overline" }, facts.join(" · "));
  return element("li", { class: rules.is_part ? "part" : "" }, link, ...(facts.length > 0 ? [about] : []), ...(states.length > 0 ? [element("p", { class: "text-states" }, ...states)] : []));
}

function state({ is_written: isWritten, words, errors, warnings }, { tag, name }, { word_limit: limit }) {
  const isOver = limit !== null && words > limit;
  const counted = words === null ? "" : limit === null ? String(words) : `${words}/${limit}`;
  const said = isWritten ? [counted, errors > 0 ? say("errors-here", { count: errors }) : "", warnings > 0 ? say("warnings-here", { count: warnings }) : ""] : [say("no-text")];
  const kind = errors > 0 ? "bad" : isOver || warnings > 0 ? "fair" : isWritten ? "good" : "none";
  return element("span", { class: `badge ${kind}`, title: name }, [tag, ...said.filter(Boolean)].join(" · "));
}
