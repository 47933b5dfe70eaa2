// The app in a real browser, as an officer uses it: an error broken and mended in a workbook, a figure opened to its
// rows, a build, a download, a report kept as sent, a late row and what it changed beside what was sent; writing
// (writing.mjs); once by keyboard alone; what axe-core says of every screen, wide and narrow, light and dark, in both
// languages; and what is waited for (waiting.mjs).
//
// node app.mjs PROGRAM PROJECT [FOLDER for pictures]

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { chromium } from "playwright-core";
import { inventProject, measureSaves, measureTyping } from "./waiting.mjs";
import { write } from "./writing.mjs";

const [program, project, pictures] = process.argv.slice(2);
const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const scratch = await mkdtemp(join(tmpdir(), "app-"));
const folder = join(scratch, "projects");
const example = join(folder, "example");
const workbook = join(example, "participants.xlsx");
const attendance = "xl/worksheets/sheet2.xml";
const VIEWS = ["problems", "figures", "writing", "pages", "outputs", "sent"];
await cp(project, example, { recursive: true });

/** Starts the program; gives it with the address that it tells. */
async function start(of, ...more) {
  const child = spawn(program, [...more, "app", "--no-open", of], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const [address] = line.match(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\//) ?? [];
    assert.ok(address, line);
    return { child, address };
  }
  throw new Error("the program ended");
}

/** Changes the sheet of attendance and saves as office programs do: written aside, then renamed. */
async function change(edit) {
  const files = unzipSync(await readFile(workbook));
  files[attendance] = strToU8(edit(strFromU8(files[attendance])));
  await writeFile(`${workbook}.tmp`, zipSync(files));
  await rename(`${workbook}.tmp`, workbook);
}

/** Puts another value into a cell. */
function save(cell, written) {
  return change((sheet) => {
    const place = new RegExp(`<c r="${cell}"( s="\\d+")?[^>]*>.*?</c>`);
    assert.match(sheet, place);
    return sheet.replace(place, (_, style = "") => `<c r="${cell}"${style}${written}</c>`);
  });
}

async function content(cell) {
  const sheet = strFromU8(unzipSync(await readFile(workbook))[attendance]);
  return sheet.match(new RegExp(`<c r="${cell}"(?: s="\\d+")?([^>]*>.*?)</c>`))[1];
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** What is wrong for people who use the page with other senses or tools. */
async function listen(page, name) {
  // The page's own policy lets no script in; the driver may bring one.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n  ")}`);
  assert.deepEqual(told, [], name);
}

const text = async (locator) => (await locator.textContent()).trim();
const show = (page, view) => page.locator(`nav a[data-to="${view}"]`).click();

/** Every screen at this width, in light and dark. */
async function lookAround(page, width, name) {
  await page.setViewportSize({ width, height: width < 600 ? 800 : 900 });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const view of VIEWS) {
      await show(page, view);
      const look = `${name}, ${view}, ${width}, ${colorScheme}`;
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `wider than its window: ${look}`);
      await listen(page, look);
      await picture(page, look.replaceAll(", ", "-"));
    }
  }
}

if (pictures) await mkdir(pictures, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
let running;
try {
  running = await start(folder);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", acceptDownloads: true });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(running.address)) complaints.push(`asked elsewhere: ${request.url()}`);
  });

  await page.goto(running.address);
  await page.getByText("There are no problems.").waitFor();
  await page.evaluate(() => (globalThis.same = true));

  // An error: its cell is told and marked among the rows around it, which show no more than codes; figures and pages stay.
  const [person, day] = [await content("B11"), await content("C11")];
  await save("C11", ' t="inlineStr"><is><t>31-02-17</t></is>');
  const problem = page.locator("#problem-list .problem.error").first();
  await problem.waitFor();
  assert.match(await text(problem), /participants\.xlsx, sheet Присуства, cell C11/);
  const sheet = problem.locator("table.sheet");
  await sheet.waitFor();
  assert.match(await text(sheet.locator("mark")), /^31-02-17/);
  assert.equal(await sheet.locator("mark").count(), 1);
  assert.equal(await text(page.locator("#problem-count")), "1");
  await listen(page, "an error");
  await picture(page, "error-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await listen(page, "an error, dark");
  await picture(page, "error-dark");
  await page.emulateMedia({ colorScheme: "light" });
  const begun = Date.now();
  await save("C11", day);
  await page.getByText("There are no problems.").waitFor();
  console.log(`from the save to the page: ${Date.now() - begun} ms`);

  // A figure opens its rows, and follows the workbook without a reload.
  await show(page, "figures");
  await page.locator("#figures").getByLabel("Reporting period").selectOption("2017-Q1");
  const figure = page.getByRole("row", { name: /^I14 / }).getByRole("button").first();
  assert.match(await text(figure), /^391/);
  await page.waitForFunction(() => document.querySelector("#page-list img")?.naturalWidth > 0);
  await figure.click();
  const evidence = page.getByRole("group", { name: "Rows that count: 391" });
  await evidence.waitFor();
  assert.equal(await figure.getAttribute("aria-expanded"), "true");
  assert.match(await text(evidence), /participants\.xlsx/);
  await listen(page, "rows of a figure");
  await picture(page, "evidence-light");
  await figure.evaluate((button) => button.scrollIntoView({ block: "center" }));
  const seenAt = async () => Math.round((await figure.boundingBox()).y);
  const before = await seenAt();
  await save("B11", await content("B4"));
  await page.getByRole("group", { name: "Rows that count: 390" }).waitFor();
  assert.match(await text(figure), /^390.*was 391$/);
  assert.match(await text(page.locator("header [role=status]")), /I14, In the period: 391 → 390/);
  assert.equal(await seenAt(), before, "the figure moved under the reader's eyes");
  await save("B11", person);
  await page.getByRole("group", { name: "Rows that count: 391" }).waitFor();

  // Another period beside it, and in what a row counts.
  await page.getByLabel("Beside").selectOption("2017-Q2");
  await page.getByText(/^2017-Q2: \d+/).first().waitFor();
  await page.locator("#row-sheet").selectOption({ label: "participants.xlsx:Присуства" });
  await page.getByLabel("Row", { exact: true }).fill("11");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("participants.xlsx:Присуства, row 11").waitFor();
  await page.locator(".uses li", { hasText: "I14" }).getByText("counts", { exact: true }).waitFor();

  // Build, save a file, keep the report as sent.
  await show(page, "outputs");
  await page.getByRole("button", { name: "Build the reports" }).click();
  await page.getByText("All files are up to date.").waitFor({ timeout: 120_000 });
  await page.locator("#outcome .done").waitFor();
  const card = page.locator("#unit-list .card", { hasText: "first quarter of 2017" });
  const saving = page.waitForEvent("download");
  await card.getByRole("link", { name: /^Save quarterly\.en\.xlsx/ }).click();
  const saved = await (await saving).path();
  assert.deepEqual(await readFile(saved), await readFile(join(folder, "build/MYLA-2017-01/2017-Q1/quarterly.en.xlsx")));
  await card.getByText("Keep as sent").click();
  await card.getByLabel("Day of sending").fill("2017-04-18");
  await card.getByLabel("Sent to").fill("An invented donor");
  await card.getByRole("button", { name: "Keep" }).click();
  await card.locator(".done").waitFor();
  assert.ok((await stat(join(example, "submitted/2017-Q1"))).isDirectory());

  // A late row; what was sent stands beside today.
  await show(page, "sent");
  await page.getByRole("button", { name: "Show it beside today" }).click();
  await page.getByText("No figure differs from what was sent.").waitFor();
  await save("B11", await content("B4"));
  const late = page.locator("#sent-list tr", { hasText: "I14" });
  await late.locator(".differs").first().waitFor();
  assert.match(await text(late), /391.*390/);
  await listen(page, "sent beside today");
  await picture(page, "sent-light");

  // The letter that corrects it is written and shown.
  await page.getByRole("button", { name: "Write the letter that corrects it" }).click();
  const letter = page.locator("#sent-list").getByRole("link", { name: /quarterly\.erratum\..*\.pdf/ }).first();
  await letter.waitFor({ timeout: 60_000 });
  const address = await letter.evaluate(({ href }) => href);
  assert.equal((await (await page.request.get(address)).body()).subarray(0, 5).toString(), "%PDF-");
  await listen(page, "a letter");
  await picture(page, "letter-light");

  // The file that was really sent takes the place of what was built; by keyboard alone but for choosing it.
  await page.locator("#really-sent summary").focus();
  await page.keyboard.press("Enter");
  await page.locator("#really-sent-unit").selectOption({ label: "quarterly, first quarter of 2017" });
  await page.locator("#really-sent-files").setInputFiles(join(folder, "build/MYLA-2017-01/2017-Q1/quarterly.mk.pdf"));
  await page.locator("#really-sent-date").fill("2017-04-19");
  await page.locator("#really-sent-to").focus();
  await page.keyboard.type("The same invented donor");
  await page.keyboard.press("Enter");
  await page.locator("#really-sent-answer .done").first().waitFor();
  await page.locator("#sent-list").getByText("The same invented donor").waitFor();
  await listen(page, "a file that was really sent");
  await picture(page, "really-sent-light");
  const guide = await page.request.get(await page.locator("#to-guide").evaluate(({ href }) => href), { timeout: 60_000 });
  assert.equal((await guide.body()).subarray(0, 5).toString(), "%PDF-");
  await page.getByRole("button", { name: "Show it beside today" }).first().click();
  await late.locator(".differs").first().waitFor();
  await save("B11", person);
  await page.getByText("No figure differs from what was sent.").waitFor();
  assert.equal(await page.evaluate(() => globalThis.same), true, "the page was loaded anew");

  const outputs = join(folder, "build/MYLA-2017-01");
  await write({ page, context, address: running.address, example, outputs, listen, picture, show });
  assert.equal(await page.evaluate(() => globalThis.same), true, "the page was loaded anew");
  await lookAround(page, 1440, "en");
  await lookAround(page, 360, "en");

  // By keyboard alone: past the head of the page, to the figures, into the rows of one, and back.
  const keys = await context.newPage();
  await keys.setViewportSize({ width: 1440, height: 900 });
  await keys.goto(running.address);
  await keys.getByText("There are no problems.").waitFor();
  const focused = () =>
    keys.evaluate(() => {
      const { id, dataset, hash } = document.activeElement;
      return { id, to: dataset.to, hash, seen: document.activeElement.matches(":focus-visible") };
    });
  const tabUntil = async (isThere, most) => {
    for (let stops = 0; !isThere(await focused()); stops += 1) {
      assert.ok(stops < most, "what is looked for is a few stops away");
      await keys.keyboard.press("Tab");
    }
    assert.ok((await focused()).seen, "what has the focus is seen");
  };
  await keys.keyboard.press("Tab");
  assert.equal((await focused()).hash, "#content", "the first stop skips to the content");
  await tabUntil(({ to }) => to === "figures", 6);
  await keys.keyboard.press("Enter");
  await keys.getByRole("row", { name: /^I14 / }).waitFor();
  await tabUntil(({ id }) => /^figure-\d/.test(id), 15);
  const { id } = await focused();
  await keys.keyboard.press("Enter");
  await keys.locator(`[id="${id}"][aria-expanded="true"]`).waitFor();
  await keys.getByRole("heading", { name: /^The rows behind / }).waitFor();
  assert.equal((await focused()).id, id, "the focus stays on the figure");
  await keys.keyboard.press("Space");
  await keys.locator(`[id="${id}"][aria-expanded="false"]`).waitFor();
  await keys.close();
  assert.deepEqual(complaints, []);

  // The program ends, and the page says so.
  running.child.kill("SIGINT");
  await page.getByText("No connection to the program.").waitFor();
  await page.close();

  // Macedonian, and a list of several projects.
  await cp(example, join(folder, "other"), { recursive: true });
  running = await start(folder, "--messages", "mk");
  const macedonian = await context.newPage();
  await macedonian.goto(running.address);
  await macedonian.getByText("Следно за испраќање").nth(1).waitFor();
  await macedonian.waitForFunction(() => document.querySelectorAll("#project-list .badge").length >= 4);
  for (const width of [1440, 360]) {
    await macedonian.setViewportSize({ width, height: 900 });
    await listen(macedonian, `list, ${width}`);
    await picture(macedonian, `mk-list-${width}`);
  }
  await macedonian.locator("#project-list a").first().click();
  await macedonian.getByText("Нема проблеми.").waitFor();
  await lookAround(macedonian, 1440, "mk");
  await lookAround(macedonian, 360, "mk");

  // The page ends the program, which may have no window of its own.
  const ended = once(running.child, "exit");
  await macedonian.locator("#end").click();
  await macedonian.getByText("Програмата заврши.").waitFor();
  assert.equal((await ended)[0], 0);
  await listen(macedonian, "ended");
  await picture(macedonian, "mk-ended");

  // What is waited for: a letter, never; a new page, for a moment.
  for (const [name, indicators, measure] of [
    ["many", 300, measureTyping],
    ["small", 8, measureSaves],
  ]) {
    running.child.kill("SIGINT");
    await inventProject(join(scratch, name), indicators);
    running = await start(join(scratch, name));
    const timed = await context.newPage();
    await measure(timed, running.address, join(scratch, name));
    await timed.close();
  }
  console.log("the browser agrees");
} finally {
  running?.child.kill("SIGINT");
  await browser.close();
  await rm(scratch, { recursive: true, force: true });
}
