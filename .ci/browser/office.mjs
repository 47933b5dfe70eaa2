// What the tests of an officer's work share: the running program, workbooks made and typed into by a library, and what
// axe-core says of a screen.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

/** A folder of projects with the program serving it, and a browser. */
export class Office {
  /** What the pages said that they shouldn't have. */
  complaints = [];
  #running = null;

  static async open(program, python, pictures) {
    const office = new Office();
    Object.assign(office, { program, python, pictures });
    office.scratch = await mkdtemp(join(tmpdir(), "begin-"));
    office.home = join(office.scratch, "projects");
    await mkdir(office.home);
    if (pictures) await mkdir(pictures, { recursive: true });
    office.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: BROWSER });
    return office;
  }

  /** Starts the program anew, and gives its address. */
  async start(...more) {
    this.#running?.kill("SIGINT");
    const child = spawn(this.program, [...more, "app", "--no-open", this.home], { stdio: ["ignore", "pipe", "ignore"] });
    this.#running = child;
    for await (const line of createInterface({ input: child.stdout })) {
      const [address] = line.match(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\//) ?? [];
      assert.ok(address, line);
      return address;
    }
    throw new Error("the program ended");
  }

  async close() {
    this.#running?.kill("SIGINT");
    await this.browser.close();
    await rm(this.scratch, { recursive: true, force: true });
  }

  async newPage(context) {
    this.context ??= await this.browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", acceptDownloads: true });
    const page = await (context ?? this.context).newPage();
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    page.on("response", (response) => response.status() >= 400 && this.complaints.push(`${response.status()}: ${response.url()}`));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    return page;
  }

  /** Types rows under the headings of a workbook of a project. */
  type(project, sheets, book = "data.xlsx") {
    return run(this.python, ["-B", join(here, "type_rows.py"), join(this.home, project, book), JSON.stringify(sheets)]);
  }

  /** A workbook of an office, made by the same library. Of a row, `<` is merged with the cell before it and `^` with the one
   * above; `@2026-01-31` is a date. */
  workbook(path, sheets) {
    return run(this.python, ["-B", join(here, "make_workbook.py"), path, JSON.stringify(sheets)]);
  }

  toml(project) {
    return readFile(join(this.home, project, "project.toml"), "utf8");
  }

  async listen(page, name) {
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document));
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n  ")}`);
    assert.deepEqual(told, [], name);
  }

  async picture(page, name) {
    if (this.pictures) await page.screenshot({ path: join(this.pictures, `${name}.png`), fullPage: true });
  }

  /** A screen at both widths, in light and dark, with all that is folded away. */
  async lookAround(page, name) {
    const size = page.viewportSize();
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const look = `${name}-${width}-${colorScheme}`;
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `wider than its window: ${look}`);
        await this.listen(page, look);
        await this.picture(page, look);
      }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(size);
  }
}

export const show = (page, view) => page.locator(`nav a[data-to="${view}"]`).click();

export async function until(check, what) {
  for (let turn = 0; turn < 150; turn += 1) {
    if (await check()) return;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  throw new Error(`waited in vain: ${what}`);
}

/** Unfolds a group of settings. */
export async function unfold(page, id) {
  const details = page.locator(`[id="${id}"]`);
  await details.waitFor({ state: "attached" });
  if (!(await details.evaluate((one) => one.open))) await page.locator(`[id="${id}-fold"]`).click();
  return details;
}
