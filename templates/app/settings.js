// What an officer decides of the project as a whole: who, when, for whom, which reports, how they look.

import { addingReport } from "./add-report.js";
import { controlOf } from "./controls.js";
import { formCells } from "./form-cells.js";
import { guided } from "./guide.js";
import { lookAtHidden } from "./hidden.js";
import { order } from "./program.js";
import { SettingFile, keyOf } from "./setting-file.js";
import { byId, element, say } from "./words.js";

const file = new SettingFile("settings.json", "setting-groups", draw);

export const expectSettings = (project) => file.expect(project);
export const showSettings = (project) => file.show(project);

function draw({ broken, groups }) {
  byId("settings-broken").hidden = !broken;
  return groups.map(group);
}

function field(rule) {
  const made = file.field(rule, file.known.options);
  if (rule.kind === "limit") made.append(lookAtHidden(`set-${rule.at.join("-")}`, reportAt(rule.at), () => limitIn(made, rule)));
  return made;
}

/** The report that a setting is of. */
const reportAt = ([group, place]) => (group === "reports" ? (file.known.groups.find(({ name }) => name === "reports").items[place]?.title ?? null) : null);

/** The limit as it is typed, else as it holds. */
function limitIn(made, { value, usual }) {
  const text = made.querySelector("input").value.trim();
  const holds = typeof value === "object" ? value?.default : value;
  return text === "" ? (holds ?? usual ?? 5) : Number(text);
}

function group({ name, label, hint, at, fields, items, fresh }) {
  const made = element("details", { id: `group-${name}`, class: "group" }, element("summary", { id: `group-${name}-fold` }, element("h3", {}, label)));
  const chapter = { reports: "forms", forms: "forms", privacy: "people" }[name];
  if (chapter) made.append(guided(hint ?? "", chapter));
  else if (hint) made.append(element("p", { class: "hint" }, hint));
  made.append(...fields.map(field));
  if (items) made.append(...items.map((item, place) => entry(name, item, place, items.length)));
  made.append(...file.notes(keyOf(at)));
  if (name === "reports") made.append(addingReport(file.known.options, (request) => addReport(request, keyOf(at))));
  else if (fresh) made.append(adding(name, at, fresh));
  return made;
}

/** An entry of a list, folded under its name. */
function entry(name, { title, at, fields }, place, count) {
  const id = `entry-${name}-${place}`;
  const made = element("details", { id, class: "card" }, element("summary", { id: `${id}-fold` }, title || say("without-name")));
  made.append(...fields.map(field));
  if (name === "forms") made.append(formCells(place, file.known.options.indicators ?? [], () => file.refresh()));
  const sure = element("details", { id: `${id}-remove`, class: "removing" }, element("summary", { id: `${id}-remove-fold` }, say("remove")));
  const button = element("button", { type: "button", id: `${id}-remove-now` }, say("remove-really", { name: title }));
  button.addEventListener("click", () => {
    file.forget();
    file.write([{ at, unset: null }], keyOf(at.slice(0, -1)));
  });
  sure.append(button);
  if (name !== "reports" || count > 1) made.append(sure);
  return made;
}

/** The form for a new entry of a list. */
function adding(name, at, { add, fields }) {
  const id = `add-${name}`;
  const values = {};
  const controls = fields.map((rule) => {
    const [key] = rule.at;
    const keep = (value) => (values[key] = value);
    const control = controlOf({ ...rule, at: [...at, "new", key] }, file.known.options, { typed: keep, left: keep });
    return element("div", { class: "setting" }, control, ...(rule.hint ? [element("p", { class: "hint" }, rule.hint)] : []));
  });
  const form = element("form", { id: `${id}-form` }, ...controls, element("p", {}, element("button", { type: "submit", class: "main", id: `${id}-now` }, add)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = fields.map(({ at: [key] }) => [key, values[key] ?? null]).filter(([, value]) => value !== null);
    file.write([{ at, add: given }], keyOf(at));
  });
  return element("details", { id, class: "adding" }, element("summary", { id: `${id}-fold` }, add), form);
}

async function addReport(request, place) {
  await file.answered(await order("reports", { based_on: file.known.hash, ...request }), place);
}
