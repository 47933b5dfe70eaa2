// An officer's first half hour in a real browser, without a terminal and without project.toml: a project from a few
// questions, rows typed into its workbook by a library, a mistake broken and mended, a sentence with a chosen figure in both
// languages, a donor's interim form added and filled in, built, saved and kept as sent; a second window and an editor outside
// at the same time; the same from the workbooks that an office has (workbooks.mjs); and what axe-core says of these screens.
//
// node begin.mjs PROGRAM PYTHON [FOLDER for pictures]; PYTHON has openpyxl

import assert from "node:assert/strict";
import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Office, show, unfold, until } from "./office.mjs";
import { SECTIONS, addInterim, buildAndSave, chooseByKeyboard, chooseFromList, fill, keepAsSent, pdfSays, writeSections } from "./report.mjs";
import { fromWorkbooks } from "./workbooks.mjs";

const [program, python, pictures] = process.argv.slice(2);
const office = await Office.open(program, python, pictures);
const { home } = office;

/** Twelve persons at four activities, in the words of the workbook's lists. */
const PEOPLE = Array.from({ length: 12 }, (_, at) => ({ Person: `U-${String(at + 1).padStart(3, "0")}`, Sex: at % 3 === 0 ? "male" : "female", "Birth year": 1980 + at }));
const HELD = [
  ["A-01", "@2026-02-03", "Training", "Прва обука", "First training"],
  ["A-02", "31-02-26", "Training", "Втора обука", "Second training"],
  ["A-03", "@2026-04-14", "Meeting", "Состанок", "Meeting"],
  ["A-04", "@2026-05-20", "Training", "Трета обука", "Third training"],
];
const ROWS = {
  Lists: [
    { List: "type", Code: "training", "Label (mk)": "Обука", "Label (en)": "Training" },
    { List: "type", Code: "meeting", "Label (mk)": "Состанок", "Label (en)": "Meeting" },
  ],
  Activities: HELD.map(([Code, Date, Type, mk, en]) => ({ Code, Date, Type, Status: "completed", "Title (mk)": mk, "Title (en)": en, Result: "R1", Municipality: "Skopje" })),
  Participants: PEOPLE,
  Attendance: PEOPLE.flatMap(({ Person }, at) => HELD.slice(0, 2 + (at % 3)).map(([Activity]) => ({ Activity, Person }))),
  Results: [{ Code: "R1", Level: "outcome", "Title (mk)": "Младите ги знаат своите права", "Title (en)": "Young people know their rights" }],
  Indicators: [
    { Code: "I1", Result: "R1", Target: 8 },
    { Code: "I2", "Title (mk)": "Обучени млади", "Title (en)": "Young people trained", "Unit (mk)": "лица", "Unit (en)": "people", Result: "R1", Calculation: "people", Where: "type = training", By: "sex", Target: 20, "Definition (mk)": "Различни лица", "Definition (en)": "Different people", "Verification (mk)": "Потписни листи", "Verification (en)": "Signed lists" },
  ],
};

async function halfHour() {
  const page = await office.newPage();
  // Where there is no project, the page asks for one. What can't be is refused in words.
  await page.goto(await office.start());
  await page.getByRole("heading", { name: "New project" }).waitFor();
  await office.lookAround(page, "en-begin");
  await page.getByLabel("Name of its folder").fill("con");
  await page.getByRole("button", { name: "Make the project" }).click();
  await page.locator("#begin-result .banner").waitFor();
  await page.getByLabel("Name of its folder").fill("youth");
  await page.locator("#begin-title-mk").fill("Млади на работа");
  // The page's language is changed in the page; what was answered stays.
  for (const [lang, heading] of [
    ["mk", "Нов проект"],
    ["en", "New project"],
  ]) {
    await page.locator(`#languages a[lang="${lang}"]`).click();
    await page.getByRole("heading", { name: heading }).waitFor();
    await page.locator("#begin-form").waitFor();
    assert.equal(await page.locator("#begin-folder").inputValue(), "youth", lang);
    assert.equal(await page.locator("#begin-title-mk").inputValue(), "Млади на работа", lang);
  }
  await page.locator("#begin-title-en").fill("Youth at work");
  await page.locator("#begin-donor-en").fill("An invented fund");
  await page.locator("#begin-donor-mk").fill("Измислен фонд");
  await page.locator("#begin-organisation-en").fill("Example Association");
  await page.locator("#begin-organisation-mk").fill("Здружение Пример");
  await page.locator("#begin-grant").fill("G-2026/7");
  await page.getByLabel("First day").fill("2026-01-01");
  await page.getByLabel("Last day").fill("2026-12-31");
  await page.getByRole("button", { name: "Make the project" }).click();
  await page.locator("#begin-open").waitFor();
  assert.match(await office.toml("youth"), /title = \{ (en = "Youth at work", mk|mk = "Млади на работа", en)/);

  // The example beside it, in another window.
  await page.getByRole("button", { name: "Make the example too" }).click();
  await page.getByRole("link", { name: "Open the example" }).waitFor();
  assert.ok((await stat(join(home, "example/project.toml"))).isFile());

  // Rows are typed into the workbook; the page sees the save, and what is wrong with a cell.
  await page.locator("#begin-open").click();
  await page.getByRole("heading", { name: "Tables", exact: true }).waitFor();
  await office.type("youth", ROWS);
  await show(page, "problems");
  const problem = page.locator("#problem-list .problem.error", { hasText: "B6" });
  await problem.waitFor();
  assert.match(await problem.textContent(), /data\.xlsx, sheet Activities, cell B6/);
  await office.type("youth", { Activities: [{}, { Date: "@2026-03-04" }] });
  await page.locator("#problem-list .problem.error").first().waitFor({ state: "detached" });
  await show(page, "tables");
  await page.getByText("rows read: 4, used: 4, with an error: 0").first().waitFor({ state: "attached" });

  // A setting is written when it is left; remarks stay.
  await show(page, "settings");
  await unfold(page, "group-project");
  const remarks = (text) => text.split("\n").filter((line) => line.trim().startsWith("#"));
  const before = await office.toml("youth");
  await fill(page, "set-data_until", "2026-06-30");
  await until(async () => (await office.toml("youth")).includes("data_until = 2026-06-30"), "data_until");
  assert.deepEqual(remarks(await office.toml("youth")), remarks(before));
  await passThrough(page);
  await twoAtOnce(page);

  // A donor's interim form: its name, its period, its languages; its sections lie ready, and what it asks of the project.
  await addInterim(page, office, "youth", ["2026-01-01", "2026-06-30"]);

  // Its texts, with figures chosen by what they print: from the list beside the text, and after {{ by keyboard.
  const at = ["eu-annex-vi-interim", "2026-01--06"];
  await writeSections(page, at, SECTIONS);
  await chooseFromList(page, at, "2-1-summary", "English", "\n\nThe project trained ", "12", " young people.");
  await chooseByKeyboard(page, at, "2-1-summary", "македонски", "\n\nПроектот обучи ", "12", " млади лица.");
  const summary = (lang) => readFile(join(home, `youth/narrative/${at.join("/")}/2-1-summary.${lang}.md`), "utf8");
  for (const [lang, sentence] of [
    ["en", /trained \{\{actual "I2"\}\} young people\.$/],
    ["mk", /обучи \{\{actual "I2"\}\} млади лица\.$/],
  ]) {
    await until(async () => sentence.test(await summary(lang)), `the sentence, ${lang}`);
  }
  await office.listen(page, "a form's section");
  await office.picture(page, "en-form-section");

  // Built, saved, and kept as sent.
  const saved = await buildAndSave(page, "eu-annex-vi-interim", /^Save eu-annex-vi-interim\.en\.xlsx/);
  assert.ok(saved.length > 5000);
  const built = join(home, "build/youth/2026-01--06");
  for (const [lang, sentence] of [
    ["en", "The project trained 12 young people."],
    ["mk", "Проектот обучи 12 млади лица."],
  ]) {
    assert.notEqual(pdfSays(join(built, `eu-annex-vi-interim.${lang}.pdf`), sentence), false, sentence);
  }
  await keepAsSent(page, "eu-annex-vi-interim", "2026-07-15", "An invented fund");
  const kept = await readdir(join(home, "youth/submitted/2026-01--06"));
  for (const lang of ["en", "mk"]) {
    const name = `eu-annex-vi-interim.${lang}.pdf`;
    assert.ok(kept.includes(name), kept.join());
    assert.deepEqual(await readFile(join(home, "youth/submitted/2026-01--06", name)), await readFile(join(built, name)));
  }
  await show(page, "sent");
  await page.locator("#sent-list").getByText("An invented fund").waitFor();

  for (const view of ["settings", "tables"]) {
    await show(page, view);
    const folded = { settings: ["group-implementer", "group-donors", "group-privacy", "group-theme"], tables: ["table-activities", "table-attendance", "table-attendance-more"] }[view];
    for (const id of folded) await unfold(page, id);
    if (view === "settings") await page.locator("#group-privacy").getByRole("button", { name: "Look at what it hides" }).click();
    await office.lookAround(page, `en-${view}`);
  }
  await page.close();
}

/** A box that has the focus while the page is drawn anew, and is left, changes nothing. */
async function passThrough(page) {
  const box = page.locator("#set-languages-0");
  await box.focus();
  await box.evaluate((one) => (one.dataset.old = "yes"));
  const remarked = `${await office.toml("youth")}\n# A remark from outside.\n`;
  await writeFile(join(home, "youth/project.toml"), remarked);
  await until(() => box.evaluate((one) => one.dataset.old !== "yes"), "the page is drawn anew");
  assert.ok(await box.evaluate((one) => one === document.activeElement), "the box keeps the focus");
  await page.keyboard.press("Tab");
  await page.waitForTimeout(1000);
  assert.equal(await office.toml("youth"), remarked);
  assert.equal(await page.locator("#settings .banner:visible").count(), 0);
}

/** A second window and an editor outside: what one typed before the other wrote is shown beside it, and nothing is lost. */
async function twoAtOnce(page) {
  const second = await office.newPage();
  await second.goto(page.url());
  await unfold(second, "group-project");
  await second.locator("#set-notice-en").fill("Draft of the second");
  await writeFile(join(home, "youth/project.toml"), (await office.toml("youth")).replace("\ntitle =", '\nnotice = { en = "Draft of the editor" }\ntitle ='));
  await second.getByText("In the file now: Draft of the editor").waitFor();
  await second.locator("#set-notice-en").blur();
  await second.getByText("Typed here: Draft of the second").waitFor();
  assert.match(await office.toml("youth"), /Draft of the editor/);
  await office.picture(second, "en-both");
  await office.listen(second, "both values");
  await second.getByRole("button", { name: "Write what is typed here" }).click();
  await until(async () => (await office.toml("youth")).includes("Draft of the second"), "the second's");
  assert.ok(!(await office.toml("youth")).includes("Draft of the editor"));
  await until(async () => (await page.locator("#set-notice-en").inputValue()) === "Draft of the second", "the first window shows it");
  await second.close();
  // Nothing that is sent says that it is a draft.
  await fill(page, "set-notice-en", "");
  await until(async () => !(await office.toml("youth")).includes("notice"), "no notice");
}

try {
  await halfHour();
  await fromWorkbooks(office);
  assert.deepEqual(office.complaints, []);
  console.log("the officer agrees");
} finally {
  await office.close();
}
