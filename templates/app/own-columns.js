// Columns that a project has of its own: how documents call them, the list that their values are on, what parts several values.

import { guided } from "./guide.js";
import { element, say } from "./words.js";

/** A fold with the own columns of a table; `columns` have the heading and the key under which project.toml has them. */
export function ownColumns(file, { at, written, headings, lists, languages }) {
  const id = `own-${at.at(-1)}`;
  const made = element("details", { id, class: "more" }, element("summary", { id: `${id}-fold` }, say("own-columns")), guided(say("own-columns-hint"), "columns"));
  made.append(...headings.map((heading) => column(file, at, written, heading, { lists, "own-languages": languages })));
  return made;
}

function column(file, at, written, heading, options) {
  const key = Object.keys(written).find((name) => written[name] === heading || written[name]?.heading === heading) ?? heading;
  const entry = written[key] ?? null;
  const place = [...at, "columns", key];
  /** An entry that is a heading alone becomes a table with that heading. */
  const changes = (name) => (_, value) => {
    if (typeof entry === "string") return value === null ? [] : [{ at: place, set: { heading: entry, [name]: value } }];
    return [value === null ? { at: [...place, name], unset: null } : { at: [...place, name], set: value }];
  };
  const field = (name, word, kind, more = {}) =>
    file.field({ at: [...place, name], kind, label: say(word), value: (typeof entry === "object" && entry?.[name]) || null, usual: null, choices: [], changes: changes(name), ...more }, options);
  const id = `own-${place.slice(1).join("-")}`;
  return element("details", { id, class: "card" }, element("summary", { id: `${id}-fold` }, heading), field("label", "own-label", "words"), field("list", "own-list", "choice", { options: "lists" }), field("split", "own-split", "texts", { hint: say("own-split-hint") }));
}
