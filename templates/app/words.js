// The page's words, and elements made of data: a text stays a text, whatever it holds.

const words = await (await fetch("words.json")).json();

/** A word of the page with its {placeholders} filled in; one pass, so that braces in data stay text. */
export function say(word, values = {}) {
  return words[word].replace(/\{(\w+)\}/g, (braces, name) => (name in values ? String(values[name]) : braces));
}

/** An element with its attributes and children. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A text of the project in an element that knows its language. */
export function spoken(tag, { text, lang }, attributes = {}) {
  return element(tag, lang ? { ...attributes, lang } : attributes, text);
}

/** A message's text with what it quotes between backticks as code. */
export function quoting(text) {
  return text.split(/`([^`]+)`/).map((part, at) => (at % 2 === 1 ? element("code", {}, part) : part));
}

/** A period of the project's as a choice names it: the whole of it has no code that a reader would know. */
export const periodWord = (code) => (code === "project" ? say("whole-project") : code);

/** Fills a choice and keeps what was chosen, where it is still there; tells whether it is. */
export function offer(select, options) {
  const same =
    select.length === options.length &&
    options.every(({ value, text }, at) => select.options[at].text === text && select.options[at].value === String(value));
  if (same) return true;
  const chosen = select.value;
  select.replaceChildren(...options.map(({ value, text }) => element("option", { value }, text)));
  const still = options.findIndex(({ value }) => String(value) === chosen);
  select.selectedIndex = Math.max(still, 0);
  return still >= 0;
}

export const byId = (id) => document.getElementById(id);
