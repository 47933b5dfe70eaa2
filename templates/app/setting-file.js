// project.toml as a page of settings knows it: each setting is written when it is left, on the file as it is known. Where
// somebody else changed the file meanwhile nothing is written, and both are shown.

import { announce, focusList } from "./announce.js";
import { controlOf } from "./controls.js";
import { order, read } from "./program.js";
import { byId, element, quoting, say } from "./words.js";

export const keyOf = (at) => JSON.stringify(at);
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class SettingFile {
  /** What the program knows of the file; its `hash` names the file's content. */
  known = null;
  #path;
  #draw;
  #place;
  #project = null;
  #isDrawing = false;
  /** The last write, and hashes of the file before and after each that this page had made. */
  #turn = Promise.resolve(true);
  #own = new Map();
  /** What was typed and isn't written, by the place of its setting: the value, and what the file held before. */
  #drafts = new Map();
  /** What this page wrote and doesn't show yet, by the place of its setting: the value, and the one that is shown. */
  #written = new Map();
  /** What the program said of a setting, by its place. */
  #said = new Map();

  /** `path` is where the program serves it, `draw` makes the content of the element `place`. */
  constructor(path, place, draw) {
    this.#path = path;
    this.#place = place;
    this.#draw = draw;
  }

  /** Takes away what another project had, until this one's is shown. */
  expect(project) {
    if (this.#project === project) return;
    this.#project = project;
    this.known = null;
    this.#drafts.clear();
    this.#written.clear();
    this.#said.clear();
    this.#isDrawing = true;
    byId(this.#place).replaceChildren(element("p", { class: "quiet" }, say("reading")));
    this.#isDrawing = false;
  }

  /** Shows the settings of a project as its file is now; what is being typed stays. */
  async show(project) {
    this.expect(project);
    const now = await read(this.#path);
    if (this.#project !== project || !now || same(now, this.known)) return;
    this.known = now;
    this.draw();
  }

  draw() {
    const list = byId(this.#place);
    const unfolded = new Set([...list.querySelectorAll("details[open]")].map((details) => details.id));
    const held = list.contains(document.activeElement);
    const { id: focused, selectionStart: from, selectionEnd: to } = document.activeElement ?? {};
    // What has the focus is taken away, which isn't leaving it.
    this.#isDrawing = true;
    list.replaceChildren(...this.#draw(this.known));
    this.#isDrawing = false;
    this.#written.clear();
    for (const details of list.querySelectorAll("details")) details.open ||= unfolded.has(details.id);
    const kept = focused && byId(focused);
    if (kept && list.contains(kept)) keepFocus(kept, from, to);
    else if (held) focusList(list);
  }

  /** Has changes, or what a function then says they are, written to the file of this hash, one write after another; tells
   * whether they were. */
  write(changes, place, hash = this.known.hash, own = null) {
    const turn = this.#turn.then(async () => {
      // What this page wrote itself since then isn't somebody else's change.
      let basedOn = hash;
      while (this.#own.has(basedOn)) basedOn = this.#own.get(basedOn);
      const outcome = await order("settings", { based_on: basedOn, changes: typeof changes === "function" ? changes() : changes });
      if (outcome?.done) {
        this.#own.delete(outcome.hash);
        if (outcome.hash !== basedOn) this.#own.set(basedOn, outcome.hash);
        if (own) this.#settle(own, place);
      }
      return this.answered(outcome, place);
    });
    this.#turn = turn.catch(() => false);
    return turn;
  }

  /** The file holds `value` now, where `before` was shown; what was typed meanwhile is kept. */
  #settle({ value, before }, place) {
    this.#written.set(place, { value, before });
    const draft = this.#drafts.get(place);
    if (draft && !same(draft.value, value)) draft.base = value;
    else this.#drafts.delete(place);
  }

  /** What the file held when something began to be typed beside `shown`. */
  #baseOf(place, shown) {
    const draft = this.#drafts.get(place);
    if (draft) return draft.base;
    const written = this.#written.get(place);
    return written && same(written.before, shown) ? written.value : shown;
  }

  /** Shows what became of changes. */
  async answered(outcome, place) {
    this.#said.delete(place);
    if (outcome?.done) {
      if (outcome.messages.length > 0) this.#said.set(place, { good: true, messages: outcome.messages });
    } else {
      const messages = outcome ? [...outcome.messages] : [say("failed")];
      if (outcome?.conflict) messages.push(say("changed-elsewhere"));
      this.#said.set(place, { good: false, messages });
    }
    const said = this.#said.get(place)?.messages ?? [say("saved")];
    announce(said.join(" "), Boolean(outcome?.done));
    await this.refresh();
    return Boolean(outcome?.done);
  }

  /** Reads the file again, and shows it. */
  async refresh() {
    const project = this.#project;
    const now = await read(this.#path);
    if (this.#project !== project) return;
    this.known = now ?? this.known;
    if (this.known) this.draw();
  }

  /** What is typed belongs to places that are no more. */
  forget() {
    this.#drafts.clear();
    this.#written.clear();
  }

  /** A setting with what is said of it; its rule may say by which `changes` another value is written. */
  field(rule, options) {
    const place = keyOf(rule.at);
    const draft = this.#drafts.get(place);
    // What is left later was typed beside the file as it is shown now.
    const { hash } = this.known;
    const isOpposed = draft && !same(draft.base, rule.value);
    const control = controlOf({ ...rule, value: draft ? draft.value : rule.value }, options, {
      typed: (value) => this.#drafts.set(place, { value, base: this.#baseOf(place, rule.value) }),
      left: (value) => this.#isDrawing || this.#left(rule, value, place, hash),
    });
    const made = element("div", { class: "setting" }, control);
    if (rule.hint) made.append(element("p", { class: "hint" }, rule.hint));
    made.append(...this.notes(place));
    if (draft && (isOpposed || this.#said.get(place)?.good === false)) made.append(this.#both(rule, draft, place));
    return made;
  }

  #left(rule, value, place, hash) {
    const draft = this.#drafts.get(place);
    if (draft && "sent" in draft && same(draft.sent, value)) return;
    const base = this.#baseOf(place, rule.value);
    if (same(value, base) && same(base, rule.value)) {
      this.#drafts.delete(place);
      return;
    }
    const written = this.#written.get(place);
    const isOwn = same(base, rule.value) || (written && same(written.value, base));
    this.#drafts.set(place, isOwn ? { value, base, sent: value } : { value, base });
    if (isOwn) this.write((rule.changes ?? changesOf)({ ...rule, value: base }, value), place, hash, { value, before: rule.value });
    else this.draw();
  }

  /** What was typed here beside what the file holds now. */
  #both(rule, draft, place) {
    const mine = element("button", { type: "button", id: `mine-${place}` }, say("write-typed"));
    mine.addEventListener("click", () => {
      this.#drafts.set(place, { value: draft.value, base: rule.value });
      this.write((rule.changes ?? changesOf)(rule, draft.value), place, this.known.hash, { value: draft.value, before: rule.value });
    });
    const theirs = element("button", { type: "button", id: `theirs-${place}` }, say("keep-file"));
    theirs.addEventListener("click", () => {
      this.#drafts.delete(place);
      this.#said.delete(place);
      this.draw();
      byId(`set-${rule.at.join("-")}`)?.focus();
    });
    return element(
      "div",
      { class: "banner both" },
      element("p", {}, say("in-the-file", { value: told(rule.value) })),
      element("p", {}, say("typed-here", { value: told(draft.value) })),
      element("p", { class: "choices" }, mine, theirs),
    );
  }

  notes(place) {
    const note = this.#said.get(place);
    if (!note) return [];
    return [element("div", {}, ...note.messages.map((message) => element("p", { class: note.good ? "done" : "banner" }, ...quoting(message))))];
  }
}

/** Gives what took the place of a control its focus. What was typed before is left with it, though the control itself saw
 * nobody type. */
function keepFocus(control, from, to) {
  control.focus({ preventScroll: true });
  if (typeof from === "number" && control.setSelectionRange && control.type !== "date") control.setSelectionRange(from, to);
  if (isTyped(control)) control.addEventListener("blur", () => control.dispatchEvent(new Event("change")), { once: true });
}

/** Whether something may be typed in a control and not be written; what is checked or chosen was at once. */
const isTyped = (control) => control.tagName === "TEXTAREA" || (control.tagName === "INPUT" && !["checkbox", "radio", "color", "file"].includes(control.type));

/** A value as a line of text. */
function told(value) {
  if (value === null || value === undefined) return say("nothing-there");
  if (typeof value === "object" && "$day" in value) return value.$day;
  if (Array.isArray(value)) return value.map(told).join(", ");
  if (typeof value === "object") return Object.values(value).map(told).join(" · ");
  return String(value);
}

/** The changes that put a value in place of another; of a table only the keys that differ. */
function changesOf({ at, value: old }, value) {
  const isTable = (one) => one !== null && typeof one === "object" && !Array.isArray(one) && !("$day" in one);
  if (value === null) return [{ at, unset: null }];
  if (!isTable(value) || !isTable(old)) return [{ at, set: value }];
  const gone = Object.keys(old).filter((key) => !(key in value));
  const changed = Object.keys(value).filter((key) => !same(value[key], old[key]));
  return [...changed.map((key) => ({ at: [...at, key], set: value[key] })), ...gone.map((key) => ({ at: [...at, key], unset: null }))];
}
