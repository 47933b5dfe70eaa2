// What is said and where the keyboard is, for those who don't see the page: results are announced by regions that are there
// from the beginning, and a button keeps the focus while it works.

import { byId } from "./words.js";

/** Has a screen reader say that something is done, or at once that it isn't. */
export function announce(words, isDone) {
  const [place, other] = isDone ? ["announced", "announced-now"] : ["announced-now", "announced"];
  byId(other).textContent = "";
  // The same words twice in turn are news, too.
  byId(place).textContent = byId(place).textContent === words ? `${words}\u00a0` : words;
}

/** Has a button do its work, and nothing else until that is done. */
export async function whileBusy(button, work) {
  if (isBusy(button)) return;
  setBusy(button, true);
  try {
    await work();
  } finally {
    setBusy(button, false);
  }
}

export const isBusy = (button) => button.getAttribute("aria-disabled") === "true";

export function setBusy(button, busy) {
  if (busy) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

/** Puts something else in the place of a list's content; where what had the focus is gone, the list has it. */
export function keepingFocus(list, redraw) {
  const held = list.contains(document.activeElement) ? document.activeElement : null;
  redraw();
  if (!held || held.isConnected) return;
  const again = held.id ? byId(held.id) : null;
  if (again && list.contains(again)) again.focus();
  else focusList(list);
}

/** Gives a list the focus that something removed from it had. */
export function focusList(list) {
  list.tabIndex = -1;
  list.focus({ preventScroll: true });
}
