// The figures of a period by result, each a button that shows the rows behind it. A new reading is written into the rows that
// stand, so that focus, place and what was opened stay.

import { evidence } from "./evidence.js";
import { read } from "./program.js";
import { showSheets } from "./row-uses.js";
import { trendOf } from "./trend.js";
import { byId, element, offer, say, spoken } from "./words.js";

const SCOPES = ["period", "served", "cumulative"];
const COLUMNS = 8;

const table = byId("figure-table");
const select = byId("period");
const beside = byId("beside");

/** The reading that is shown. */
let counted = null;
/** The rows of the table that stand, in their order. */
let rows = [];
/** Which evidence is open: period, indicator and scope. */
const open = new Set();

select.addEventListener("change", () => write());
beside.addEventListener("change", () => write());

/** Shows a reading; gives what differs from the one before of the same project, in the period that is chosen. */
export function showFigures(reading, period, isSameProject) {
  const before = isSameProject ? counted : null;
  if (!isSameProject) open.clear();
  counted = reading;
  table.hidden = counted === null;
  if (counted === null) return [];
  const options = counted.periods.map(({ code, name }) => ({ value: code, text: `${code} · ${name}` }));
  if (!offer(select, options) && period) choosePeriod(period);
  offer(beside, [{ value: "", text: say("beside-none") }, ...options]);
  showSheets(counted);
  const old = before?.periods.find(({ code }) => code === select.value);
  return write(old);
}

/** The period of the document that is looked at. */
export function showPeriod(code) {
  if (counted && select.value !== code && choosePeriod(code)) write();
}

function choosePeriod(code) {
  const at = [...select.options].findIndex((option) => option.value === code);
  if (at >= 0) select.selectedIndex = at;
  return at >= 0;
}

function write(old) {
  const period = counted.periods[select.selectedIndex];
  if (!period) return [];
  const other = counted.periods.find(({ code }) => code === beside.value && code !== period.code);
  makeRows(period);
  const changes = [];
  rows.forEach((row, at) => {
    const was = old?.figures.find(({ code }) => code === row.code);
    changes.push(...row.write(period.figures[at], was, other && { period: other.code, figure: other.figures[at] }));
    row.unfold(period);
  });
  return changes;
}

/** The rows of the table, below the results that they belong to; those that stand are kept. */
function makeRows(period) {
  const order = JSON.stringify([counted.results, period.figures.map(({ code }) => code)]);
  if (table.dataset.order === order) return;
  table.dataset.order = order;
  const focused = document.activeElement?.id;
  table.querySelectorAll("tbody").forEach((body) => body.remove());
  rows = period.figures.map(({ code }, at) => makeRow(code, at));
  for (const { code, title, level, indicators } of counted.results) {
    const name = element("th", { scope: "rowgroup", colspan: COLUMNS });
    if (code) name.append(element("span", { class: "code" }, code), " ", spoken("span", title));
    else name.append(say("no-result"));
    if (level) name.append(" ", element("span", { class: "unit" }, level));
    table.append(element("tbody", { class: "result" }, element("tr", {}, name)));
    table.append(...indicators.map((at) => rows[at].body));
  }
  if (focused) byId(focused)?.focus();
}

function makeRow(code, at) {
  const name = element("th", { scope: "row" });
  const buttons = SCOPES.map((scope) => {
    const id = `figure-${at}-${scope}`;
    return element("button", { type: "button", id, class: "figure", "aria-expanded": "false" });
  });
  const cells = buttons.map((button) => element("td", { class: "number" }, button));
  const others = Array.from({ length: COLUMNS - 2 - SCOPES.length }, () => element("td", { class: "number" }));
  others.push(element("td"));
  const body = element("tbody", {}, element("tr", {}, name, ...cells, ...others));
  const row = { code, body, write: writeRow, unfold };
  buttons.forEach((button, scope) => button.addEventListener("click", () => toggle(row, SCOPES[scope])));
  return row;

  function writeRow(figure, was, other) {
    const label = element("span", { class: "code" }, code);
    name.replaceChildren(label, " ", spoken("span", figure.title), " ", spoken("span", figure.unit, { class: "unit" }));
    const changes = [];
    SCOPES.forEach((scope, place) => {
      const value = figure[scope];
      buttons[place].hidden = value === null;
      const shown = [breaking(value ?? ""), hint(`, ${say("show-rows", { code, scope: say(scope) })}`)];
      if (was && was[scope] !== value) {
        const old = was[scope] ?? say("absent");
        shown.push(element("span", { class: "was" }, say("was", { old })));
        changes.push(say("changed-figure", { code, scope: say(scope), old, new: value ?? say("absent") }));
      }
      buttons[place].replaceChildren(...shown);
      const compared = other && other.figure[scope] !== null && say("beside-value", { period: other.period, value: breaking(other.figure[scope]) });
      cells[place].replaceChildren(buttons[place], ...(compared ? [element("span", { class: "beside" }, compared)] : []));
    });
    const status = element("span", { class: `status ${figure.status.code}` }, figure.status.text);
    [[figure.target_due], [figure.target_total], [breaking(figure.progress), " ", status], [trendOf(code, figure.trend)]].forEach((shown, place) => {
      others[place].replaceChildren(...shown);
    });
    return changes;
  }

  /** Brings the evidence that is open into line with the period. */
  function unfold(period) {
    SCOPES.forEach((scope, place) => {
      const wanted = open.has(key(period.code, code, scope)) && !buttons[place].hidden;
      const id = `evidence-${at}-${scope}`;
      const standing = body.querySelector(`#${id}`);
      buttons[place].setAttribute("aria-expanded", String(wanted));
      if (!wanted) {
        standing?.remove();
        buttons[place].removeAttribute("aria-controls");
        return;
      }
      const shown = standing ?? element("tr", { id, class: "evidence" }, element("td", { colspan: COLUMNS, "aria-busy": "true" }));
      if (!standing) body.append(shown);
      buttons[place].setAttribute("aria-controls", id);
      fetchEvidence(shown.firstElementChild, { period, code, scope });
    });
  }
}

function toggle(row, scope) {
  const period = counted.periods[select.selectedIndex];
  const name = key(period.code, row.code, scope);
  if (!open.delete(name)) open.add(name);
  row.unfold(period);
}

const key = (...parts) => parts.join("\n");

/** A value that may break after a word such as “about”, so that its column stays narrow; a number stays whole. */
const breaking = (value) => value.replace(/(\p{L})\u00a0/gu, "$1 ");

/** Said to a screen reader only. */
const hint = (text) => element("span", { class: "unseen" }, text);

async function fetchEvidence(cell, { period, code, scope }) {
  const at = period.figures.findIndex((figure) => figure.code === code);
  const rows = await read(`figures/${counted.revision}/${counted.periods.indexOf(period)}/${at}/${scope}`);
  // A newer reading came in between, and brings its own.
  if (!rows) return;
  const text = JSON.stringify(rows);
  cell.setAttribute("aria-busy", "false");
  const value = period.figures[at][scope];
  if (cell.dataset.shown === `${value}\n${text}`) return;
  cell.dataset.shown = `${value}\n${text}`;
  cell.replaceChildren(...evidence({ code, scope, value }, rows));
}
