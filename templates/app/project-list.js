// The projects of the folder, each with how it stands.

import { byId, element, say, spoken } from "./words.js";

let shown = "";

export function showProjects(projects) {
  const now = JSON.stringify(projects.map(({ work, ...rest }) => rest));
  if (now === shown) return;
  shown = now;
  const focused = document.activeElement?.id;
  byId("project-list").replaceChildren(...projects.map(item));
  if (focused?.startsWith("project-link-")) byId(focused)?.focus();
}

function item(project) {
  const title = project.title ?? { text: project.folder, lang: "" };
  const link = element("a", { href: `#${project.id}/problems`, id: `project-link-${project.id}` });
  link.append(spoken("span", title));
  return element(
    "li",
    { class: "card" },
    element("h3", {}, link),
    element("p", { class: "overline" }, [project.code, project.folder].filter(Boolean).join(" · ")),
    element("dl", {}, ...fact("state", state(project)), ...fact("reports-state", reports(project)), ...fact("next-due", next(project))),
  );
}

const fact = (word, shown) => [element("dt", {}, say(word)), element("dd", {}, ...shown)];

function state({ revision, errors, warnings }) {
  if (revision === 0) return [say("reading")];
  if (errors > 0) return [element("span", { class: "badge bad" }, say("state-errors", { count: errors }))];
  if (warnings > 0) return [element("span", { class: "badge fair" }, say("state-warnings", { count: warnings }))];
  return [element("span", { class: "badge good" }, say("state-good"))];
}

function reports({ built, up_to_date, waiting, sent, restated }) {
  const word = up_to_date ? "built-current" : built ? "built-old" : "built-never";
  const shown = [element("span", { class: `badge ${up_to_date ? "good" : "fair"}` }, say(word))];
  if (waiting > 0) shown.push(" ", element("span", { class: "badge fair" }, say("figures-since", { count: waiting })));
  if (sent > 0) shown.push(" ", element("span", { class: "badge" }, say("sent-count", { count: sent })));
  if (restated) shown.push(" ", element("span", { class: "badge fair" }, say("sent-restated")));
  return shown;
}

const next = (project) => [project.next ? say("next-report", project.next) : project.revision > 0 ? say("next-none") : ""];
