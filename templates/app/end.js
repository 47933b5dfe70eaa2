// Ends the program from its page: it may have no window of its own.

import { byId, element, say } from "./words.js";

byId("end").addEventListener("click", async () => {
  try {
    const answer = await fetch("end", { method: "POST" });
    if (!answer.ok) return;
  } catch {
    return; // It has ended already, and the page says so.
  }
  dispatchEvent(new Event("ended"));
  const heading = element("header", {}, element("h1", {}, document.title));
  document.body.replaceChildren(heading, element("main", {}, element("p", { class: "done", role: "status" }, say("ended"))));
});
