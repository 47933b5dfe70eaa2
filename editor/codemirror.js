// What the page takes of CodeMirror; `editor/bundle` makes templates/app/codemirror.js of it.

export { autocompletion, completionKeymap, startCompletion } from "@codemirror/autocomplete";
export { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
export { forceLinting, lintKeymap, setDiagnostics } from "@codemirror/lint";
export { ChangeSet, Compartment, EditorState, RangeSetBuilder, Transaction } from "@codemirror/state";
export { Decoration, EditorView, MatchDecorator, ViewPlugin, drawSelection, keymap } from "@codemirror/view";
