//! The guide's pictures but those of the app, drawn by this program in each of the guide's languages: a sheet of the workbook that `init` makes,
//! and the first page of a report of the example.

use std::fs;
use std::path::Path;

use jiff::civil::{Date, date};

use super::{GuideFault, cannot_write};
use crate::ingest;
use crate::model::{Activity, Lang, Project, Value};
use crate::new_project::{example, new_workbook};
use crate::pipeline;
use crate::render::page_images::lay_out_pages;
use crate::render::pdf::{RenderFault, SheetPicture, draw_sheet};

/// The report of the example whose first page is shown.
const REPORT: (&str, &str) = ("quarterly", "2017-Q2");

/// Rows of the sheet that is shown.
const ROWS: usize = 6;

/// Writes `images/sheet.LANG.svg` and `images/page.LANG.svg` into the guide's project, whose own rows the sheet shows;
/// `example_folder` is where the example is written for it.
///
/// # Errors
/// A disk that can't be written, or a fault of a template.
pub fn draw_pictures(guide: &Path, example_folder: &Path) -> Result<(), GuideFault> {
    for (name, content) in example::FILES {
        write(&example_folder.join(name), content)?;
    }
    let project = ingest::read(guide).project;
    let drawn = pipeline::preview(example_folder).documents;
    for lang in project.iter().flat_map(|project| &project.settings.languages) {
        if let Some(sheet) = project.as_ref().and_then(|project| sheet_picture(project, lang)) {
            let svg = draw_sheet(&sheet).map_err(|faults| template_fault(&faults))?;
            write(&guide.join(format!("images/sheet.{}.svg", lang.as_str())), svg.as_bytes())?;
        }
        let shown = drawn.iter().find(|drawn| {
            (drawn.report.as_str(), drawn.period.as_str()) == REPORT && drawn.languages == [lang.clone()]
        });
        if let Some(shown) = shown {
            let pages =
                lay_out_pages(&shown.document, &Default::default()).map_err(|faults| template_fault(&faults))?;
            let svg = pages.svg(0).unwrap_or_default();
            write(&guide.join(format!("images/page.{}.svg", lang.as_str())), svg.as_bytes())?;
        }
    }
    Ok(())
}

/// The sheet of activities in a new workbook, with the first rows of the guide's project.
fn sheet_picture(project: &Project, lang: &Lang) -> Option<SheetPicture> {
    let others = project.settings.languages.iter().filter(|other| *other != lang);
    let languages: Vec<Lang> = std::iter::once(lang).chain(others).cloned().collect();
    let activities = &project.activities;
    let kind = activities.column("type")?;
    let entries = &activities.columns[usize::from(kind.0)].entries;
    let label = |value: &Value| match value {
        Value::One(category) => entries.get(category.0 as usize).and_then(|entry| entry.label.get(lang)),
        _ => None,
    };
    let day = |day: Date| day.strftime("%d.%m.%Y").to_string();
    let row = |activity: &Activity| {
        vec![
            activities.code(activity).to_owned(),
            activity.date.map(day).unwrap_or_default(),
            activity.end_date.map(day).unwrap_or_default(),
            activity.values.get(usize::from(kind.0)).and_then(label).unwrap_or_default().to_owned(),
            activity.title.get(lang).unwrap_or_default().to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = activities.rows.iter().take(ROWS).map(row).collect();
    new_workbook(&languages, (date(2026, 1, 1), date(2026, 12, 31))).picture("activities", &rows, lang)
}

fn write(path: &Path, content: &[u8]) -> Result<(), GuideFault> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, content)).map_err(|error| cannot_write(path, &error))
}

/// Faults of shipped templates: they are the program's own.
fn template_fault(faults: &[RenderFault]) -> GuideFault {
    GuideFault::Templates(faults.iter().map(RenderFault::to_problem).collect())
}
