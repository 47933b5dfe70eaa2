// A report written, built, saved and kept as sent in the page.

import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { show, unfold, until } from "./office.mjs";
import { openSection, paneOf } from "./writing.mjs";

const LANGUAGES = { en: "English", mk: "македонски" };

const isSaved = (pane) => pane.getByText(/^(Saved|Зачувано)$/).waitFor();

/** Opens a section of a report for a period, and begins its text in a language where there is none. */
async function paneAt(page, [report, period], section, language) {
  await show(page, "writing");
  await page.locator("#section-list li").first().waitFor();
  await openSection(page, `/writing/${report}/${period}/${section}`);
  const pane = paneOf(page, language);
  const begin = pane.locator(".begin button").first();
  await pane.getByRole("textbox").or(begin).first().waitFor();
  if (await begin.isVisible()) await begin.click();
  await pane.getByRole("textbox").click();
  await page.keyboard.press("Control+End");
  return pane;
}

/** A setting is typed and left. */
export async function fill(page, id, text) {
  const input = page.locator(`[id="${id}"]`);
  await input.fill(text);
  await input.blur();
}

/** Adds the European Union's interim form for some days, and what it asks of the project; its sections lie ready. */
export async function addInterim(page, office, project, [first, last]) {
  const isWritten = (sign) => until(async () => sign.test(await office.toml(project)), String(sign));
  await show(page, "settings");
  await unfold(page, "group-reports");
  await unfold(page, "add-reports");
  await page.locator("#new-report-profile").selectOption("eu-annex-vi-interim");
  await page.locator("#new-report-period").selectOption("");
  await page.locator("#new-report-start").fill(first);
  await page.locator("#new-report-end").fill(last);
  await page.locator("#add-report-form button[type=submit]").click();
  await isWritten(/name = "eu-annex-vi-interim"/);
  for (const [group, settings] of [
    ["project", { "set-countries-en": "North Macedonia", "set-countries-mk": "Северна Македонија", "set-data_until": last }],
    ["contact", { "set-contact-name-en": "An invented officer", "set-contact-name-mk": "Измислен службеник", "set-contact-email": "office@example.org" }],
  ]) {
    await unfold(page, `group-${group}`);
    for (const [id, text] of Object.entries(settings)) await fill(page, id, text);
  }
  await isWritten(/email = "office@example\.org"/);
  for (const [group, en, mk] of [
    ["partners", "An invented school", "Измислено училиште"],
    ["signatures", "An invented director", "Измислен директор"],
  ]) {
    await unfold(page, `group-${group}`);
    await unfold(page, `add-${group}`);
    await page.locator(`#set-${group}-new-name-en`).fill(en);
    await page.locator(`#set-${group}-new-name-mk`).fill(mk);
    await page.locator(`#add-${group}-form button[type=submit]`).click();
    await isWritten(new RegExp(`\\[\\[${group}\\]\\]\nname`));
  }
}

/** What the form's sections ask for, in both languages; of its summary see the sentences with a figure. */
export const SECTIONS = {
  "2-2-results": { en: "The activities were held as planned.", mk: "Активностите се одржаа според планот." },
  "2-6-action-plan": { en: "More are planned until the end of the year.", mk: "До крајот на годината се планирани уште." },
  "3-partners": { en: "The schools lend their rooms.", mk: "Училиштата ги отстапуваат своите простории." },
  "4-visibility": { en: "The emblem of the Union is on every list.", mk: "Амблемот на Унијата е на секоја листа." },
};

/** Types texts at the end of sections, by section and language. */
export async function writeSections(page, at, sections) {
  for (const [section, texts] of Object.entries(sections)) {
    for (const [lang, text] of Object.entries(texts)) {
      const pane = await paneAt(page, at, section, LANGUAGES[lang]);
      await page.keyboard.type(`\n\n${text}`);
      await isSaved(pane);
    }
  }
}

/** A sentence with a figure chosen from the list beside the text, found by what it prints. */
export async function chooseFromList(page, at, section, language, before, wanted, after) {
  const pane = await paneAt(page, at, section, language);
  await page.keyboard.type(before);
  const list = page.locator("#snippets");
  if (!(await list.evaluate((details) => details.open))) await list.locator("summary").first().click();
  await page.locator("#snippet-search").fill(wanted);
  await page.locator("#snippet-list").getByRole("button", { name: new RegExp(`^${wanted} `) }).first().click();
  await page.keyboard.type(after);
  await isSaved(pane);
}

/** A sentence with a figure chosen after {{, found by what it prints. */
export async function chooseByKeyboard(page, at, section, language, before, wanted, after) {
  const pane = await paneAt(page, at, section, language);
  await page.keyboard.type(`${before}{{${wanted}`);
  await pane.getByRole("option").first().waitFor();
  // A choice that appeared this very moment isn't taken by a key that was meant for the text.
  await page.waitForTimeout(200);
  await page.keyboard.press("Enter");
  await page.keyboard.type(after);
  await isSaved(pane);
}

/** Builds all reports, and gives the content of a file of a report that is saved. */
export async function buildAndSave(page, report, link) {
  await show(page, "outputs");
  await page.locator("#build").click();
  await page.locator("#outcome .done, #outcome .banner").first().waitFor({ timeout: 120_000 });
  const told = await page.locator("#outcome").textContent();
  if (await page.locator("#outcome .banner, #outcome .error").count()) throw new Error(told);
  const card = page.locator("#unit-list .card", { hasText: report });
  const [saved] = await Promise.all([page.waitForEvent("download"), card.getByRole("link", { name: link }).first().click()]);
  return readFile(await saved.path());
}

/** Keeps a report as sent; the page says where. */
export async function keepAsSent(page, report, day, whom) {
  await show(page, "outputs");
  const card = page.locator("#unit-list .card", { hasText: report }).first();
  await card.locator("details[id^=keep-] summary").first().click();
  await card.locator("input[type=date]").first().fill(day);
  await card.locator("input[id$='-to']").first().fill(whom);
  await card.locator("button[id$='-now']").first().click();
  await card.locator(".done, .banner, .error").first().waitFor();
  if ((await card.locator(".done").count()) === 0) throw new Error(await card.textContent());
}

/** Whether a PDF contains a sentence; `null` where there is no program to read it. */
export function pdfSays(path, sentence) {
  const { error, stdout } = spawnSync("pdftotext", ["-layout", path, "-"], { encoding: "utf8" });
  return error ? null : stdout.replaceAll(/\s+/g, " ").includes(sentence);
}
