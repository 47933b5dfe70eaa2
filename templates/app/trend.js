// A figure's values period by period as small columns.

import { element, say } from "./words.js";

const WIDTH = 7;
const GAP = 2;
const HEIGHT = 24;

/** At most this many periods, the last ones. */
const MOST = 16;

export function trendOf(code, trend) {
  const columns = trend.slice(-MOST);
  if (columns.length < 2) return "";
  const list = columns.map(({ period, value }) => `${period} ${value}`).join("; ");
  const svg = drawn("svg", { class: "trend", role: "img", "aria-label": say("trend-of", { code, list }), width: columns.length * (WIDTH + GAP), height: HEIGHT + 1 });
  svg.append(drawn("title", {}, list));
  columns.forEach(({ height }, at) => {
    const tall = Math.max(1, Math.round((height * HEIGHT) / 100));
    svg.append(drawn("rect", { x: at * (WIDTH + GAP), y: HEIGHT + 1 - tall, width: WIDTH, height: tall }));
  });
  return svg;
}

function drawn(tag, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}
