//! The files that templates may read: all virtual, by fixed names, because a name once used stays interned for the
//! life of the process.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use typst::foundations::Bytes;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::Font;

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/typst");
static FONTS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/fonts");

/// Our templates, parsed once.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    shipped_templates()
        .filter_map(|(name, text)| intern_path(name).map(|id| Source::new(id, text.to_owned())))
        .collect()
});

static SHIPPED_FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let mut files: Vec<_> = FONTS.files().filter(|file| is_font(&file.path().to_string_lossy())).collect();
    files.sort_by_key(|file| file.path());
    files.iter().flat_map(|file| Font::iter(Bytes::new(file.contents()))).collect()
});

/// Names and texts of the templates in the binary.
pub fn shipped_templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEMPLATES.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}

pub(super) fn intern_path(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The id of a template by its name; a name of ours is a valid path, so that it always has one.
pub(super) fn shipped_template_id(name: &'static str) -> FileId {
    intern_path(name).unwrap_or_else(|| unreachable!("`{name}` is a path"))
}

pub(super) fn is_font(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.ends_with(".ttf") || path.ends_with(".otf")
}

pub(super) fn sources() -> &'static [Source] {
    &SOURCES
}

pub(super) fn shipped_fonts() -> &'static [Font] {
    &SHIPPED_FONTS
}

pub(super) fn picture_name(at: usize) -> String {
    format!("picture-{at}")
}

/// A project's own fonts among its templates.
pub(super) fn project_fonts(overrides: &BTreeMap<String, Vec<u8>>) -> Vec<Font> {
    overrides
        .iter()
        .filter(|(path, _)| is_font(path))
        .flat_map(|(_, bytes)| Font::iter(Bytes::new(bytes.clone())).collect::<Vec<_>>())
        .collect()
}
