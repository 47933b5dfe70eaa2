// Where each table is, what its columns mean and how its rows are made, beside the first rows of its sheets; and what comes of
// it at once.

import { guided } from "./guide.js";
import { headCounts } from "./head-counts.js";
import { ownColumns } from "./own-columns.js";
import { addingWorkbook, recognised } from "./recognised.js";
import { SettingFile, keyOf, same } from "./setting-file.js";
import { byId, element, say, spoken } from "./words.js";

const file = new SettingFile("tables.json", "table-cards", draw);

export const expectTables = (project) => file.expect(project);

export async function showTables(project, state) {
  byId("tables-result").replaceChildren(...result(state));
  await file.show(project);
}

function draw(known) {
  byId("tables-broken").hidden = !known.broken;
  const unread = known.sheets.filter(({ tables }) => tables.length === 0);
  const cards = [...known.tables.map(card), addingWorkbook()];
  const isNew = (book) => known.sheets.every((sheet) => sheet.file !== book || sheet.tables.length === 0);
  const books = [...new Set(unread.map(({ file: book }) => book))].filter(isNew);
  cards.push(...books.map((book) => recognised(file, book, known.tables)));
  if (unread.length > 0) cards.push(element("h3", {}, say("other-sheets")), ...unread.map(otherSheet));
  return cards;
}

const nameOf = ({ file: book, sheet }) => (sheet ? `${book} · ${sheet}` : book);

/** The sheets that a table is read from, or that it names. */
function sheetsOf(table) {
  const named = (key) => table.group.fields.find(({ at }) => at.at(-1) === key)?.value;
  const isNamed = (sheet) => named("file") === sheet.file && (named("sheet") === sheet.sheet || (sheet.sheet === null && !named("sheet")));
  return file.known.sheets.filter((sheet) => sheet.tables.includes(table.name) || isNamed(sheet));
}

function card(table) {
  const sheets = sheetsOf(table);
  const id = `table-${table.name}`;
  const places = sheets.map(nameOf).join("; ") || say("no-sheet");
  const summary = element("summary", { id: `${id}-fold` }, element("h3", {}, table.group.label), " ", element("span", { class: "quiet" }, places));
  const made = element("details", { id, class: "group" }, summary);
  if (table.group.hint) made.append(element("p", { class: "hint" }, table.group.hint));
  made.append(...account(table));
  made.append(...file.notes(keyOf(table.group.at)));
  made.append(...sheets.map((sheet) => preview(sheet, table)));
  const options = optionsOf(sheets);
  const fields = table.group.fields.map((rule) => file.field({ ...rule, ...contextOf(rule, table, sheets) }, options));
  const own = ownHeadings(table, sheets);
  const { languages, own_languages: names, lists } = file.known;
  if (own.length > 0 && languages.length > 0) made.append(ownColumns(file, { at: table.group.at, written: table.written ?? {}, headings: own, lists, languages: names }));
  if (table.name === "activities" && sheets.length > 0) {
    made.append(headCounts(file, { at: table.group.at, blocks: table.counts, headings: options.headings, signs: table.counts.length > 0 ? null : countSigns(sheets) }));
  }
  made.append(element("details", { id: `${id}-more`, class: "more" }, element("summary", { id: `${id}-more-fold` }, say("table-more")), guided("", "shapes"), ...fields));
  return made;
}

/** Rows that were read, and what became of them. */
function account({ account: rows }) {
  if (!rows) return [];
  const words = [say("rows-read", rows)];
  if (rows.shape) words.push(say("rows-made", { found: rows.shape[0], made: rows.shape[1] }));
  return [element("p", { class: rows.error > 0 ? "banner" : "quiet" }, words.join(" · "))];
}

function optionsOf(sheets) {
  const { files, sheets: all } = file.known;
  const books = new Set(sheets.map(({ file: book }) => book));
  const named = all.filter(({ file: book, sheet }) => sheet && (books.size === 0 || books.has(book)));
  const texts = (list) => [...new Set(list)].map((text) => ({ value: text, text }));
  return {
    files,
    periods: file.known.periods,
    "all-sheets": texts(all.map(({ sheet }) => sheet).filter(Boolean)),
    "all-headings": texts(all.flatMap(({ columns }) => columns.map(({ heading }) => heading)).filter(Boolean)),
    sheets: texts(named.map(({ sheet }) => sheet)),
    headings: texts(sheets.flatMap(({ columns }) => columns.map(({ heading }) => heading)).filter(Boolean)),
  };
}

/** What the sheets seem to count, under the headings as they are shown. */
function countSigns(sheets) {
  const sheet = sheets.find(({ counts }) => counts);
  if (!sheet) return null;
  const shown = (heading) => sheet.columns.find((one) => one.heading === heading || one.own_heading === heading)?.heading ?? heading;
  const [parts, total] = sheet.counts;
  return [parts.map(([heading, condition]) => [shown(heading), condition]), total && shown(total)];
}

/** What a control must know beside its rule. */
function contextOf({ at, kind }, table, sheets) {
  if (kind === "marks") return { marks: marksOf(sheets) };
  if (kind === "parent") return { hasSource: table.group.fields.some((rule) => rule.at.at(-1) === "source" && rule.value !== null) };
  if (at.at(-1) === "layout") return { changes: (_, value) => layoutChanges(table, sheets, value) };
  return {};
}

/** A layout is written with what it can't do without, as the sheet has it. */
function layoutChanges(table, sheets, layout) {
  const { at, fields } = table.group;
  const isThere = (key) => fields.some((rule) => rule.at.at(-1) === key && rule.value !== null);
  const gone = ["layout", "heads", "marks", "year", "total"].filter(isThere).map((key) => ({ at: [...at, key], unset: null }));
  if (layout === "wide") return [...gone, ...shapeOf(sheets[0], at)];
  if (layout === "periods") return [...gone, { at: [...at, "layout"], set: layout }, { at: [...at, "heads"], set: headsOf(sheets, table.name) }];
  return gone;
}

/** The headings of periods that a table reads, as they are recognised. */
function headsOf(sheets, name) {
  const { target, actual, share } = sheets.find(({ periods }) => Object.keys(periods).length > 0)?.periods ?? {};
  if (name === "targets") return { target: target ?? "{period}" };
  return share ? { actual: actual ?? "{period}", target, share } : { actual: actual ?? "{period}" };
}

/** Headings that have no meaning to the program, and are neither ignored nor head counts. */
function ownHeadings(table, sheets) {
  const counted = table.counts.flatMap(({ parts, total }) => [...Object.keys(parts ?? {}), total]);
  const isOwn = ({ heading, own_heading: own, meanings }) => own && !meanings.some((one) => one.table === table.name) && !table.ignored.includes(own) && !counted.includes(heading) && !counted.includes(own);
  return [...new Set(sheets.flatMap(({ columns }) => columns.filter(isOwn).map(({ own_heading: own }) => own)))];
}

/** The marks of all sheets, each with what it is known to mean. */
const marksOf = (sheets) => Object.fromEntries(sheets.flatMap(({ marks }) => marks));

/** The first rows, with a choice over each column. */
function preview(sheet, table) {
  const heads = sheet.columns.map((column) => {
    const made = element("th", { scope: "col" }, element("span", { class: "letter" }, column.letter), element("span", { class: "heading" }, column.heading || "–"));
    made.append(meaning(sheet, column, table));
    return made;
  });
  const rows = sheet.rows.map(({ number, cells }) => {
    const shown = cells.map((text) => (text === null ? element("td", { class: "hidden-cell" }, element("span", { "aria-label": say("hidden-cell"), role: "img" }, "…")) : element("td", {}, text)));
    return element("tr", number === sheet.header_row ? { class: "header-row" } : {}, element("th", { scope: "row" }, String(number)), ...shown);
  });
  const caption = say("first-rows", { sheet: nameOf(sheet) });
  const head = element("thead", {}, element("tr", {}, element("th", { scope: "col" }, element("span", { class: "unseen" }, say("row-number"))), ...heads));
  const made = element("table", { class: "sheet" }, element("caption", {}, caption), head, element("tbody", {}, ...rows));
  return element("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": caption }, made);
}

const languages = () => file.known.languages;

const nameOfLanguage = (tag) => file.known.own_languages.find(({ value }) => value === tag)?.text ?? tag;

/** What a column is taken for, to be chosen. */
function meaning(sheet, column, table) {
  const now = column.meanings.find((one) => one.table === table.name);
  const isIgnored = table.ignored.includes(column.own_heading);
  const choices = table.columns.flatMap(({ name, text, by_language: isText }) =>
    isText && languages().length > 1
      ? [{ name, lang: null, text }, ...languages().map((lang) => ({ name, lang, text: `${text} (${nameOfLanguage(lang)})` }))]
      : [{ name, lang: null, text }],
  );
  const select = element("select", { id: `meaning-${table.name}-${nameOf(sheet)}-${column.letter}`, "aria-label": say("column-means", { column: column.heading || column.letter }) });
  select.append(element("option", { value: "own" }, say("own-column")), element("option", { value: "ignore" }, say("ignored-column")));
  select.append(...choices.map(({ name, text }, at) => element("option", { value: String(at), "data-column": name }, text)));
  const at = now ? choices.findIndex(({ name, lang }) => name === now.name && (lang ?? null) === (now.lang ?? null)) : -1;
  const known = at >= 0 ? at : now ? choices.findIndex(({ name }) => name === now.name) : -1;
  select.value = isIgnored ? "ignore" : known >= 0 ? String(known) : "own";
  select.addEventListener("change", () => {
    const chosen = ["own", "ignore"].includes(select.value) ? select.value : choices[Number(select.value)];
    file.write(() => changesFor(sheet, column.letter, table.name, chosen), keyOf(table.group.at));
  });
  return select;
}

/** The changes by which a column is taken for something else than it is by now. */
function changesFor({ file: book, sheet }, letter, name, chosen) {
  const table = file.known.tables.find((one) => one.name === name);
  const own = file.known.sheets.find((one) => one.file === book && one.sheet === sheet);
  const column = own.columns.find((one) => one.letter === letter);
  const now = column.meanings.find((one) => one.table === name);
  const { at } = table.group;
  const written = table.written ?? {};
  const changes = [];
  const isOurs = (heading) => heading === column.heading || heading === column.own_heading;
  const isHeaded = (value) => isOurs(value) || isOurs(value?.heading) || (value?.column && value.column === column.letter);
  for (const [key, value] of Object.entries(written)) {
    const languagesOfIt = typeof value === "object" && value !== null && !value.heading && !value.column ? Object.entries(value) : [];
    if (isHeaded(value)) changes.push({ at: [...at, "columns", key], unset: null });
    else changes.push(...languagesOfIt.filter(([, heading]) => isOurs(heading)).map(([lang]) => ({ at: [...at, "columns", key, lang], unset: null })));
  }
  const isWritten = changes.length > 0;
  const ignored = table.ignored.filter((heading) => heading !== column.own_heading);
  if (chosen === "ignore" && column.own_heading) ignored.push(column.own_heading);
  if (!same(ignored, table.ignored)) changes.push(ignored.length > 0 ? { at: [...at, "ignore"], set: ignored } : { at: [...at, "ignore"], unset: null });
  if (typeof chosen === "string") {
    // A heading that is known by itself isn't read only where project.toml says so.
    if (now && !isWritten) changes.push({ at: [...at, "columns", now.name], set: false });
    return changes;
  }
  const heading = column.heading || { column: column.letter };
  const old = written[chosen.name];
  const isByLanguage = chosen.lang && (old === undefined || (typeof old === "object" && old !== null && !old.heading && !old.column));
  if (isByLanguage) changes.push(old === undefined ? { at: [...at, "columns", chosen.name], set: { [chosen.lang]: heading } } : { at: [...at, "columns", chosen.name, chosen.lang], set: heading });
  else changes.push({ at: [...at, "columns", chosen.name], set: heading });
  return changes;
}

/** A sheet that no table is read from: what one row of it is can be chosen. */
function otherSheet(sheet) {
  const id = `sheet-${nameOf(sheet)}`;
  const likely = sheet.proposals[0]?.table;
  const select = element("select", { id: `${id}-is` }, element("option", { value: "" }, say("sheet-is-nothing")));
  for (const table of file.known.tables) {
    const text = `${table.group.label}: ${table.group.hint}`;
    select.append(element("option", { value: table.name }, table.name === likely ? say("likely", { text }) : text));
  }
  if (sheet.looks_like === "wide") select.append(element("option", { value: "wide" }, say("sheet-is-register")));
  select.addEventListener("change", () => select.value && take(sheet, select.value));
  const made = element("details", { id, class: "card" }, element("summary", { id: `${id}-fold` }, nameOf(sheet)));
  made.append(element("div", { class: "control" }, element("label", { for: select.id }, say("one-row-is")), select), plainPreview(sheet));
  return made;
}

function plainPreview(sheet) {
  const rows = sheet.rows.map(({ number, cells }) => element("tr", number === sheet.header_row ? { class: "header-row" } : {}, element("th", { scope: "row" }, String(number)), ...cells.map((text) => element("td", {}, text ?? "…"))));
  const head = element("thead", {}, element("tr", {}, element("th", { scope: "col" }, element("span", { class: "unseen" }, say("row-number"))), ...sheet.columns.map(({ letter }) => element("th", { scope: "col" }, letter))));
  const caption = say("first-rows", { sheet: nameOf(sheet) });
  return element("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": caption }, element("table", { class: "sheet" }, element("caption", {}, caption), head, element("tbody", {}, ...rows)));
}

/** Takes a sheet for a table: its place, and the headings that were guessed. */
function take(sheet, chosen) {
  const kinds = chosen === "wide" ? ["participants", "attendance"] : [chosen];
  const changes = kinds.flatMap((kind) => {
    const table = file.known.tables.find(({ name }) => name === kind);
    const { at } = table.group;
    const proposal = sheet.proposals.find((one) => one.table === (chosen === "wide" ? "participants" : kind));
    const wanted = (name) => kind !== "attendance" || chosen !== "wide" || name === "person";
    const guessed = (proposal?.columns ?? []).filter(({ guessed: isGuess, name }) => isGuess && wanted(name));
    const isThere = (key) => table.group.fields.some((rule) => rule.at.at(-1) === key && rule.value !== null);
    const gone = ["none", "files", "sheets", "layout", "heads", "marks", "activity"].filter(isThere).map((key) => ({ at: [...at, key], unset: null }));
    const place = [{ at: [...at, "file"], set: sheet.file }, ...(sheet.sheet ? [{ at: [...at, "sheet"], set: sheet.sheet }] : [])];
    const columns = table.written ? [{ at: [...at, "columns"], unset: null }] : [];
    columns.push(...guessed.map(({ name, lang, heading }) => ({ at: lang ? [...at, "columns", name, lang] : [...at, "columns", name], set: heading })));
    const shape = chosen === "wide" && kind === "attendance" ? shapeOf(sheet, at) : [];
    return [...gone, ...place, ...columns, ...shape];
  });
  file.write(changes, keyOf(file.known.tables.find(({ name }) => name === kinds.at(-1)).group.at));
}

function shapeOf(sheet, at) {
  const of = (wanted) => sheet.marks.filter(([, means]) => means === wanted).map(([text]) => text);
  return [
    { at: [...at, "layout"], set: "wide" },
    { at: [...at, "heads"], set: sheet.mark_heads?.[0] ?? "date" },
    { at: [...at, "marks"], set: { present: of(true), absent: ["", ...of(false).filter(Boolean)] } },
    ...(sheet.mark_heads?.[1] ? [{ at: [...at, "total"], set: sheet.mark_heads[1] }] : []),
  ];
}

/** The figures as they are now, in short. */
function result(state) {
  const counted = state?.counted;
  if (!counted) return [element("p", { class: "quiet" }, say("figures-none"))];
  const period = counted.periods.find(({ code }) => code === "project") ?? counted.periods.at(-1);
  const lines = (period?.figures ?? []).map((figure) =>
    element("li", {}, element("b", {}, figure.code), " ", ...(figure.title ? [spoken("span", figure.title), ": "] : []), element("b", {}, figure.cumulative ?? "–")),
  );
  const made = [element("ul", { class: "uses" }, ...lines)];
  if (!state.counted_now) made.unshift(element("p", { class: "banner" }, say("figures-old")));
  return made;
}
