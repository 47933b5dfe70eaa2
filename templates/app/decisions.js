// What may be decided about a problem instead of mending a cell; each decision is written to project.toml.

import { announce, whileBusy } from "./announce.js";
import { order, read } from "./program.js";
import { element, quoting, say } from "./words.js";

const WORDS = {
  waive: (about) => say("decide-waive", { count: about[0], table: about[1] }),
  waive_more: (about) => say("decide-waive-more", { count: about[0] }),
  same: (about) => say("decide-same", { one: about[0], other: about[1] }),
  different: (about) => say("decide-different", { one: about[0], other: about[1] }),
  ignore: (about) => say("decide-ignore", { heading: about[0] }),
};

/** A fold that asks what can be decided, and has it written. */
export function deciding(revision, problem, id) {
  const place = element("div", { "aria-live": "polite" });
  const made = element("details", { id: `decide-${id}`, class: "deciding" }, element("summary", { id: `decide-${id}-fold` }, say("decide")), place);
  made.addEventListener("toggle", async () => {
    if (!made.open) return;
    place.replaceChildren(element("p", { class: "quiet" }, say("working")));
    const found = await read(`decisions/${revision()}/${problem}`);
    const choices = found?.decisions ?? [];
    place.replaceChildren(...(choices.length > 0 ? choices.map((choice, at) => offered(choice, found, `${id}-${at}`)) : [element("p", { class: "quiet" }, say("decide-nothing"))]));
  });
  return made;
}

function offered({ kind, about, changes, asks_reason: asksReason }, { hash, languages }, id) {
  const button = element("button", { type: "submit", id: `decide-${id}-now` }, WORDS[kind](about));
  const said = element("div", { role: "status" });
  const reasons = asksReason ? languages.map(({ tag: lang, name }) => ({ lang, name, input: element("input", { type: "text", lang, id: `decide-${id}-${lang}`, required: "" }) })) : [];
  const labels = reasons.map(({ name, input }) => element("div", { class: "control" }, element("label", { for: input.id }, say("decide-reason", { language: name })), input));
  const form = element("form", { id: `decide-${id}-form` }, ...labels, element("p", {}, button), said);
  const decide = async () => {
    const reason = Object.fromEntries(reasons.map(({ lang, input }) => [lang, input.value.trim()]));
    const outcome = await order("settings", { based_on: hash, changes: changes.map((change) => withReason(change, reason, asksReason)) });
    const messages = outcome?.conflict ? [say("changed-elsewhere")] : (outcome?.messages ?? [say("failed")]);
    if (outcome?.done) announce(say("saved"), true);
    else said.replaceChildren(...messages.map((message) => element("p", { class: "banner" }, ...quoting(message))));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(button, decide);
  });
  return form;
}

function withReason(change, reason, asksReason) {
  if (!asksReason) return change;
  return { ...change, add: change.add.map(([key, value]) => [key, key === "reason" ? reason : value]) };
}
