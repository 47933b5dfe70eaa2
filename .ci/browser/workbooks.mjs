// From the workbooks that an office has, in Macedonian, to a donor's interim report: a register with a heading of two rows
// and head counts, sign-in sheets with a column for each session, a tracking table with quarters across, and a form's export
// with its repeats. What their columns, marks and shapes mean is chosen in the page; nothing in the workbooks is changed but
// what an officer types.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { show, unfold, until } from "./office.mjs";
import { SECTIONS, addInterim, buildAndSave, chooseByKeyboard, chooseFromList, keepAsSent, pdfSays, writeSections } from "./report.mjs";

const DAYS = ["2025-01-01", "2025-06-30"];
const FORM = ["eu-annex-vi-interim", "2025-01--06"];

/** Head counts under a heading of two rows, with totals of quarters between the rows. */
const REGISTER = {
  Активности: [
    ["Здружение Пример"],
    ["Евиденција на активности 2025"],
    ["Р.бр.", "Кога", "Активност", "<", "Каде", "Учесници", "<", "<", "Реализатор", "Забелешка"],
    ["^", "^", "Вид", "Назив", "^", "Ж", "М", "Вкупно", "^", "^"],
    [1, "@2025-01-20", "Обука", "Писмо", "Кичево", 9, 7, 16, "Канцеларија", "има слики"],
    [2, "@2025-02-11", "Средба", "Совет", "Велес", 6, 8, 14, "Канцеларија", ""],
    ["Вкупно прв квартал", "", "", "", "", 15, 15, 30, "", ""],
    [3, "@2025-05-09", "Обука", "Работа", "Струга", 12, 5, 17, "Партнер", ""],
    ["Вкупно втор квартал", "", "", "", "", 12, 5, 17, "", ""],
  ],
};

/** A sheet for each place, signed at four sessions; one sign is nobody's but theirs. */
function signIn(place, rows) {
  const row = (at) => {
    const marks = [0, 1, 2, 3].map((session) => ((at + session) % 3 === 0 ? "" : "✓"));
    const total = marks.filter(Boolean).length;
    if (place === "К" && at === 0) marks[0] = "оп";
    return [`${place}-0${at}`, `Измислено Име${at}`, at % 2 === 0 ? "Ж" : "М", ...marks, total];
  };
  return [["Потписна листа"], ["Шифра", "Име и презиме", "Пол", "Сесија 1", "Сесија 2", "Сесија 3", "Сесија 4", "Вкупно"], ...Array.from({ length: rows }, (_, at) => row(at))];
}
const LISTS = { Кичево: signIn("К", 8), Велес: signIn("В", 6), Струга: signIn("С", 7) };

const TRACKING = {
  ITT: [
    ["Indicator tracking table"],
    ["No.", "Indicator", "Unit", "Baseline", "Target", "Q1 2025", "<", "Q2 2025", "<", "Q3 2025", "<"],
    ["^", "^", "^", "^", "^", "Target", "Achieved", "Target", "Achieved", "Target", "Achieved"],
    ["1.1", "Trainings held", "trainings", 0, 12, 4, 3, 4, 5, 4, ""],
    ["1.2", "People trained", "people", 0, 240, 80, 61, 80, 102, 80, ""],
  ],
};

const group = (name) => `activity_group/${name}`;
const EXPORT = {
  Visits: [
    ["start", "end", group("activity_date"), group("activity_code"), group("activity_type"), group("title"), "topics", "_id", "_uuid", "_submission_time", "_validation_status", "_status", "_index"],
    ["2025-03-01T09:00:00.000+01:00", "2025-03-01T10:00:00.000+01:00", "2025-03-01", "A-01", "training", "Asylum", "asylum integration", 501, "u1", "2025-03-01T10:00:00", "Approved", "submitted_via_web", 1],
    ["2025-04-02T09:00:00.000+02:00", "2025-04-02T10:00:00.000+02:00", "2025-04-02", "A-02", "training", "Work", "integration", 502, "u2", "2025-04-02T10:00:00", "Approved", "submitted_via_web", 2],
    ["2025-04-03T09:00:00.000+02:00", "2025-04-03T10:00:00.000+02:00", "2025-04-03", "A-03", "training", "Tried out", "integration", 503, "u3", "2025-04-03T10:00:00", "Not Approved", "submitted_via_web", 3],
  ],
  participants: [
    ["participants/code", "participants/sex", "participants/age", "participants/telephone", "_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"],
    ["P-1", "female", 31, "070 000 001", 1, "Visits", 1, 501, "u1"],
    ["P-2", "male", 24, "070 000 002", 2, "Visits", 1, 501, "u1"],
    ["P-1", "female", 31, "070 000 001", 3, "Visits", 2, 502, "u2"],
    ["P-3", "female", 40, "070 000 003", 4, "Visits", 3, 503, "u3"],
  ],
};

/** An indicator of one's own, in place of the one that a new workbook begins with. */
const indicator = (calculation, more = {}) => ({ Code: "I1", "Title (mk)": "Опфатени лица", "Title (en)": "People reached", "Unit (mk)": "лица", "Unit (en)": "people", Calculation: calculation, Where: null, By: null, "Definition (mk)": "Според листите", "Definition (en)": "By the lists", "Verification (mk)": "Листи", "Verification (en)": "Lists", ...more });

export async function fromWorkbooks(office) {
  const address = await office.start("--messages", "mk");
  const page = await office.newPage();
  const officer = { page, office, address };
  await fromRegister(officer);
  await fromSignInSheets(officer);
  await fromTrackingTable(officer);
  await fromExport(officer);
  await page.close();
}

/** Makes a project; `book` is given for it, or else it begins with questions. */
async function begin({ page, office, address }, name, book) {
  await page.goto(`${address}#begin`);
  await page.locator(book ? "#begin-of-workbooks" : "#begin-of-questions").check();
  await page.locator("#begin-folder").fill(name);
  if (book) await page.locator("#begin-files").setInputFiles(book);
  for (const [field, en, mk] of [
    ["title", "Invented work", "Измислена работа"],
    ["donor", "An invented fund", "Измислен фонд"],
    ["organisation", "Example Association", "Здружение Пример"],
  ]) {
    await page.locator(`#begin-${field}-en`).fill(en);
    await page.locator(`#begin-${field}-mk`).fill(mk);
  }
  await page.locator("#begin-grant").fill("G-7");
  await page.locator("#begin-start").fill("2025-01-01");
  await page.locator("#begin-end").fill("2025-12-31");
  if (book) await office.lookAround(page, `mk-begin-${name}`);
  await page.locator("#begin-form button[type=submit]").click();
  await page.locator("#begin-open").click();
  await page.locator("#table-activities-fold").waitFor();
}

/** Adds a workbook to the project that is shown. */
async function give(page, book) {
  await page.locator("#give-workbook").setInputFiles(book);
  await page.locator("#table-cards .done").first().waitFor();
}

const errors = (page) => page.locator("#problem-list .problem.error");

async function isRight(page) {
  await show(page, "problems");
  try {
    await until(async () => (await errors(page).count()) === 0 && ["current", "warnings"].includes(await page.locator("#status").getAttribute("data-state")), "no error is left");
  } catch (fault) {
    throw new Error(`${fault.message}: ${await page.locator("#problem-list").innerText()}`);
  }
}

/** A figure of the whole project, as the page of tables shows it. */
async function comesTo(page, figures) {
  await show(page, "tables");
  for (const [code, value] of Object.entries(figures)) {
    await page.locator("#tables-result li", { hasText: new RegExp(`^${code.replace(".", "\\.")} .*: ${value}$`) }).waitFor();
  }
}

/** The donor's form with a chosen figure in both languages, built, saved and kept as sent. */
async function report({ page, office }, name, figure) {
  await addInterim(page, office, name, DAYS);
  await writeSections(page, FORM, SECTIONS);
  await chooseFromList(page, FORM, "2-1-summary", "македонски", "\n\nОпфатени се ", figure, " во периодот.");
  await chooseByKeyboard(page, FORM, "2-1-summary", "English", "\n\nIn this period ", figure, " were reached.");
  await isRight(page);
  const saved = await buildAndSave(page, FORM[0], /eu-annex-vi-interim\.mk\.xlsx/);
  assert.ok(saved.length > 5000);
  const built = join(office.home, "build", name, FORM[1]);
  assert.notEqual(pdfSays(join(built, "eu-annex-vi-interim.mk.pdf"), `Опфатени се ${figure} во периодот.`), false, name);
  assert.notEqual(pdfSays(join(built, "eu-annex-vi-interim.en.pdf"), `In this period ${figure} were reached.`), false, name);
  await keepAsSent(page, FORM[0], "2025-07-15", "Измислен фонд");
  assert.ok((await readdir(join(office.home, name, "submitted", FORM[1]))).includes("eu-annex-vi-interim.mk.pdf"));
}

const select = (page, id, value) => page.locator(`[id="${id}"]`).selectOption(value);

/** What a column of a sheet is taken for, by the name that project.toml has for it. */
async function means(page, table, heading, name) {
  const head = page.locator(`#table-${table} th`, { has: page.getByText(heading, { exact: true }) });
  const meaning = head.locator("select");
  await meaning.selectOption(await meaning.locator(`option[data-column="${name}"]`).first().getAttribute("value"));
}

/** Begun with questions; the workbook is added, and everything about it chosen by hand. */
async function fromRegister(officer) {
  const { page, office } = officer;
  const name = "register";
  const toml = () => office.toml(name);
  await office.workbook(join(office.scratch, "Евиденција.xlsx"), REGISTER);
  await begin(officer, name);
  await give(page, join(office.scratch, "Евиденција.xlsx"));
  const sheet = "sheet-Евиденција.xlsx · Активности";
  await unfold(page, sheet);
  await select(page, `${sheet}-is`, "activities");
  await until(async () => /\[tables\.activities\]\nfile = "Евиденција\.xlsx"/.test(await toml()), "the sheet is chosen");
  await unfold(page, "table-activities");
  for (const [heading, column] of [
    ["Р.бр.", "id"],
    ["Кога", "date"],
    ["Активност Вид", "type"],
    ["Активност Назив", "title"],
    ["Каде", "municipality"],
  ]) {
    await means(page, "activities", heading, column);
    await until(async () => (await toml()).includes(`"${heading}"`), heading);
  }
  await unfold(page, "counts-activities");
  await unfold(page, "set-tables-activities-counts-new-more");
  const fresh = "set-tables-activities-counts-new";
  await select(page, `${fresh}-Учесници Ж`, "sex = F");
  await select(page, `${fresh}-Учесници М`, "sex = M");
  await select(page, `${fresh}-total`, "Учесници Вкупно");
  await page.locator(`[id="${fresh}-add"]`).click();
  await until(async () => /\[\[tables\.activities\.counts\]\]\nparts = \{ "Учесници Ж" = "sex = F", "Учесници М" = "sex = M" \}\ntotal = "Учесници Вкупно"/.test(await toml()), "the head counts");
  await office.type(name, {
    Показатели: [indicator("sum(reached)", { By: "sex" })],
    Листи: [
      { List: "type", Code: "training", "Label (mk)": "Обука", "Label (en)": "Training" },
      { List: "type", Code: "meeting", "Label (mk)": "Средба", "Label (en)": "Meeting" },
      {},
      ...["Кичево", "Велес", "Струга"].map((place) => ({ List: "municipality", Code: place, "Label (mk)": place, "Label (en)": place })),
    ],
  });
  await isRight(page);
  await comesTo(page, { I1: "47" });
  await unfold(page, "table-activities-more");
  await office.lookAround(page, "mk-tables-register");
  await report(officer, name, "47");
}

/** Begun with the workbook; a sign that nobody knows is given its meaning. */
async function fromSignInSheets(officer) {
  const { page, office } = officer;
  const name = "sign-in";
  await office.workbook(join(office.scratch, "Листи.xlsx"), LISTS);
  await begin(officer, name, join(office.scratch, "Листи.xlsx"));
  await office.type(name, {
    Активности: ["2025-02-03", "2025-03-04", "2025-04-05"].map((day) => ({ Date: `@${day}`, Type: "Обука", Status: "завршена", "Title (en)": "Training" })),
    Показатели: [indicator("people")],
  }, "to-fill.xlsx");
  await show(page, "problems");
  await page.locator("#problem-list .problem.error", { hasText: /(?<!\p{L})оп(?!\p{L})/u }).first().waitFor();
  await show(page, "tables");
  await unfold(page, "table-attendance");
  await unfold(page, "table-attendance-more");
  await page.locator("#table-attendance-more").getByLabel("оп", { exact: true }).selectOption("absent");
  await until(async () => /absent = \["", "оп"\]/.test(await office.toml(name)), "the sign is absent");
  await isRight(page);
  await comesTo(page, { I1: "21" });
  await office.lookAround(page, "mk-tables-sign-in");
  await report(officer, name, "21");
}

/** Begun with the workbook; each period's heading is chosen in place of a pattern. */
async function fromTrackingTable(officer) {
  const { page, office } = officer;
  const name = "tracking";
  await office.workbook(join(office.scratch, "ITT.xlsx"), TRACKING);
  await begin(officer, name, join(office.scratch, "ITT.xlsx"));
  for (const [table, what] of [
    ["targets", "Target"],
    ["reported", "Achieved"],
  ]) {
    await unfold(page, `table-${table}`);
    await unfold(page, `table-${table}-more`);
    for (const quarter of [1, 2, 3]) {
      await select(page, `set-tables-${table}-heads-mode`, "each");
      await select(page, `set-tables-${table}-heads-2025-Q${quarter}`, `Q${quarter} 2025 ${what}`);
      await until(async () => (await office.toml(name)).includes(`"Q${quarter} 2025 ${what}"`), `${quarter} ${what}`);
    }
  }
  assert.ok(!(await office.toml(name)).includes("{period}"));
  await isRight(page);
  await comesTo(page, { "1.1": "8", "1.2": "163" });
  await office.lookAround(page, "mk-tables-tracking");
  await report(officer, name, "163");
}

/** Begun with questions; what the export seems to hold is taken over, and then chosen whose rows the repeats are, which rows are accepted and what a column of several values means. */
async function fromExport(officer) {
  const { page, office } = officer;
  const name = "export";
  const toml = () => office.toml(name);
  await office.workbook(join(office.scratch, "kobo.xlsx"), EXPORT);
  await begin(officer, name);
  await give(page, join(office.scratch, "kobo.xlsx"));
  await unfold(page, "workbook-kobo.xlsx");
  await page.locator('[id="take-kobo.xlsx"]').waitFor();
  await office.lookAround(page, "mk-recognised");
  await page.locator('[id="take-kobo.xlsx"]').click();
  await until(async () => /\[tables\.attendance\]\nfile = "kobo\.xlsx"/.test(await toml()), "the tables are taken");
  for (const table of ["activities", "attendance"]) {
    await unfold(page, `table-${table}`);
    await unfold(page, `table-${table}-more`);
  }
  await until(async () => (await page.locator("#set-tables-attendance-source").inputValue()) === "0", "the export is known as KoboToolbox's");
  await select(page, "set-tables-attendance-parent-sheet", "Visits");
  await until(async () => /parent = \{ sheet = "Visits" \}|\[tables\.attendance\.parent\]\nsheet = "Visits"/.test(await toml()), "the parent");
  await page.locator("#set-tables-activities-accept").fill("Approved");
  await page.locator("#set-tables-activities-accept").blur();
  await until(async () => /accept = \["Approved"\]/.test(await toml()), "what is accepted");
  await unfold(page, "own-activities");
  await unfold(page, "own-activities-columns-topics");
  await page.locator('[id="set-tables-activities-columns-topics-label-mk"]').fill("Теми");
  await page.locator('[id="set-tables-activities-columns-topics-label-mk"]').blur();
  await until(async () => /Теми/.test(await toml()), "the column's name");
  await page.locator('[id="set-tables-activities-columns-topics-label-en"]').fill("Topics");
  await page.locator('[id="set-tables-activities-columns-topics-label-en"]').blur();
  await until(async () => /Topics/.test(await toml()), "the column's other name");
  await office.type(name, { Показатели: [indicator("people", { By: "sex" })] });
  await isRight(page);
  await comesTo(page, { I1: "2" });
  await office.lookAround(page, "mk-tables-export");
  await report(officer, name, "2");
}
