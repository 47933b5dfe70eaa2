// The preview in a real browser: clicks a figure and sees its rows, changes a cell of the workbook and sees the figure
// change without a reload; the same by keyboard alone; and what axe-core says of it in every look.
//
// node preview.mjs PROGRAM PROJECT [FOLDER for pictures]

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { chromium } from "playwright-core";

const [program, project, pictures] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const scratch = await mkdtemp(join(tmpdir(), "preview-"));
const folder = join(scratch, "project");
const workbook = join(folder, "participants.xlsx");
const attendance = "xl/worksheets/sheet2.xml";
await cp(project, folder, { recursive: true });

/** Starts the program; gives it with the address that it tells. */
async function preview(...more) {
  const child = spawn(program, [...more, "preview", folder], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const [address] = line.match(/http:\/\/127\.0\.0\.1:\d+\//) ?? [];
    assert.ok(address, line);
    return { child, address };
  }
  throw new Error("the program ended");
}

/** Puts another value into a cell and saves as office programs do: written aside, then renamed. */
async function save(cell, written) {
  const files = unzipSync(await readFile(workbook));
  const sheet = strFromU8(files[attendance]);
  const place = new RegExp(`<c r="${cell}"( s="\\d+")?[^>]*>.*?</c>`);
  assert.match(sheet, place);
  files[attendance] = strToU8(sheet.replace(place, (_, style = "") => `<c r="${cell}"${style}${written}</c>`));
  await writeFile(`${workbook}.tmp`, zipSync(files));
  await rename(`${workbook}.tmp`, workbook);
}

async function content(cell) {
  const sheet = strFromU8(unzipSync(await readFile(workbook))[attendance]);
  return sheet.match(new RegExp(`<c r="${cell}"(?: s="\\d+")?([^>]*>.*?)</c>`))[1];
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** What is wrong for people who use the page with other senses or tools. */
async function listen(page, name) {
  // The page's own policy lets no script in; the driver may bring one.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n  ")}`);
  assert.deepEqual(told, [], name);
}
const axeSource = await readFile(axe, "utf8");

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
  running = await preview();
  const page = await browser.newPage({ viewport: { width: 1500, height: 950 }, colorScheme: "light" });
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(running.address)) complaints.push(`asked elsewhere: ${request.url()}`);
  });

  await page.goto(running.address);
  await page.getByLabel("Reporting period").selectOption("2017-Q1");
  const row = page.getByRole("row", { name: /^I14 / });
  const figure = row.getByRole("button").first();
  const text = async (locator) => (await locator.textContent()).trim();
  assert.match(await text(figure), /^391/);
  await page.waitForFunction(() => document.querySelector("#page-list img")?.naturalWidth > 0);
  await picture(page, "wide-light");

  // A click shows the rows.
  await figure.click();
  const evidence = page.getByRole("group", { name: "Rows that count: 391" });
  await evidence.waitFor();
  assert.equal(await figure.getAttribute("aria-expanded"), "true");
  assert.match(await text(evidence), /participants\.xlsx/);
  await listen(page, "wide, light");
  await picture(page, "evidence-light");

  // A cell of the workbook is changed: the figure and its rows follow, and nothing was loaded anew.
  await page.evaluate(() => (globalThis.same = true));
  await figure.evaluate((button) => button.scrollIntoView({ block: "center" }));
  const seenAt = async () => Math.round((await figure.boundingBox()).y);
  const before = await seenAt();
  const [person, day] = [await content("B11"), await content("C11")];
  await save("B11", await content("B4"));
  await page.getByRole("group", { name: "Rows that count: 390" }).waitFor();
  assert.match(await text(figure), /^390.*was 391$/);
  assert.match(await text(page.getByRole("status")), /I14, In the period: 391 → 390/);
  assert.equal(await figure.getAttribute("aria-expanded"), "true");
  assert.equal(await page.evaluate(() => globalThis.same), true, "the page was loaded anew");
  assert.equal(await seenAt(), before, "the figure moved under the reader's eyes");
  await picture(page, "changed-light");

  // An error: its cell is told, figures and pages stay; mended, it is gone.
  await save("C11", ' t="inlineStr"><is><t>31-02-17</t></is>');
  const problem = page.locator("#problem-list .problem.error").first();
  await problem.waitFor();
  assert.match(await text(problem), /participants\.xlsx, sheet Присуства, cell C11/);
  assert.ok(await page.getByText("Shown are the last good pages.").isVisible());
  assert.match(await text(figure), /^390/);
  await page.emulateMedia({ colorScheme: "dark" });
  await listen(page, "with an error, dark");
  await picture(page, "error-dark");
  await save("C11", day);
  await save("B11", person);
  await page.getByRole("group", { name: "Rows that count: 391" }).waitFor();
  assert.equal(await page.locator("#problem-list .problem.error").count(), 0);

  // By keyboard alone: past the head of the page to a figure, its rows, and back.
  const keys = await browser.newPage({ viewport: { width: 1500, height: 950 } });
  await keys.goto(running.address);
  await keys.getByRole("row", { name: /^I14 / }).waitFor();
  await keys.keyboard.press("Tab");
  assert.equal(await keys.evaluate(() => document.activeElement.hash), "#figures", "the first stop skips to the figures");
  await keys.keyboard.press("Enter");
  const focused = () => keys.evaluate(() => ({ id: document.activeElement.id, seen: document.activeElement.matches(":focus-visible") }));
  let stops = 0;
  while (!(await focused()).id.startsWith("figure-") || (await focused()).id === "figure-table") {
    await keys.keyboard.press("Tab");
    assert.ok(++stops < 10, "a figure is a few stops away");
  }
  const { id, seen } = await focused();
  assert.ok(seen, "what has the focus is seen");
  await keys.keyboard.press("Enter");
  await keys.locator(`[id="${id}"][aria-expanded="true"]`).waitFor();
  await keys.getByRole("heading", { name: /^The rows behind / }).waitFor();
  assert.equal((await focused()).id, id, "the focus stays on the figure");
  await keys.keyboard.press("Space");
  await keys.locator(`[id="${id}"][aria-expanded="false"]`).waitFor();
  assert.equal(await keys.getByRole("heading", { name: /^The rows behind / }).count(), 0);
  await keys.close();

  // On a narrow screen nothing sticks out.
  await page.setViewportSize({ width: 400, height: 850 });
  await page.evaluate(() => scrollTo(0, 0));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than its window");
  await listen(page, "narrow, dark");
  await picture(page, "narrow-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await listen(page, "narrow, light");
  await picture(page, "narrow-light");
  assert.deepEqual(complaints, []);

  // The program ends, and the page says so.
  running.child.kill("SIGINT");
  await page.getByText("No connection to the program.").waitFor();
  await page.close();

  running = await preview("--messages", "mk");
  const macedonian = await browser.newPage({ viewport: { width: 1500, height: 950 }, colorScheme: "light" });
  await macedonian.goto(running.address);
  await macedonian.getByRole("row", { name: /^I14 / }).waitFor();
  await listen(macedonian, "Macedonian");
  await picture(macedonian, "wide-mk");
  console.log("the browser agrees");
} finally {
  running?.child.kill("SIGINT");
  await browser.close();
  await rm(scratch, { recursive: true, force: true });
}
