// An officer's first half hour in a real browser, without a terminal and without project.toml: a project from a few
// questions, rows typed into its workbook by a library, a mistake broken and mended, a donor's form added, a build and a
// download; a second window and an editor outside at the same time; a project from workbooks that are there, with a column
// chosen for something else; and what axe-core says of these screens.
//
// node begin.mjs PROGRAM PYTHON [FOLDER for pictures]; PYTHON has openpyxl

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const [program, python, pictures] = process.argv.slice(2);
const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const scratch = await mkdtemp(join(tmpdir(), "begin-"));
const home = join(scratch, "projects");
await mkdir(home);

async function start(...more) {
  const child = spawn(program, [...more, "app", "--no-open", home], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const [address] = line.match(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\//) ?? [];
    assert.ok(address, line);
    return { child, address };
  }
  throw new Error("the program ended");
}

const type = (project, sheets) => run(python, ["-B", join(here, "type_rows.py"), join(home, project, "data.xlsx"), JSON.stringify(sheets)]);

/** A workbook of an office, made by the same library. */
const workbook = (path, sheets) =>
  run(python, [
    "-B",
    "-c",
    "import json, sys, openpyxl\nbook = openpyxl.Workbook()\nbook.remove(book.active)\nfor name, rows in json.loads(sys.argv[2]).items():\n    sheet = book.create_sheet(name)\n    [sheet.append(row) for row in rows]\nbook.save(sys.argv[1])",
    path,
    JSON.stringify(sheets),
  ]);

async function listen(page, name) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n  ")}`);
  assert.deepEqual(told, [], name);
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** A screen at both widths, in light and dark, with all that is folded away. */
async function lookAround(page, name) {
  const size = page.viewportSize();
  for (const width of [1440, 360]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const look = `${name}-${width}-${colorScheme}`;
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `wider than its window: ${look}`);
      await listen(page, look);
      await picture(page, look);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(size);
}

const show = (page, view) => page.locator(`nav a[data-to="${view}"]`).click();
const toml = (project) => readFile(join(home, project, "project.toml"), "utf8");

async function until(check, what) {
  for (let turn = 0; turn < 150; turn += 1) {
    if (await check()) return;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  throw new Error(`waited in vain: ${what}`);
}

/** Unfolds a group of settings. */
async function unfold(page, id) {
  const details = page.locator(`[id="${id}"]`);
  if (!(await details.evaluate((one) => one.open))) await page.locator(`[id="${id}-fold"]`).click();
  return details;
}

if (pictures) await mkdir(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"] });
let running;
try {
  running = await start();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", acceptDownloads: true });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));

  // Where there is no project, the page asks for one. What can't be is refused in words.
  await page.goto(running.address);
  await page.getByRole("heading", { name: "New project" }).waitFor();
  await lookAround(page, "en-begin");
  await page.getByLabel("Name of its folder").fill("con");
  await page.getByRole("button", { name: "Make the project" }).click();
  await page.locator("#begin-result .banner").waitFor();
  await page.getByLabel("Name of its folder").fill("water");
  await page.locator("#begin-title-en").fill("Clean water");
  await page.locator("#begin-title-mk").fill("Чиста вода");
  await page.locator("#begin-donor-en").fill("An invented fund");
  await page.locator("#begin-donor-mk").fill("Измислен фонд");
  await page.locator("#begin-organisation-en").fill("Example Association");
  await page.getByLabel("First day").fill("2026-01-01");
  await page.getByLabel("Last day").fill("2026-12-31");
  await page.getByRole("button", { name: "Make the project" }).click();
  await page.locator("#begin-open").waitFor();
  assert.match(await toml("water"), /title = \{ (en = "Clean water", mk|mk = "Чиста вода", en)/);

  // The example beside it, in another window.
  await page.getByRole("button", { name: "Make the example too" }).click();
  await page.getByRole("link", { name: "Open the example" }).waitFor();
  assert.ok((await stat(join(home, "example/project.toml"))).isFile());

  // Rows are typed into the workbook; the page sees the save, and what is wrong with a cell.
  await page.locator("#begin-open").click();
  await page.getByRole("heading", { name: "Tables", exact: true }).waitFor();
  await type("water", {
    Activities: [
      { Code: "A-01", Date: "@2026-02-03", Type: "Обука", Status: "completed", "Title (mk)": "Прва обука", "Title (en)": "First training", Municipality: "Скопје" },
      { Code: "A-02", Date: "31-02-26", Type: "Состанок", Status: "completed", "Title (mk)": "Состанок", "Title (en)": "Meeting", Municipality: "Скопје" },
    ],
  });
  await show(page, "problems");
  const problem = page.locator("#problem-list .problem.error", { hasText: "B6" });
  await problem.waitFor();
  assert.match(await problem.textContent(), /data\.xlsx, sheet Activities, cell B6/);
  await type("water", { Activities: [{}, { Date: "@2026-03-04" }] });
  await page.locator("#problem-list .problem.error").waitFor({ state: "detached" });
  await show(page, "tables");
  await page.getByText("rows read: 2, used: 2, with an error: 0").first().waitFor({ state: "attached" });

  // A setting is written when it is left; remarks stay.
  await show(page, "settings");
  await unfold(page, "group-project");
  const remarks = (text) => text.split("\n").filter((line) => line.trim().startsWith("#"));
  const before = await toml("water");
  await page.locator("#set-data_until").fill("2026-06-30");
  await page.locator("#set-data_until").blur();
  await until(async () => (await toml("water")).includes("data_until = 2026-06-30"), "data_until");
  assert.deepEqual(remarks(await toml("water")), remarks(before));

  // A second window and an editor outside: what one typed before the other wrote is shown beside it, and nothing is lost.
  const second = await context.newPage();
  await second.goto(page.url());
  await unfold(second, "group-project");
  await second.locator("#set-notice-en").fill("Draft of the second");
  await writeFile(join(home, "water/project.toml"), (await toml("water")).replace("\ntitle =", '\nnotice = { en = "Draft of the editor" }\ntitle ='));
  await second.getByText("In the file now: Draft of the editor").waitFor();
  await second.locator("#set-notice-en").blur();
  await second.getByText("Typed here: Draft of the second").waitFor();
  assert.match(await toml("water"), /Draft of the editor/);
  await picture(second, "en-both");
  await listen(second, "both values");
  await second.getByRole("button", { name: "Write what is typed here" }).click();
  await until(async () => (await toml("water")).includes("Draft of the second"), "the second's");
  assert.ok(!(await toml("water")).includes("Draft of the editor"));
  await until(async () => (await page.locator("#set-notice-en").inputValue()) === "Draft of the second", "the first window shows it");
  await second.close();

  // A donor's interim form: its name, its period, its languages; its sections lie ready.
  await unfold(page, "group-reports");
  await unfold(page, "add-reports");
  await page.locator("#new-report-profile").selectOption("eu-annex-vi-interim");
  await page.locator("#new-report-period").selectOption({ label: "other days …" });
  await page.locator("#new-report-start").fill("2026-01-01");
  await page.locator("#new-report-end").fill("2026-06-30");
  await page.locator("#add-report-form button[type=submit]").click();
  await page.getByText("The report was added.").waitFor();
  const interim = join(home, "water/narrative/eu-annex-vi-interim/2026-01--06");
  assert.match(await readFile(join(interim, "2-1-summary.en.md"), "utf8"), /^\{\{! /);
  for (const lang of ["en", "mk"]) await writeFile(join(interim, `2-1-summary.${lang}.md`), lang === "en" ? "Water ran.\n" : "Водата течеше.\n");
  for (const id of ["group-implementer", "group-donors", "group-privacy", "group-theme"]) await unfold(page, id);
  await page.locator("#group-privacy").getByRole("button", { name: "Look at what it hides" }).click();
  await lookAround(page, "en-settings");
  await show(page, "tables");
  await unfold(page, "table-activities");
  await unfold(page, "table-attendance");
  await unfold(page, "table-attendance-more");
  await lookAround(page, "en-tables");

  // Build and save.
  await show(page, "outputs");
  await page.getByRole("button", { name: "Build the reports" }).click();
  await page.locator("#outcome p").first().waitFor({ timeout: 120_000 });
  await page.getByRole("link", { name: /^Save .*\.xlsx/ }).first().waitFor({ timeout: 60_000 });
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: /^Save .*\.xlsx/ }).first().click();
  assert.ok((await stat(await (await saving).path())).size > 1000);
  await page.close();
  running.child.kill("SIGINT");

  // From workbooks that are there, in Macedonian: a register with a column for each day, chosen column by column.
  running = await start("--messages", "mk");
  const officer = await context.newPage();
  officer.on("pageerror", (error) => complaints.push(String(error)));
  await workbook(join(scratch, "evidencija.xlsx"), {
    Активности: [
      ["Евиденција на активности"],
      ["Шифра", "Одржано", "Вид", "Наслов", "Каде"],
      ["A-01", "03.02.2026", "Обука", "Прва", "Скопје"],
      ["A-02", "04.03.2026", "Обука", "Втора", "Битола"],
      ["A-03", "05.03.2026", "Обука", "Трета", "Битола"],
      ["A-04", "06.03.2026", "Обука", "Четврта", "Скопје"],
    ],
    Присуство: [
      ["Шифра на лице", "Пол", "Година на раѓање", "03.02.2026", "04.03.2026", "05.03.2026", "06.03.2026"],
      ["U-1", "ж", 1990, "✓", "✓", "✓", ""],
      ["U-2", "м", 1985, "✓", "", "✓", "✓"],
      ["U-3", "ж", 2001, "", "✓", "", "✓"],
      ["U-4", "ж", 1999, "✓", "✓", "", ""],
    ],
  });
  await officer.goto(`${running.address}#begin`);
  await officer.locator("#begin-of-workbooks").check();
  await officer.locator("#begin-folder").fill("register");
  await officer.locator("#begin-files").setInputFiles(join(scratch, "evidencija.xlsx"));
  await lookAround(officer, "mk-begin");
  await officer.locator("#begin-form button[type=submit]").click();
  await officer.locator("#begin-open").waitFor();
  await officer.locator("#begin-open").click();
  await officer.locator("#table-attendance-fold").waitFor();
  await unfold(officer, "table-activities");
  await unfold(officer, "table-attendance");
  await unfold(officer, "table-attendance-more");
  const select = officer.locator('select[id^="meaning-activities-"]').nth(4);
  await select.selectOption("ignore");
  await until(async () => /ignore = \["Каде"\]/.test(await toml("register")), "the column is ignored");
  const place = await officer.locator('select[id^="meaning-activities-"]').nth(4).locator("option", { hasText: "(municipality)" }).getAttribute("value");
  await officer.locator('select[id^="meaning-activities-"]').nth(4).selectOption(place);
  await until(async () => /municipality = "Каде"/.test(await toml("register")), "the column is a municipality");
  assert.ok(!/ignore = \["Каде"\]/.test(await toml("register")));
  await lookAround(officer, "mk-tables");
  await show(officer, "settings");
  await unfold(officer, "group-project");
  await unfold(officer, "group-reports");
  await unfold(officer, "entry-reports-0");
  await lookAround(officer, "mk-settings");
  assert.deepEqual(complaints, []);
  console.log("the officer agrees");
} finally {
  running?.child.kill("SIGINT");
  await browser.close();
  await rm(scratch, { recursive: true, force: true });
}
