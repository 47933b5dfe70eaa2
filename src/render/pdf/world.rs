use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World, WorldExt};
use typst_kit::fonts::FontStore;

use super::files;
use super::{Attached, TemplateFault};

/// The template that everything begins with.
const MAIN: &str = "main.typ";
/// Draws one picture.
const PICTURE: &str = "picture.typ";
/// Draws the charts of a document, a page each.
const CHARTS: &str = "charts-alone.typ";
/// Draws a sheet of a workbook.
const SHEET: &str = "sheet-alone.typ";

/// One library for all documents: what differs between them travels in `common.json` and `data.json`.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Rows of tables have headers of their own.
    let features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

/// All that a document's templates can see: no file system, no clock, no network.
pub(super) struct ReportWorld {
    main: FileId,
    fonts: FontStore,
    /// Looked up by id, never walked.
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    from_project: Vec<FileId>,
}

impl ReportWorld {
    pub(super) fn new(
        data: [(&'static str, Vec<u8>); 2],
        pictures: Vec<Vec<u8>>,
        attached: Attached,
        overrides: &BTreeMap<String, Vec<u8>>,
    ) -> ReportWorld {
        let mut world = ReportWorld::empty(MAIN, overrides);
        for (path, bytes) in overrides.iter().filter(|(path, _)| !files::is_font(path)) {
            world.add_project_file(path, bytes);
        }
        for (name, content) in data {
            world.add_file(name, content);
        }
        for (at, picture) in pictures.into_iter().enumerate() {
            world.add_file(&files::picture_name(at), picture);
        }
        for (name, content) in
            [("annex", attached.annex), ("figures", attached.figures), ("manifest", attached.manifest)]
        {
            if let Some(content) = content {
                world.add_file(name, content);
            }
        }
        world
    }

    /// The charts of a document alone.
    pub(super) fn of_charts(data: [(&'static str, Vec<u8>); 2], overrides: &BTreeMap<String, Vec<u8>>) -> ReportWorld {
        ReportWorld {
            main: files::shipped_template_id(CHARTS),
            ..ReportWorld::new(data, Vec::new(), Attached::default(), overrides)
        }
    }

    /// Nothing but one picture, drawn on a page of its own.
    pub(super) fn of_picture(picture: Vec<u8>, overrides: &BTreeMap<String, Vec<u8>>) -> ReportWorld {
        let mut world = ReportWorld::empty(PICTURE, overrides);
        world.add_file(&files::picture_name(0), picture);
        world
    }

    /// A sheet of a workbook alone.
    pub(super) fn of_sheet(data: Vec<u8>) -> ReportWorld {
        let mut world = ReportWorld::empty(SHEET, &BTreeMap::new());
        world.add_file("sheet.json", data);
        // Colours and fonts are those of the theme.
        world.add_file("common.json", br#"{"theme":{},"layout":"single","anchors":[]}"#.to_vec());
        world
    }

    /// Our templates, and all fonts.
    fn empty(main: &'static str, overrides: &BTreeMap<String, Vec<u8>>) -> ReportWorld {
        let mut fonts = FontStore::new();
        // A project's fonts come first, so that a family of its own takes precedence over one of ours with the same name.
        for font in files::project_fonts(overrides).into_iter().chain(files::shipped_fonts().iter().cloned()) {
            let info = font.info().clone();
            fonts.push((font, info));
        }
        ReportWorld {
            main: files::shipped_template_id(main),
            fonts,
            sources: files::sources().iter().map(|source| (source.id(), source.clone())).collect(),
            files: HashMap::new(),
            from_project: Vec::new(),
        }
    }

    fn add_file(&mut self, path: &str, bytes: Vec<u8>) {
        if let Some(id) = files::intern_path(path) {
            self.files.insert(id, Bytes::new(bytes));
        }
    }

    fn add_project_file(&mut self, path: &str, bytes: &[u8]) {
        let Some(id) = files::intern_path(path) else { return };
        self.from_project.push(id);
        match std::str::from_utf8(bytes) {
            Ok(text) if path.ends_with(".typ") => {
                self.sources.insert(id, Source::new(id, text.to_owned()));
            }
            _ => {
                self.sources.remove(&id);
                self.files.insert(id, Bytes::new(bytes.to_vec()));
            }
        }
    }

    /// Where a diagnostic points, in the words of someone who has the templates before them.
    pub(super) fn template_fault(&self, diagnostic: &SourceDiagnostic) -> TemplateFault {
        let message = diagnostic.message.to_string();
        let hints = diagnostic.hints.iter().map(|hint| hint.v.to_string()).collect();
        let (id, line, column) = self.position(diagnostic).unwrap_or((self.main, 1, 1));
        TemplateFault { file: self.shown_name(id), line, column, message, hints }
    }

    /// The place itself, else the nearest call that led to it.
    fn position(&self, diagnostic: &SourceDiagnostic) -> Option<(FileId, u32, u32)> {
        let direct = diagnostic.span.id().zip(self.range(diagnostic.span));
        let traced = || diagnostic.trace.iter().find_map(|point| point.span.id().zip(self.range(point.span)));
        let (id, range) = direct.or_else(traced)?;
        let (line, column) = self.source(id).ok()?.lines().byte_to_line_column(range.start)?;
        Some((id, line as u32 + 1, column as u32 + 1))
    }

    fn shown_name(&self, id: FileId) -> String {
        let folder = if self.from_project.contains(&id) { "templates/" } else { "templates/typst/" };
        format!("{folder}{}", id.vpath().get_without_slash())
    }
}

impl World for ReportWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or_else(|| file_not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match self.files.get(&id) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.source(id).map(Bytes::from_string),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// A date in a report comes from its data, never from the clock.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn file_not_found(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
