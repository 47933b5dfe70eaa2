// What an officer waits for: a letter typed into the narrative of a project with three hundred indicators, and the new page
// after a save in a small one.

import assert from "node:assert/strict";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSection, paneOf } from "./writing.mjs";

/** How many saves are timed. */
const SAVES = 9;

/** An invented project with so many indicators, in CSV. */
export async function inventProject(folder, indicators) {
  await mkdir(folder, { recursive: true });
  const rows = (count, row) => Array.from({ length: count }, (_, at) => row(at + 1)).join("\n");
  const types = ["training", "meeting", "visit"];
  await writeFile(
    join(folder, "project.toml"),
    `code = "MANY-01"
languages = ["mk", "en"]
start = 2025-01-01
end = 2025-12-31
title = { mk = "Измислен проект", en = "An invented project" }
[periods]
quarters = true
[[reports]]
name = "quarterly"
periods = ["2025-Q1", "2025-Q2"]
documents = [["mk"], ["en"]]
[tables.activities]
file = "activities.csv"
[tables.attendance]
file = "attendance.csv"
[tables.indicators]
file = "indicators.csv"
`,
  );
  const day = (at) => `2025-${String(1 + (at % 6)).padStart(2, "0")}-${String(1 + (at % 28)).padStart(2, "0")}`;
  await writeFile(join(folder, "activities.csv"), `id,date,type,title (mk),title (en)\n${rows(60, (at) => `A-${at},${day(at)},${types[at % 3]},Настан ${at},Event ${at}`)}\n`);
  await writeFile(join(folder, "attendance.csv"), `activity,person,sex\n${rows(900, (at) => `A-${1 + (at % 60)},P-${1 + (at % 400)},${at % 2 ? "F" : "M"}`)}\n`);
  const indicator = (at) =>
    `T${at},Показател број ${at},Indicator number ${at},лица,people,${at % 2 ? "people" : "attendances"},type = ${types[at % 3]},sex,${100 + at}`;
  await writeFile(join(folder, "indicators.csv"), `code,title (mk),title (en),unit (mk),unit (en),calculation,where,by,target\n${rows(indicators, indicator)}\n`);
}

/** Types while the program saves, reads and draws; prints how long a letter waited for the screen. */
export async function measureTyping(page, address) {
  await page.goto(address);
  await page.locator('nav a[data-to="writing"]').click();
  await page.locator("#section-list li").first().waitFor({ timeout: 120_000 });
  await openSection(page, "/writing/quarterly/2025-Q1/summary");
  const english = paneOf(page, "English");
  await english.getByRole("button", { name: "Begin for this period" }).click();
  await english.getByRole("textbox").waitFor();
  await page.evaluate(() => {
    globalThis.waits = [];
    globalThis.tasks = [];
    addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => globalThis.waits.push(performance.now() - timeStamp))), true);
    new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask", buffered: false });
  });
  // Pauses of more than a second, in which it is saved and read again, between words that are typed meanwhile.
  for (let round = 0; round < 4; round += 1) {
    await page.keyboard.type("People came to {{actual \"T1\"}} and to other events that were held. ", { delay: 40 });
    await page.waitForTimeout(1200);
  }
  await page.waitForFunction(() => document.querySelector('.pane .save-state[data-state="good"]'));
  const { waits, tasks } = await page.evaluate(() => ({ waits: globalThis.waits, tasks: globalThis.tasks }));
  assert.ok(waits.length > 200, `only ${waits.length} keys were seen`);
  waits.sort((a, b) => a - b);
  const at = (share) => Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))]);
  const longest = Math.round(Math.max(0, ...tasks));
  console.log(`a letter with 300 indicators: median ${at(0.5)} ms, of a hundred the slowest ${at(0.99)} ms, longest task ${longest} ms`);
  // On a machine that does other things some letters are late; most never are.
  assert.ok(at(0.5) < 200, "letters wait");
}

/** Saves a table over and over; prints how long it took until the changed page was on the screen. */
export async function measureSaves(page, address, folder) {
  const table = join(folder, "attendance.csv");
  const old = await readFile(table, "utf8");
  const save = async (text) => {
    await writeFile(`${table}.tmp`, text);
    await rename(`${table}.tmp`, table);
  };
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(address);
  await page.waitForFunction(() => document.querySelector("#page-list img")?.naturalWidth > 0, null, { timeout: 120_000 });
  const times = [];
  for (let round = 0; round < SAVES; round += 1) {
    const before = await page.locator("#page-list li").first().getAttribute("data-page");
    const begun = Date.now();
    await save(round % 2 === 0 ? `${old}A-6,P-late,F\n` : old);
    await page.waitForFunction(
      (before) => {
        const item = document.querySelector("#page-list li");
        const picture = item.querySelector("img");
        return item.dataset.page !== before && picture.complete && picture.naturalWidth > 0;
      },
      before,
      { timeout: 120_000 },
    );
    times.push(Date.now() - begun);
  }
  times.sort((a, b) => a - b);
  console.log(`from the save to the new page, small project: median ${times[SAVES >> 1]} ms, longest ${times.at(-1)} ms`);
}
