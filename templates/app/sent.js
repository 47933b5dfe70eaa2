// What was sent, its files, and its figures beside today's.

import { addressOf, read } from "./program.js";
import { byId, element, say, spoken } from "./words.js";

let shown = "";

export function showSent(sent, isCounted) {
  const now = JSON.stringify([addressOf(""), sent, isCounted]);
  if (now === shown) {
    refreshOpen();
    return;
  }
  shown = now;
  const items = sent.map((report, at) => item(report, at)).reverse();
  byId("sent-list").replaceChildren(...(items.length > 0 ? items : [element("li", { class: "quiet" }, say("sent-none"))]));
}

/** A comparison that stands open follows the data. */
function refreshOpen() {
  for (const button of byId("sent-list").querySelectorAll("button[aria-expanded=true]")) fill(button);
}

function item({ report, period_name, version, date, to, files }, at) {
  const facts = [say("sent-version", { version })];
  if (date) facts.push(say("sent-on", { day: date }));
  if (to) facts.push(say("sent-to", { whom: to }));
  const links = files.map((name) => {
    const isPdf = name.endsWith(".pdf");
    const attributes = { href: addressOf(`sent/${at}/${name}`), ...(isPdf ? { target: "_blank", rel: "noopener" } : { download: name }) };
    return element("li", {}, element("a", attributes, say(isPdf ? "open-pdf" : "save-file", { file: name })));
  });
  const target = element("div", { id: `beside-today-${at}` });
  const button = element("button", { type: "button", "aria-expanded": "false", "aria-controls": target.id, "data-at": at });
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
  target.replaceChildren(...(compared ? comparison(compared) : [element("p", { class: "quiet" }, say("sent-unreadable"))]));
}

function comparison({ title, lines, sentences }) {
  const changed = lines.some(({ period, cumulative }) => period.differs || cumulative.differs);
  const heads = [
    ["indicator", ""],
    ["period", "sent-value"],
    ["period", "today-value"],
    ["cumulative", "sent-value"],
    ["cumulative", "today-value"],
  ].map(([word, more]) => element("th", { scope: "col" }, [say(word), more && say(more)].filter(Boolean).join(" · ")));
  const table = element("table", {}, element("caption", {}, title), element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines.map(line)));
  const made = [element("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": title }, table)];
  if (!changed) made.unshift(element("p", { class: "quiet" }, say("no-difference")));
  if (sentences.length > 0) {
    const items = sentences.map(({ document, section, gone, new: added }) =>
      element("li", {}, `${document} ${section}`, ...gone.map((text) => element("del", {}, text)), ...added.map((text) => element("ins", {}, text))),
    );
    made.push(element("h4", {}, say("sentences-changed")), element("ul", { class: "sentences" }, ...items));
  }
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
