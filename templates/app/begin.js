// A new project: by a few questions, of workbooks that are there, or the example to look around in.

import { whileBusy } from "./announce.js";
import { byId, element, quoting, say } from "./words.js";

const SOURCES = [
  { of: "questions", word: "begin-questions" },
  { of: "workbooks", word: "begin-workbooks" },
  { of: "example", word: "begin-example" },
];

const TEXTS = [
  { name: "title", word: "begin-title" },
  { name: "donor", word: "begin-donor" },
  { name: "organisation", word: "begin-organisation" },
];

/** What was answered before the page's language was changed: the window's name carries it over that step alone. */
const CARRIED = "answers:";
let carried = window.name.startsWith(CARRIED) ? JSON.parse(window.name.slice(CARRIED.length)) : null;
if (carried) window.name = "";

/** What is typed and chosen for a new project, by the control; `null` if nothing is in sight to be answered. */
export function answersGiven() {
  const form = byId("begin-form");
  if (!form || document.body.dataset.view !== "begin") return null;
  const controls = [...form.querySelectorAll("input:not([type=file]), select")];
  return controls.map((one) => [one.id, ["checkbox", "radio"].includes(one.type) ? one.checked : one.value]);
}

export function carryAnswers(answers) {
  if (answers) window.name = CARRIED + JSON.stringify(answers);
}

/** Answers again as before; what is chosen first, since it says what else is asked. */
function answerAgain(form, answers) {
  for (const isChosen of [true, false]) {
    for (const [id, value] of answers.filter(([, value]) => (typeof value === "boolean") === isChosen)) {
      const control = form.querySelector(`#${CSS.escape(id)}`);
      if (!control) continue;
      if (isChosen) control.checked = value;
      else control.value = value;
      control.dispatchEvent(new Event(isChosen ? "change" : "input"));
    }
  }
}

let choices = null;
let drawn = "";

/** Shows the questions; what was answered stays where nothing new is to be chosen from. */
export async function showBeginning() {
  const answer = await fetch("begin.json");
  if (!answer.ok) return;
  choices = await answer.json();
  const now = JSON.stringify(choices);
  if (now === drawn || byId("begin-result")?.childElementCount > 0) return;
  drawn = now;
  const form = questions();
  byId("begin-place").replaceChildren(form);
  if (carried) answerAgain(form, carried);
  carried = null;
}

const control = (label, made, hint) => {
  const parts = [element("label", { for: made.id }, label), made];
  if (hint) parts.push(element("p", { class: "hint" }, hint));
  return element("div", { class: "control" }, ...parts);
};

function questions() {
  const sources = SOURCES.map(({ of, word }) => {
    const radio = element("input", { type: "radio", name: "begin-of", id: `begin-of-${of}`, value: of });
    radio.checked = of === "questions";
    return { of, radio, label: element("label", { class: "check", for: radio.id }, radio, " ", say(word)) };
  });
  const of = () => sources.find(({ radio }) => radio.checked).of;
  const folder = element("input", { id: "begin-folder", type: "text", autocomplete: "off", required: "", pattern: "[^\\s\\/\\\\:]{1,60}" });
  const there = element("select", { id: "begin-there" }, element("option", { value: "" }, say("begin-there-none")));
  there.append(...choices.folders.map(({ name, files }) => element("option", { value: name }, `${name}: ${files.join(", ")}`)));
  there.addEventListener("change", () => (folder.value = there.value || folder.value));
  const files = element("input", { id: "begin-files", type: "file", multiple: "", accept: ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.tsv" });
  const workbooks = element("div", {}, ...(choices.folders.length > 0 ? [control(say("begin-there"), there)] : []), control(say("begin-files"), files, say("begin-files-hint")));
  const own = document.documentElement.lang;
  const languages = choices.languages.map(({ value, text }) => {
    const box = element("input", { type: "checkbox", id: `begin-language-${value}` });
    box.checked = ["mk", "en"].includes(value);
    return { value, text, box, label: element("label", { class: "check", for: box.id }, box, " ", text) };
  });
  /** The page's own language is taken for the source language where it is one of them. */
  const tags = () => {
    const chosen = languages.filter(({ box }) => box.checked).map(({ value }) => value);
    return [...chosen.filter((lang) => lang === own), ...chosen.filter((lang) => lang !== own)];
  };
  const texts = TEXTS.map(({ name, word }) => ({ name, place: element("fieldset", {}, element("legend", {}, say(word))), given: {} }));
  const askTexts = () => {
    for (const { name, place, given } of texts) {
      const inputs = tags().map((lang) => {
        const made = element("input", { id: `begin-${name}-${lang}`, type: "text", lang, autocomplete: "off" });
        made.value = given[lang] ?? "";
        made.addEventListener("input", () => (given[lang] = made.value));
        return control(languages.find(({ value }) => value === lang).text, made);
      });
      place.replaceChildren(place.firstChild, ...inputs);
    }
  };
  languages.forEach(({ box }) => box.addEventListener("change", askTexts));
  askTexts();
  const grant = element("input", { id: "begin-grant", type: "text", autocomplete: "off" });
  const reports = choices.reports.map(({ profile, title, usual }) => {
    const box = element("input", { type: "checkbox", id: `begin-report-${profile}` });
    box.checked = usual;
    return { profile, box, label: element("label", { class: "check", for: box.id }, box, " ", title) };
  });
  const [first, last] = ["start", "end"].map((name) => element("input", { id: `begin-${name}`, type: "date" }));
  const daysHint = element("p", { class: "hint" }, say("begin-days-hint"));
  [first.value, last.value] = [choices.start, choices.end];
  const rest = element(
    "div",
    {},
    element("fieldset", {}, element("legend", {}, say("begin-languages")), element("div", { class: "checks" }, ...languages.map(({ label }) => label))),
    texts[0].place,
    element("div", { class: "choices" }, control(say("first-day"), first), control(say("last-day"), last)),
    daysHint,
    texts[2].place,
    texts[1].place,
    control(say("begin-grant"), grant),
    element("fieldset", {}, element("legend", {}, say("begin-reports")), ...reports.map(({ label }) => element("div", {}, label))),
  );
  const arrange = () => {
    workbooks.hidden = of() !== "workbooks";
    rest.hidden = of() === "example";
    daysHint.hidden = of() !== "workbooks";
    if (of() === "example" && folder.value === "") folder.value = "example";
    if (of() === "workbooks" && first.value === choices.start && last.value === choices.end) first.value = last.value = "";
    if (of() === "questions" && first.value === "") [first.value, last.value] = [choices.start, choices.end];
  };
  sources.forEach(({ radio }) => radio.addEventListener("change", arrange));
  arrange();
  const button = element("button", { type: "submit", class: "main" }, say("begin-now"));
  const result = element("div", { id: "begin-result", role: "status" });
  const form = element(
    "form",
    { id: "begin-form" },
    element("fieldset", {}, element("legend", {}, say("begin-where")), element("div", {}, ...sources.map(({ label }) => element("div", {}, label)))),
    control(say("begin-folder"), folder, say("begin-folder-hint")),
    workbooks,
    rest,
    element("p", {}, button),
    result,
  );
  const make = async () => {
    const name = folder.value.trim();
    const isExample = of() === "example";
    const given = Object.fromEntries(texts.map(({ name: text, given: words }) => [text, words]));
    const refused = of() === "workbooks" ? await give(name, [...files.files]) : null;
    const request = isExample
      ? { folder: name, of: "example" }
      : { folder: name, of: of(), languages: tags(), start: first.value, end: last.value, grant: grant.value, reports: reports.filter(({ box }) => box.checked).map(({ profile }) => profile), ...given };
    const outcome = refused ?? (await ask("begin", JSON.stringify(request)));
    told(result, outcome, isExample);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(button, make);
  });
  return form;
}

/** Copies workbooks into the new project's folder; what refuses one, else null. */
async function give(folder, files) {
  for (const file of files) {
    const outcome = await ask(`begin/${encodeURIComponent(folder)}/${encodeURIComponent(file.name)}`, file);
    if (!outcome?.done) return outcome ?? { done: false, messages: [say("failed")] };
  }
  return null;
}

async function ask(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", body });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function told(result, outcome, isExample) {
  if (!outcome?.done) {
    const messages = outcome?.messages?.length > 0 ? outcome.messages : [say("failed")];
    result.replaceChildren(...messages.map((message) => element("p", { class: "banner" }, ...quoting(message))));
    result.firstChild.scrollIntoView({ block: "nearest" });
    return;
  }
  const link = element("a", { href: `#${outcome.id}/tables`, id: "begin-open" }, say("begin-open"));
  link.addEventListener("click", () => {
    drawn = "";
    byId("begin-place").replaceChildren();
  });
  const made = [element("p", { class: "done" }, madeOf(outcome.files)), element("p", {}, link)];
  if (!isExample) made.push(besideIt());
  result.replaceChildren(...made);
  link.focus();
}

/** The files in short: those beside project.toml by name, what lies deeper by its number. */
function madeOf(files) {
  const isDeep = (file) => file.includes("/");
  const made = say("begin-made", { files: files.filter((file) => !isDeep(file)).join(", ") });
  const count = files.filter(isDeep).length;
  return count > 0 ? `${made}. ${say("begin-made-deeper", { count })}` : made;
}

/** The example, made into a folder of its own and opened beside the new project. */
function besideIt() {
  const button = element("button", { type: "button", id: "begin-beside" }, say("begin-beside"));
  const place = element("p", {}, button);
  const make = async () => {
    const outcome = await ask("begin", JSON.stringify({ folder: "example", of: "example" }));
    if (outcome?.done) {
      const link = element("a", { href: `#${outcome.id}/figures`, target: "_blank", rel: "noopener" }, say("begin-example-open"));
      place.replaceChildren(link);
      link.focus();
    } else {
      place.replaceChildren(button, element("span", { class: "banner" }, ...quoting((outcome?.messages ?? [say("failed")]).join(" "))));
      button.focus();
    }
  };
  button.addEventListener("click", () => whileBusy(button, make));
  return place;
}
