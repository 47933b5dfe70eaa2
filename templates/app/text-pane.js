// One language of a section: the editor, whether it is saved, what is wrong in it, and what to do when another program
// wrote to the same file. An edit is saved a second after the last key.

import { makeEditor } from "./editor.js";
import { addressOf } from "./program.js";
import { choicesFor } from "./snippets.js";
import { element, quoting, say } from "./words.js";

const SECOND = 1000;

/** What couldn't be saved for want of an answer is tried again after this long. */
const AGAIN = 5 * SECOND;

const all = new Set();

/** Whether anything typed on this page isn't on the disk. */
export const isAnythingUnsaved = () => [...all].some((pane) => pane.isUnsaved());

/** Writes what is typed on this page and isn't on the disk. */
export const saveAll = () => Promise.all([...all].map((pane) => pane.save()));

// A page that goes away saves at once.
addEventListener("pagehide", () => all.forEach((pane) => pane.save({ keepalive: true })));
document.addEventListener("visibilitychange", () => document.hidden && all.forEach((pane) => pane.save()));

let count = 0;

export class TextPane {
  constructor(place, { language }) {
    this.place = place;
    this.tag = language.tag;
    this.name = language.name;
    this.url = addressOf("section");
    /** The hash that a write is based on; `null`: there is no file. */
    this.base = null;
    this.ofPeriod = false;
    this.saved = null;
    this.editor = null;
    this.timer = 0;
    this.saving = null;
    /** What another program wrote, as long as nobody has chosen. */
    this.theirs = undefined;
    this.failure = null;
    /** Counts saves, so that an answer from before one isn't taken for news. */
    this.epoch = 0;
    this.listeners = { focus: () => {}, state: () => {} };
    this.makeElements();
  }

  makeElements() {
    const id = `pane-${(count += 1)}`;
    this.file = element("span", { class: "overline" });
    this.state = element("p", { class: "save-state", role: "status" });
    this.conflict = element("div", { role: "alert" });
    this.begin = element("div", { class: "begin" });
    this.host = element("div", { class: "editor-host", lang: this.tag });
    this.words = element("p", { class: "overline" });
    this.marks = element("ul", { class: "marks" });
    const title = element("h4", { id }, element("span", { lang: this.tag }, this.name), " ", this.file);
    this.element = element("section", { class: "pane", "aria-labelledby": id });
    this.element.append(title, this.state, this.conflict, this.begin, this.host, this.words, this.marks);
    this.element.addEventListener("focusin", () => this.listeners.focus());
  }

  onFocus(listener) {
    this.listeners.focus = listener;
  }

  onState(listener) {
    this.listeners.state = listener;
  }

  isUnsaved() {
    return this.editor !== null && this.editor.text() !== this.saved;
  }

  /** Shows the file as the program has it now; what is typed and not saved stays. */
  show(text, { rules, may_begin: mayBegin }, panes) {
    this.file.textContent = text.file;
    const there = text.text !== null && text.hash !== null ? { hash: text.hash, text: text.text } : null;
    this.failure = text.unreadable;
    if (this.editor === null) {
      if (there) this.open(there, text.of_period);
      else this.offerToBegin(text, mayBegin, panes);
    } else if (!text.unreadable) {
      this.followFile(there);
    }
    if (text.checked && text.hash !== null) this.showProblems(text);
    this.showWords(text.words, rules.word_limit);
    this.showState();
  }

  open({ hash, text }, ofPeriod) {
    this.begin.replaceChildren();
    this.base = hash;
    this.ofPeriod = ofPeriod;
    this.saved = text;
    this.editor = makeEditor(this.host, {
      text,
      lang: this.tag,
      label: say("editor-of", { language: this.name }),
      readOnly: false,
      changed: () => this.typed(),
      choices: () => choicesFor(this),
    });
    this.editor.snapshot().hash = hash;
    all.add(this);
  }

  /** What another program did to the file since. */
  followFile(there) {
    const hash = there?.hash ?? null;
    if (hash === this.base || this.saving) return;
    if (there && there.text === this.editor.text()) {
      this.accept(there);
    } else if (there && !this.isUnsaved() && this.theirs === undefined) {
      this.editor.replaceAll(there.text);
      this.accept(there);
    } else {
      this.showConflict(there);
    }
  }

  accept({ hash, text }) {
    this.base = hash;
    this.saved = text;
    this.editor.snapshot().hash = hash;
    this.endConflict();
  }

  offerToBegin({ unreadable }, mayBegin, panes) {
    if (unreadable) {
      this.begin.replaceChildren(element("p", { class: "banner" }, unreadable));
      return;
    }
    const buttons = mayBegin.map((where) => {
      const word = mayBegin.length === 1 ? "begin-text" : where === "period" ? "begin-period" : "begin-report";
      return this.beginner(say(word), where === "period", () => "");
    });
    const other = panes.find((pane) => pane !== this && pane.editor !== null);
    if (other) buttons.push(this.beginner(say("begin-translation", { language: other.name }), other.ofPeriod, () => other.editor.text()));
    this.begin.replaceChildren(element("p", { class: "quiet" }, say("not-written")), element("p", { class: "choices" }, ...buttons));
  }

  beginner(word, ofPeriod, text) {
    const button = element("button", { type: "button" }, word);
    button.addEventListener("click", async () => {
      const written = text();
      const outcome = await this.write(written, null, ofPeriod);
      if (outcome?.saved) this.open({ hash: outcome.saved.hash, text: written }, ofPeriod);
      else if (outcome?.changed?.text) this.open(outcome.changed, ofPeriod);
      this.failure = outcome?.failed?.message ?? (outcome ? null : say("not-saved"));
      this.showState();
      this.editor?.focus();
    });
    return button;
  }

  typed() {
    this.showState();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SECOND);
  }

  /** Writes what is typed, based on what the file was; nothing is written over another's work. */
  async save(how = {}) {
    clearTimeout(this.timer);
    if (!this.isUnsaved() || this.theirs !== undefined) return;
    if (this.saving) {
      await this.saving;
      return this.save(how);
    }
    const text = this.editor.text();
    const snapshot = this.editor.snapshot();
    this.epoch += 1;
    this.saving = this.write(text, this.base, this.ofPeriod, how);
    this.showState();
    const outcome = await this.saving;
    this.saving = null;
    this.epoch += 1;
    this.failure = outcome?.failed?.message ?? null;
    if (outcome?.saved) {
      this.base = outcome.saved.hash;
      this.saved = text;
      snapshot.hash = this.base;
    } else if (outcome?.changed) {
      const { hash, text: theirs } = outcome.changed;
      if (theirs === this.editor.text()) this.accept({ hash, text: theirs });
      else this.showConflict(hash === null ? null : { hash, text: theirs });
    } else {
      this.failure ??= say("not-saved");
      this.timer = setTimeout(() => this.save(), AGAIN);
    }
    this.showState();
    if (outcome?.saved && this.isUnsaved()) this.typed();
  }

  async write(text, base, ofPeriod, { keepalive = false } = {}) {
    const request = { ...this.place, language: this.tag, of_period: ofPeriod, base, text };
    try {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(this.url, { method: "POST", headers, body: JSON.stringify(request), keepalive });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  /** Both texts, and the choice between them; `null`: the file is gone. */
  showConflict(theirs) {
    this.theirs = theirs;
    const mine = element("button", { type: "button" }, say("keep-mine"));
    mine.addEventListener("click", () => {
      this.base = this.theirs?.hash ?? null;
      this.endConflict();
      this.editor.focus();
      this.saved = this.theirs?.text ?? null;
      this.save();
    });
    const take = element("button", { type: "button" }, say("take-theirs"));
    take.addEventListener("click", () => {
      const taken = this.theirs;
      this.editor.replaceAll(taken.text);
      this.accept(taken);
      this.editor.focus();
      this.showState();
    });
    const said = element("p", {}, say(theirs ? "conflict" : "conflict-gone"));
    const choices = element("p", { class: "choices" }, mine, ...(theirs ? [take] : []));
    const other = theirs ? [element("p", { class: "overline" }, say("their-text")), element("pre", { class: "theirs", lang: this.tag, tabindex: "0", "aria-label": say("their-text") }, theirs.text)] : [];
    this.conflict.replaceChildren(element("div", { class: "banner" }, said, ...other, choices));
    this.showState();
  }

  endConflict() {
    this.theirs = undefined;
    this.conflict.replaceChildren();
  }

  showState() {
    const word =
      this.editor === null ? "" : this.theirs !== undefined ? say("save-waits") : this.failure ? this.failure : this.saving ? say("saving") : this.isUnsaved() ? say("typing") : say("saved");
    if (this.state.textContent !== word) this.state.textContent = word;
    this.state.dataset.state = this.failure || this.theirs !== undefined ? "bad" : "good";
    this.listeners.state();
  }

  showWords(words, limit) {
    if (this.editor === null) this.words.textContent = "";
    else if (words === null) this.words.textContent = say("words-unknown");
    else if (limit !== null && words > limit) this.words.textContent = say("word-count-over", { words, limit, over: words - limit });
    else this.words.textContent = limit === null ? say("word-count-free", { words }) : say("word-count", { words, limit });
    this.words.classList.toggle("over", limit !== null && words > limit);
  }

  showProblems(problems) {
    const { marks, remarks, hash } = problems;
    const mend = { name: nameOfMend, apply: (mark, one) => this.mend(mark, one) };
    if (!this.editor.showMarks(marks, hash, mend)) return;
    this.problems = problems;
    const items = [...remarks.map((remark) => this.remark(remark)), ...marks.map((mark) => this.markItem(mark))];
    const now = JSON.stringify([marks, remarks]);
    if (now === this.told) return;
    this.told = now;
    this.marks.replaceChildren(...items);
  }

  remark({ level, message, help }) {
    const said = element("p", {}, element("strong", { class: "level" }, say(level)), " ", ...quoting(message));
    return element("li", { class: `problem ${level}` }, said, ...(help ? [element("p", { class: "help" }, ...quoting(help))] : []));
  }

  markItem(mark) {
    const item = this.remark(mark);
    const show = element("button", { type: "button" }, say("show-place"));
    show.addEventListener("click", () => this.editor.goTo(this.editor.placeOf(mark)));
    const mends = mark.mends.map((one) => {
      const button = element("button", { type: "button" }, nameOfMend(one));
      button.addEventListener("click", () => this.mend(mark, one));
      return button;
    });
    item.append(element("p", { class: "choices" }, show, ...mends));
    return item;
  }

  mend(mark, one) {
    this.showProblems({ ...this.problems, marks: this.problems.marks.filter((other) => other !== mark) });
    if (one.from === null) this.editor.insert(one.text);
    else this.editor.replace(this.editor.placeOf(one), one.text);
    this.save();
  }

  goToLine(line) {
    this.editor?.goToLine(line);
  }
}

const MENDS = {
  figure: "mend-figure",
  literal: "mend-literal",
  nearest: "mend-nearest",
  guard: "mend-guard",
  same: "mend-figure",
  insert: "mend-insert",
  translated: "mend-translated",
};

const nameOfMend = ({ what, text }) => say(MENDS[what], { text });
