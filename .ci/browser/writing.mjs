// Writing in a real browser: a sentence with a chosen figure in both languages, saved and built; two windows and an editor
// outside at once; what is wrong, mended by a click; a Word file dropped on the page.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";

const PLACE = "/writing/progress/2017-01--04/cooperation";

/** The part of the page for one language. */
export const paneOf = (page, name) => page.locator(".pane", { has: page.getByRole("heading", { name }) });

/** Shows both texts once somebody else wrote; it is empty and hidden before. */
const alertIn = (pane) => pane.locator('[role="alert"]');

export async function openSection(page, place) {
  const address = await page.evaluate((place) => (location.hash = location.hash.split("/")[0] + place), place);
  await page.locator(`#section-list a[aria-current][href^="${address}/"]`).waitFor();
  await page.locator(".pane").nth(1).waitFor();
}

async function typeAtEnd(page, pane, text) {
  await pane.getByRole("textbox").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(text);
}

const isSaved = (pane) => pane.getByText("Saved", { exact: true }).waitFor();

/** What a PDF says; `null` where there is no program to read it. */
function textOfPdf(path) {
  const { error, stdout } = spawnSync("pdftotext", ["-layout", path, "-"], { encoding: "utf8" });
  return error ? null : stdout.replaceAll(/\s+/g, " ");
}

export async function write({ page, context, address, example, outputs, listen, picture, show }) {
  const narrative = join(example, "narrative/progress");
  const read = (name) => readFile(join(narrative, name), "utf8");
  const old = { mk: await read("cooperation.mk.md"), en: await read("cooperation.en.md") };
  await page.setViewportSize({ width: 1440, height: 900 });
  await show(page, "writing");
  await page.locator("#section-list li").first().waitFor();
  await openSection(page, PLACE);
  const [macedonian, english] = [paneOf(page, "македонски"), paneOf(page, "English")];
  await page.locator("#page-list img").first().waitFor();

  // A figure is chosen by what it prints: behind {{ by keyboard, and with a click.
  await typeAtEnd(page, macedonian, "\n\nПоддршка добија {{518");
  await macedonian.getByRole("option").first().waitFor();
  // A choice that appeared this very moment isn't taken by a key that was meant for the text.
  await page.waitForTimeout(200);
  await page.keyboard.press("Enter");
  await page.keyboard.type(" бегалци. ");
  await typeAtEnd(page, english, "\n\nSupport went to ");
  await page.locator("#snippets summary").click();
  await page.getByLabel("Find by what it prints").fill("518");
  await page.locator("#snippet-list").getByRole("button", { name: "518 In the period" }).click();
  await page.keyboard.type(" refugees. ");
  await isSaved(macedonian);
  await isSaved(english);
  assert.match(await read("cooperation.mk.md"), /Поддршка добија \{\{actual "I14"\}\} бегалци\. $/);
  assert.match(await read("cooperation.en.md"), /Support went to \{\{actual "I14"\}\} refugees\. $/);
  await listen(page, "a text with its figures to choose from");
  await picture(page, "writing-snippets");

  // Built, the PDF contains it.
  await show(page, "outputs");
  await page.getByRole("button", { name: "Build the reports" }).click();
  await page.locator("#outcome .done").waitFor({ timeout: 120_000 });
  for (const [name, sentence] of [
    ["progress.mk.pdf", "Поддршка добија 518 бегалци."],
    ["progress.en.pdf", "Support went to 518 refugees."],
  ]) {
    const text = textOfPdf(join(outputs, "2017-01--04", name));
    if (text === null) console.log("pdftotext isn't installed: the PDF wasn't read");
    else assert.ok(text.includes(sentence), `${name} doesn't say: ${sentence}`);
  }

  // A typed figure is marked where it is, and a click puts the helper in its place.
  await show(page, "writing");
  await openSection(page, PLACE);
  await typeAtEnd(page, english, "In all, 518 refugees came.");
  const mark = english.locator(".marks li", { hasText: "518" });
  await mark.waitFor();
  assert.equal(await english.locator(".cm-lintRange-warning").first().textContent(), "518");
  await listen(page, "a marked figure");
  await picture(page, "writing-marks");
  await mark.getByRole("button", { name: 'Write {{actual "I14"}}' }).click();
  await isSaved(english);
  assert.match(await read("cooperation.en.md"), /In all, \{\{actual "I14"\}\} refugees came\.$/);

  // The other language lacks it now, and is offered it.
  const parity = macedonian.locator(".marks li", { hasText: "actual I14" });
  await parity.waitFor();
  await typeAtEnd(page, macedonian, "Вкупно дојдоа ");
  await parity.getByRole("button", { name: /at the cursor/ }).click();
  await page.keyboard.type(" бегалци.");
  await parity.waitFor({ state: "detached" });
  await isSaved(macedonian);

  // Two windows: the second to save is shown both texts, and nothing that was typed is lost.
  const other = await context.newPage();
  await other.goto(`${address}#${await page.evaluate(() => location.hash.split("/")[0].slice(1))}${PLACE}`);
  const theirs = paneOf(other, "English");
  await theirs.waitFor();
  const before = await read("cooperation.en.md");
  await typeAtEnd(page, english, " Here.");
  await typeAtEnd(other, theirs, " There.");
  const conflict = alertIn(theirs);
  const here = alertIn(english);
  await Promise.race([conflict.getByText("Keep my text").waitFor(), here.getByText("Keep my text").waitFor()]);
  const isSecond = (await here.textContent()) === "";
  const [first, second] = isSecond ? [" Here.", " There."] : [" There.", " Here."];
  const loser = isSecond ? theirs : english;
  assert.equal(await read("cooperation.en.md"), before + first, "nothing is written over");
  assert.ok((await alertIn(loser).textContent()).includes(first.trim()), "their text is shown");
  assert.ok((await loser.getByRole("textbox").innerText()).includes(second.trim()), "what was typed stays");
  await listen(isSecond ? other : page, "a conflict");
  await picture(isSecond ? other : page, "writing-conflict");
  await loser.getByRole("button", { name: "Keep my text" }).click();
  await isSaved(loser);
  assert.equal(await read("cooperation.en.md"), before + second);
  const settled = isSecond ? english : theirs;
  await settled.getByText(second.trim()).waitFor();
  await other.close();

  // An editor outside: where nothing is typed the page follows it; else both are shown, and the other text can be taken.
  await writeFile(join(narrative, "cooperation.en.md"), old.en.replace("regular meetings", "frequent meetings"));
  await english.getByText("frequent meetings").waitFor();
  await typeAtEnd(page, english, " Typed at the same time.");
  await writeFile(join(narrative, "cooperation.en.md"), old.en);
  await here.getByText("regular meetings").waitFor();
  await here.getByRole("button", { name: "Take the other text" }).click();
  assert.ok(!(await english.getByRole("textbox").innerText()).includes("Typed at the same time."));
  await page.keyboard.press("Control+z");
  assert.ok((await english.getByRole("textbox").innerText()).includes("Typed at the same time."), "it can be taken back");
  await isSaved(english);

  // A section that isn't there is begun, in the other language with the same figures.
  await openSection(page, "/writing/progress/2017-01--04/context");
  await paneOf(page, "македонски").getByRole("button", { name: "Begin the text" }).click();
  await paneOf(page, "македонски").getByRole("textbox").waitFor();
  await page.keyboard.type("Проектот трае до {{date project.end}}.");
  await isSaved(paneOf(page, "македонски"));
  const begin = paneOf(page, "English").getByRole("button", { name: "Begin with the text in: македонски" });
  await begin.click();
  await paneOf(page, "English").getByText("{{date project.end}}").waitFor();
  assert.equal(await read("context.en.md"), "Проектот трае до {{date project.end}}.");

  // A Word file that came back, dropped on the page: an overtyped figure, a changed sentence, and markup that stays text.
  const settings = join(example, "project.toml");
  const toml = await readFile(settings, "utf8");
  await writeFile(settings, toml.replace('name = "progress"', 'name = "progress"\nformats = ["pdf", "docx"]'));
  await writeFile(join(narrative, "context.en.md"), "The project lasts until {{date project.end}}.");
  await show(page, "outputs");
  const word = page.getByRole("link", { name: /Save progress\.en\.docx/ });
  await page.getByText("progress.en.docx").waitFor();
  await page.getByRole("button", { name: "Build the reports" }).click();
  await word.waitFor({ timeout: 120_000 });
  const saving = page.waitForEvent("download");
  await word.click();
  const files = unzipSync(await readFile(await (await saving).path()));
  const body = strFromU8(files["word/document.xml"]);
  const edited = body.replace("The project lasts until", "&lt;img src=x onerror=alert(1)&gt; The project goes on until");
  assert.notEqual(edited, body);
  files["word/document.xml"] = strToU8(edited);
  const bytes = [...zipSync(files)];
  await show(page, "writing");
  const dropped = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], "progress.en.docx"));
    return transfer;
  }, bytes);
  for (const type of ["dragover", "drop"]) await page.locator("#writing").dispatchEvent(type, { dataTransfer: dropped });
  const sentence = page.locator("#returned-answer ins", { hasText: "goes on until" });
  await sentence.waitFor();
  assert.ok((await sentence.textContent()).includes("<img src=x onerror=alert(1)>"), "markup is text");
  assert.equal(await page.locator("#returned-answer img").count(), 0);
  await page.locator("#returned-answer").getByRole("link", { name: /context\.en\.md:1/ }).waitFor();
  await listen(page, "what came back");
  await picture(page, "writing-returned");

  // As it was, for what comes after.
  await writeFile(settings, toml);
  for (const [lang, text] of Object.entries(old)) await writeFile(join(narrative, `cooperation.${lang}.md`), text);
  await show(page, "problems");
}
