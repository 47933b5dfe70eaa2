// What was sent, its files, and its figures beside today's.

import { whileBusy } from "./announce.js";
import { refusal, shownOutcome } from "./outcome.js";
import { addressOf, canOpenFiles, order, read } from "./program.js";
import { byId, element, say, spoken } from "./words.js";

let shown = "";
/** What came of a letter that was written here, by its report and period. */
const letters = new Map();

export function showSent(sent, isCounted) {
  const now = JSON.stringify([addressOf(""), sent, isCounted]);
  if (now === shown) {
    refreshOpen();
    return;
  }
  shown = now;
  const isLatest = (one) => sent.every((other) => other.report !== one.report || other.period !== one.period || other.version <= one.version);
  const items = sent.map((report, at) => item(report, at, isLatest(report))).reverse();
  byId("sent-list").replaceChildren(...(items.length > 0 ? items : [element("li", { class: "quiet" }, say("sent-none"))]));
}

/** A comparison that stands open follows the data. */
function refreshOpen() {
  for (const button of byId("sent-list").querySelectorAll("button[aria-expanded=true]")) fill(button);
}

function item({ report, period, period_name, version, date, to, files }, at, isLatest) {
  const facts = [say("sent-version", { version })];
  if (date) facts.push(say("sent-on", { day: date }));
  if (to) facts.push(say("sent-to", { whom: to }));
  const links = files.map((name) => {
    const isPdf = name.endsWith(".pdf");
    const attributes = { href: addressOf(`sent/${at}/${name}`), ...(isPdf ? { target: "_blank", rel: "noopener" } : { download: name }) };
    return element("li", {}, element("a", attributes, say(isPdf ? "open-pdf" : "save-file", { file: name })));
  });
  const target = element("div", { id: `beside-today-${at}` });
  const button = element("button", { type: "button", "aria-expanded": "false", "aria-controls": target.id, "data-at": at, "data-report": report, "data-period": period, ...(isLatest ? { "data-latest": "true" } : {}) });
  button.append(say("beside-today"));
  button.addEventListener("click", () => {
    const willShow = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(willShow));
    if (willShow) fill(button);
    else target.replaceChildren();
  });
  return element(
    "li",
    { class: "card" },
    element("h3", {}, say("report-for", { report, period: period_name })),
    element("p", { class: "overline" }, facts.join(" · ")),
    element("ul", { class: "files" }, ...links),
    element("p", {}, button),
    target,
  );
}

async function fill(button) {
  const compared = await read(`sent/${button.dataset.at}`);
  const target = byId(button.getAttribute("aria-controls"));
  if (button.getAttribute("aria-expanded") === "false") return;
  const { report, period, latest } = button.dataset;
  target.replaceChildren(...(compared ? comparison(compared, latest ? () => letter(report, period) : () => []) : [element("p", { class: "quiet" }, say("sent-unreadable"))]));
}

/** A button that has the letter written which corrects what was sent, and the letter once it is there. */
function letter(report, period) {
  const button = element("button", { type: "button", id: `letter-${period}-${report}` }, say("letter-write"));
  const name = addressOf(`${period}/${report}`);
  const said = element("div", { id: `${button.id}-said`, role: "status" }, ...(letters.get(name) ?? []));
  const write = async () => {
    const outcome = await order("erratum", { report, period }, (status) => said.replaceChildren(refusal(status)));
    if (!outcome) return;
    const links = outcome.written.map((path) => {
      const file = path.split("/").at(-1);
      const isPdf = file.endsWith(".pdf");
      const attributes = { href: addressOf(`outputs/${path}`), ...(isPdf ? { target: "_blank", rel: "noopener" } : { download: file }) };
      return element("li", {}, element("a", attributes, say(isPdf ? "open-pdf" : "save-file", { file })));
    });
    const made = shownOutcome(outcome, button.id, canOpenFiles());
    if (links.length > 0) made.unshift(element("p", { class: "done" }, say("letter-written")), element("ul", { class: "files" }, ...links));
    letters.set(name, made);
    // A new reading may have drawn all of it anew meanwhile.
    (byId(said.id) ?? said).replaceChildren(...made);
  };
  button.addEventListener("click", () => whileBusy(button, write));
  return [element("p", { class: "hint" }, say("letter-hint", { place: `narrative/${report}/${period}/erratum.*.md` })), element("p", {}, button), said];
}

function comparison({ title, lines, sentences }, correcting) {
  const changed = lines.some(({ period, cumulative }) => period.differs || cumulative.differs);
  const heads = [
    ["indicator", ""],
    ["period", "sent-value"],
    ["period", "today-value"],
    ["cumulative", "sent-value"],
    ["cumulative", "today-value"],
  ].map(([word, more]) => element("th", { scope: "col", ...(more && { class: "number" }) }, [say(word), more && say(more)].filter(Boolean).join(" · ")));
  const table = element("table", {}, element("caption", {}, title), element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines.map(line)));
  const made = [element("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": title }, table)];
  if (!changed) made.unshift(element("p", { class: "quiet" }, say("no-difference")));
  if (sentences.length > 0) {
    const items = sentences.map(({ document, section, gone, new: added }) =>
      element("li", {}, `${document} ${section}`, ...gone.map((text) => element("del", {}, text)), ...added.map((text) => element("ins", {}, text))),
    );
    made.push(element("h4", {}, say("sentences-changed")), element("ul", { class: "sentences" }, ...items));
  }
  if (changed || sentences.length > 0) made.push(...correcting());
  return made;
}

function line({ code, title, period, cumulative, added, removed, changed, cells: corrected }) {
  const name = element("th", { scope: "row" }, element("span", { class: "code" }, code), " ", spoken("span", title));
  const because = [["because-added", added], ["because-removed", removed], ["because-changed", changed], ["because-cells", corrected]];
  for (const [word, rows] of because) {
    if (rows.length > 0) name.append(element("span", { class: "because" }, say(word, { rows: rows.join(", ") })));
  }
  const cells = [period, cumulative].flatMap(({ sent, today, differs }) => [
    element("td", { class: "number" }, sent),
    element("td", { class: differs ? "number differs" : "number" }, today, ...(differs ? [element("span", { class: "unseen" }, ` (${say("differs")})`)] : [])),
  ]);
  return element("tr", {}, name, ...cells);
}
