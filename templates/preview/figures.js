// The figures of a period, each a button that shows the rows behind it. A new reading is written into the rows that
// stand, so that focus, place and what was opened stay.

import { evidence } from "./evidence.js";
import { byId, element, offer, say, spoken } from "./words.js";

const SCOPES = ["period", "served", "cumulative"];
const COLUMNS = 7;

const table = byId("figure-table");
const select = byId("period");

/** The reading that is shown. */
let counted = null;
/** The rows of the table that stand, in their order. */
let rows = [];
/** Which evidence is open: period, indicator and scope. */
const open = new Set();

select.addEventListener("change", () => write());

/** Shows a reading; gives what differs from the one before, in the period that is chosen. */
export function showFigures(reading, period) {
  const before = counted;
  counted = reading;
  table.hidden = counted === null;
  if (counted === null) return [];
  const options = counted.periods.map(({ code, name }) => ({ value: code, text: `${code} · ${name}` }));
  if (!offer(select, options) && period) choosePeriod(period);
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
  const codes = period.figures.map(({ code }) => code);
  if (codes.join("\n") !== rows.map(({ code }) => code).join("\n")) {
    const focused = document.activeElement?.id;
    rows.forEach(({ body }) => body.remove());
    rows = codes.map((code, at) => makeRow(code, at));
    table.append(...rows.map(({ body }) => body));
    if (focused) byId(focused)?.focus();
  }
  const changes = [];
  rows.forEach((row, at) => {
    const was = old?.figures.find(({ code }) => code === row.code);
    changes.push(...row.write(period.figures[at], was));
    row.unfold(period);
  });
  return changes;
}

function makeRow(code, at) {
  const name = element("th", { scope: "row" });
  const buttons = SCOPES.map((scope) => {
    const id = `figure-${at}-${scope}`;
    return element("button", { type: "button", id, class: "figure", "aria-expanded": "false" });
  });
  const cells = buttons.map((button) => element("td", { class: "number" }, button));
  const others = Array.from({ length: COLUMNS - 1 - SCOPES.length }, () => element("td", { class: "number" }));
  const body = element("tbody", {}, element("tr", {}, name, ...cells, ...others));
  const row = { code, body, write: writeRow, unfold };
  buttons.forEach((button, scope) => button.addEventListener("click", () => toggle(row, SCOPES[scope])));
  return row;

  function writeRow(figure, was) {
    const label = element("span", { class: "code" }, code);
    name.replaceChildren(label, " ", spoken("span", figure.title), " ", spoken("span", figure.unit, { class: "unit" }));
    const changes = [];
    SCOPES.forEach((scope, place) => {
      const value = figure[scope];
      buttons[place].hidden = value === null;
      const shown = [value ?? "", hint(`, ${say("show-rows", { code, scope: say(scope) })}`)];
      if (was && was[scope] !== value) {
        const old = was[scope] ?? say("absent");
        shown.push(element("span", { class: "was" }, say("was", { old })));
        changes.push(say("changed-figure", { code, scope: say(scope), old, new: value ?? say("absent") }));
      }
      buttons[place].replaceChildren(...shown);
    });
    const status = element("span", { class: `status ${figure.status.code}` }, figure.status.text);
    [[figure.target_due], [figure.target_total], [figure.progress, " ", status]].forEach((shown, place) => {
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

/** Said to a screen reader only. */
const hint = (text) => element("span", { class: "unseen" }, text);

async function fetchEvidence(cell, { period, code, scope }) {
  const at = period.figures.findIndex((figure) => figure.code === code);
  const answer = await fetch(`/evidence/${counted.revision}/${counted.periods.indexOf(period)}/${at}/${scope}`);
  // A newer reading came in between, and brings its own.
  if (!answer.ok) return;
  const text = await answer.text();
  cell.setAttribute("aria-busy", "false");
  const value = period.figures[at][scope];
  if (cell.dataset.shown === `${value}\n${text}`) return;
  cell.dataset.shown = `${value}\n${text}`;
  cell.replaceChildren(...evidence({ code, scope, value }, JSON.parse(text)));
}
