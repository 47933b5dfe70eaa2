// Controls for what only tables have: headings of periods, the sheet that repeats belong to, texts in a row.

import { input, labelled, select } from "./inputs.js";
import { element, periodWord, say } from "./words.js";

/** What each table reads of its periods; more may be beside it. */
const HEADS = {
  targets: [{ key: "target", word: "heads-target" }],
  reported: [
    { key: "actual", word: "heads-actual" },
    { key: "target", word: "heads-target-beside" },
    { key: "share", word: "heads-share" },
  ],
};

/** What is chosen before anything is written by it: a table is drawn anew at every change. */
const modes = new Map();

const isPattern = (value) => value !== null && Object.values(value).some((one) => typeof one === "string");

/** The headings of columns of periods: one pattern for all, or a heading for each period. */
export function heads(context) {
  const { id, label, value, at, options, left, typed } = context;
  const keys = HEADS[at[1]];
  const mode = element("select", { id: `${id}-mode` }, element("option", { value: "pattern" }, say("heads-pattern")), element("option", { value: "each" }, say("heads-each")));
  mode.value = modes.get(id) ?? (value === null || isPattern(value) ? "pattern" : "each");
  const whole = (texts) => (Object.keys(texts).length > 0 ? texts : null);

  const patterns = isPattern(value) ? { ...value } : {};
  const keep = (key) => (text) => {
    if (text.trim()) patterns[key] = text.trim();
    else delete patterns[key];
    return whole({ ...patterns });
  };
  const lines = keys.map(({ key, word }) => {
    const own = { id: `${id}-${key}`, label: say(word), typed, left };
    return labelled(own, input(own, { type: "text" }, patterns[key] ?? "", keep(key)));
  });

  const named = isPattern(value) ? {} : { ...value };
  const [{ key: main }] = keys;
  const codes = [...new Set([...Object.keys(named), ...(options.periods ?? []).map((one) => one.value)])];
  const choices = codes.map((code) =>
    select({ id: `${id}-${code}`, label: periodWord(code) }, options.headings ?? [], named[code]?.[main] ?? null, say("not-chosen"), (heading) => {
      const { [main]: _, ...rest } = named[code] ?? {};
      if (heading || Object.keys(rest).length > 0) named[code] = heading ? { ...rest, [main]: heading } : rest;
      else delete named[code];
      left(whole({ ...named }));
    }),
  );
  const [byPattern, byPeriod] = [element("div", {}, ...lines), element("div", { class: "checks" }, ...choices)];
  const arrange = () => ([byPattern.hidden, byPeriod.hidden] = [mode.value !== "pattern", mode.value !== "each"]);
  mode.addEventListener("change", () => {
    modes.set(id, mode.value);
    arrange();
  });
  arrange();
  return element("fieldset", {}, element("legend", {}, label), labelled({ id: mode.id, label: say("heads-how") }, mode), byPattern, byPeriod);
}

/** The sheet that the rows of a repeat belong to. Without a form's program both its key and the reference to it are needed. */
export function parent(context) {
  const { id, label, value, options, hasSource, left, typed } = context;
  const now = { ...value };
  const chosen = (key) => (text) => {
    if (text) now[key] = text;
    else delete now[key];
    const isNone = Object.keys(now).length === 0;
    const isWhole = hasSource || (now.key && now.reference);
    (isNone || isWhole ? left : typed)(isNone ? null : { ...now });
  };
  const of = (key, choices, word) => select({ id: `${id}-${key}`, label: say(word) }, choices ?? [], now[key] ?? null, say("not-chosen"), chosen(key));
  return element(
    "fieldset",
    {},
    element("legend", {}, label),
    of("file", options.files, "parent-file"),
    of("sheet", options["all-sheets"], "parent-sheet"),
    of("key", options["all-headings"], "parent-key"),
    of("reference", options.headings, "parent-reference"),
  );
}

/** Texts parted by semicolons. */
export function texts(context) {
  const parse = (text) => {
    const parts = text.split(";").map((part) => part.trim()).filter(Boolean);
    return parts.length > 0 ? parts : null;
  };
  return labelled(context, input(context, { type: "text" }, (context.value ?? []).join("; "), parse));
}
