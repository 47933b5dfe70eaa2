// The guide's pictures of the app, which the program can't draw itself: the page where texts are written, in each language.
//
// node guide_pictures.mjs PROGRAM FOLDER; writes FOLDER/app.LANG.png

import { cp, mkdtemp, rm } from "node:fs/promises";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [program, to, example = join(dirname(fileURLToPath(import.meta.url)), "../../inputs/myla-2017")] = process.argv.slice(2);
const scratch = await mkdtemp(join(tmpdir(), "guide-"));
await cp(example, join(scratch, "example"), { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
for (const lang of ["en", "mk"]) {
  const child = spawn(program, ["--messages", lang, "app", "--no-open", join(scratch, "example")], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const [address] = line.match(/http:\S+/) ?? [];
    const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, colorScheme: "light" });
    await page.goto(address);
    await page.locator('nav a[data-to="writing"]').waitFor();
    const project = await page.evaluate(async () => (await (await fetch("projects.json")).json()).projects[0].id);
    await page.goto(`${address}#${project}/writing/progress/2017-01--04/cooperation`);
    await page.locator(".pane").nth(1).waitFor();
    await page.locator("#page-list img").first().waitFor();
    await page.locator("#snippets summary").first().click();
    await page.locator("#snippet-search").fill("518");
    await page.locator("#snippet-list button").first().waitFor();
    await page.waitForFunction(() => document.querySelector("#page-list img")?.naturalWidth > 0);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(to, `app.${lang}.png`) });
    break;
  }
  child.kill("SIGINT");
}
await browser.close();
await rm(scratch, { recursive: true, force: true });
