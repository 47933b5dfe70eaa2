// An editor of one text of the narrative: what is typed stays in it, whatever the program says meanwhile. Marks are placed
// in the text that they were found in, and move with what was typed since.

import {
  ChangeSet,
  Decoration,
  EditorState,
  EditorView,
  MatchDecorator,
  Transaction,
  ViewPlugin,
  autocompletion,
  completionKeymap,
  defaultKeymap,
  drawSelection,
  history,
  historyKeymap,
  keymap,
  lintKeymap,
  setDiagnostics,
} from "./codemirror.js";
import { say } from "./words.js";

/** How many earlier texts are kept for marks that arrive late. */
const SNAPSHOTS = 8;

/** How many choices are offered at once. */
const OFFERED = 60;

const LEVELS = { error: "error", warning: "warning", note: "info" };

const theme = EditorView.theme({
  "&": {
    maxHeight: "min(60vh, 34rem)",
    border: "1px solid var(--muted)",
    borderRadius: "4px",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
  },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { overflow: "auto", fontFamily: "inherit", lineHeight: "1.6" },
  ".cm-content": { minHeight: "10rem", padding: "0.6rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.75rem" },
  ".cm-cursor": { borderLeft: "2px solid var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--mark)" },
  ".cm-tag": { borderRadius: "3px", backgroundColor: "var(--tint)", color: "var(--accent)", fontSize: "0.9em" },
  ".cm-heading": { fontWeight: "700" },
  ".cm-lintRange": { backgroundImage: "none", backgroundRepeat: "no-repeat", paddingBottom: "0", textDecorationThickness: "2px" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--bad)", backgroundColor: "var(--bad-tint)" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--warn)", backgroundColor: "var(--warn-tint)" },
  ".cm-lintRange-info": { textDecoration: "underline dotted var(--muted)" },
  ".cm-tooltip": {
    maxWidth: "min(28rem, 90vw)",
    border: "1px solid var(--muted)",
    borderRadius: "4px",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    boxShadow: "var(--shadow)",
  },
  ".cm-diagnostic": { padding: "0.4rem 0.6rem", borderLeft: "4px solid var(--muted)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-diagnosticAction": { border: "1px solid var(--accent)", borderRadius: "4px", backgroundColor: "var(--surface)", color: "var(--accent)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "18rem", fontFamily: "inherit" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.25rem 0.6rem", whiteSpace: "normal" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--surface)" },
  ".cm-completionDetail": { marginInlineStart: "0.6rem", fontStyle: "normal", opacity: "0.85" },
});

/** Tags and headings are distinguished; nothing else of Markdown is. */
const looks = (regexp, name) => {
  const decorator = new MatchDecorator({ regexp, decoration: Decoration.mark({ class: name }) });
  return ViewPlugin.define(
    (view) => ({
      decorations: decorator.createDeco(view),
      update(update) {
        this.decorations = decorator.updateDeco(update, this.decorations);
      },
    }),
    { decorations: (plugin) => plugin.decorations },
  );
};

/** A field of an activity or indicator has a value within a loop alone. */
const isLoopOpen = (before) => before.split("{{#each").length > before.split("{{/each").length;

/** What may be put in behind `{{`, or where it is asked for: found by what it prints. */
const completion = (choices) => async (context) => {
  const before = context.matchBefore(/\{\{[^{}\n]*/);
  if (!before && !context.explicit) return null;
  const from = before?.from ?? context.pos;
  const behind = context.state.sliceDoc(context.pos, context.pos + 2) === "}}" ? 2 : 0;
  const wanted = (before?.text ?? "").replace(/^\{\{\s*/, "").toLowerCase();
  const isInLoop = isLoopOpen(context.state.sliceDoc(0, from));
  const isOffered = ({ search, isField }) => search.includes(wanted) && (!isField || isInLoop);
  const found = (await choices()).filter(isOffered).slice(0, OFFERED);
  const options = found.map(({ printed, label, source }, at) => ({
    label: printed,
    detail: label,
    boost: -at,
    apply: (view, _, start, end) =>
      view.dispatch({ changes: { from: start, to: end + behind, insert: source }, selection: { anchor: start + source.length }, userEvent: "input.complete" }),
  }));
  return { from, options, filter: false };
};

/** An editor in a host element; `changed` is called for everything that is typed or put in here. */
export function makeEditor(host, { text, lang, label, readOnly, changed, choices }) {
  // The editor's own styles are sheets of this root, which the page's policy lets in without exception.
  const root = host.attachShadow({ mode: "open" });
  let snapshots = [];
  /** The marks of the text as they were found, with the snapshot that they belong to. */
  let marked = { snapshot: null, marks: [] };

  const follow = EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    for (const snapshot of snapshots) snapshot.since = snapshot.since.compose(update.changes);
    const isTyped = update.transactions.some((one) => one.docChanged && !one.annotation(Transaction.remote));
    if (isTyped) changed();
  });
  const phrases = EditorState.phrases.of({
    Completions: say("editor-choices"),
    Diagnostics: say("problems"),
    "No diagnostics": say("no-problems"),
    close: say("editor-close"),
    "current match": "",
  });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        drawSelection(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, lang, spellcheck: "true" }),
        EditorState.readOnly.of(readOnly),
        looks(/\{\{[^{}]*\}\}/g, "cm-tag"),
        looks(/^#{1,6} .*$/gm, "cm-heading"),
        autocompletion({ override: [completion(choices)], icons: false, maxRenderedOptions: OFFERED }),
        keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        phrases,
        theme,
        follow,
      ],
    }),
  });

  const moved = (at, since, side) => since.mapPos(Math.min(at, since.length), side);

  const editor = {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),

    /** Remembers the text of this moment, so that marks of it can be shown later. */
    snapshot() {
      const made = { hash: null, since: ChangeSet.empty(view.state.doc.length) };
      snapshots = [...snapshots, made].slice(-SNAPSHOTS);
      return made;
    },

    /** Puts in what another program wrote; the cursor and what is the same stay. It can be taken back. */
    replaceAll(next) {
      const now = editor.text();
      let start = 0;
      while (start < now.length && start < next.length && now[start] === next[start]) start += 1;
      let end = 0;
      while (end < now.length - start && end < next.length - start && now[now.length - 1 - end] === next[next.length - 1 - end]) end += 1;
      if (start + end === now.length && now.length === next.length) return;
      const changes = { from: start, to: now.length - end, insert: next.slice(start, next.length - end) };
      view.dispatch({ changes, annotations: Transaction.remote.of(true) });
    },

    /** Shows marks of an earlier text, where they are now; `mend` is what a mend of a mark is to do. Tells whether it can. */
    showMarks(marks, hash, mend) {
      const snapshot = snapshots.findLast((one) => one.hash === hash);
      if (!snapshot) return false;
      marked = { snapshot, marks };
      const diagnostics = marks.map((mark) => ({
        ...editor.placeOf(mark),
        severity: LEVELS[mark.level],
        message: [mark.message, mark.help].filter(Boolean).join(" – "),
        actions: mark.mends.map((one) => ({ name: mend.name(one), apply: () => mend.apply(mark, one) })),
      }));
      view.dispatch(setDiagnostics(view.state, diagnostics));
      return true;
    },

    /** Where a mark, or a mend of one, is now. */
    placeOf({ from, to }) {
      const { since } = marked.snapshot;
      const start = moved(from, since, 1);
      return { from: start, to: Math.max(start, moved(to, since, -1)) };
    },

    goTo({ from, to }) {
      view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    },

    goToLine(number) {
      const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
      editor.goTo({ from: line.from, to: line.from });
    },

    replace({ from, to }, insert) {
      view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input" });
      view.focus();
    },

    /** Puts something in at the cursor; `…` in it stands for what is chosen. */
    insert(source) {
      const { from, to } = view.state.selection.main;
      const chosen = view.state.sliceDoc(from, to);
      const filled = chosen && source.includes("…") ? source.replace("…", chosen) : source;
      editor.replace({ from, to }, filled);
    },

    destroy: () => view.destroy(),
  };
  return editor;
}
