// What a limit for small groups hides, looked at before it is written.

import { read } from "./program.js";
import { element, say } from "./words.js";

/** A button that shows what the typed limit would hide; `report`: null for the whole project, `typed` gives the number. */
export function lookAtHidden(id, report, typed) {
  const button = element("button", { type: "button", id: `${id}-look` }, say("look-hidden"));
  const place = element("div", { role: "status" });
  button.addEventListener("click", async () => {
    const limit = typed();
    const found = Number.isInteger(limit) ? await read(`hidden/${report ?? "-"}/${limit}`) : null;
    if (!found) {
      place.replaceChildren(element("p", { class: "quiet" }, say("look-hidden-not")));
      return;
    }
    const lines = found.map(({ report: name, now, then }) => element("li", {}, element("b", {}, name), ": ", told(say("hidden-now"), now), "; ", told(say("hidden-then", { limit }), then)));
    place.replaceChildren(element("ul", { class: "uses" }, ...lines));
  });
  return element("div", {}, button, place);
}

const told = (word, { shown, hidden, axes }) => `${word} ${say("hidden-parts", { hidden, all: shown + hidden })}${axes > 0 ? `, ${say("hidden-axes", { count: axes })}` : ""}`;
