// From the workbooks that an office has, in Macedonian: each column, mark and shape chosen in the page.

import assert from "node:assert/strict";
import { join } from "node:path";
import { show, unfold, until } from "./office.mjs";

/** A register with a column for each day. */
const REGISTER = {
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
};

export async function fromWorkbooks(office) {
  const { scratch } = office;
  const toml = () => office.toml("register");
  const address = await office.start("--messages", "mk");
  const page = await office.newPage();
  await office.workbook(join(scratch, "evidencija.xlsx"), REGISTER);
  await page.goto(`${address}#begin`);
  await page.locator("#begin-of-workbooks").check();
  await page.locator("#begin-folder").fill("register");
  await page.locator("#begin-files").setInputFiles(join(scratch, "evidencija.xlsx"));
  await office.lookAround(page, "mk-begin");
  await page.locator("#begin-form button[type=submit]").click();
  await page.locator("#begin-open").click();
  await page.locator("#table-attendance-fold").waitFor();
  for (const id of ["table-activities", "table-attendance", "table-attendance-more"]) await unfold(page, id);
  const meaning = page.locator('select[id^="meaning-activities-"]').nth(4);
  await meaning.selectOption("ignore");
  await until(async () => /ignore = \["Каде"\]/.test(await toml()), "the column is ignored");
  const place = await meaning.locator("option", { hasText: "(municipality)" }).getAttribute("value");
  await meaning.selectOption(place);
  await until(async () => /municipality = "Каде"/.test(await toml()), "the column is a municipality");
  assert.ok(!/ignore = \["Каде"\]/.test(await toml()));
  await office.lookAround(page, "mk-tables");
  await show(page, "settings");
  for (const id of ["group-project", "group-reports", "entry-reports-0"]) await unfold(page, id);
  await office.lookAround(page, "mk-settings");
  await page.close();
}
