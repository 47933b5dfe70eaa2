//! [`Document`] → its pages as pictures for a screen, each with its text.

use std::collections::BTreeMap;

use typst::layout::{Abs, Frame, FrameItem};
use typst_layout::PagedDocument;
use typst_svg::SvgOptions;

use super::pdf::{Attached, RenderFault, lay_out};
use crate::report::document::Document;

/// The pages of a document; a page is drawn on request.
pub struct Pages {
    paged: PagedDocument,
}

/// What a page is before it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageShape {
    /// In points.
    pub width: f64,
    /// In points.
    pub height: f64,
    /// The same for pages that look the same.
    pub fingerprint: u128,
}

/// Lays a document out as [`super::pdf::render_pdf`] does.
///
/// # Errors
/// Every fault of a template, or every picture that can't be read.
pub fn lay_out_pages(document: &Document, overrides: &BTreeMap<String, Vec<u8>>) -> Result<Pages, Vec<RenderFault>> {
    lay_out(document, Attached::default(), overrides).map(|laid_out| Pages { paged: laid_out.paged })
}

impl Pages {
    /// What each page is, in their order.
    pub fn shapes(&self) -> Vec<PageShape> {
        let shape = |page: &typst_layout::Page| PageShape {
            width: page.frame.width().to_pt(),
            height: page.frame.height().to_pt(),
            fingerprint: typst::utils::hash128(&page.frame),
        };
        self.paged.pages().iter().map(shape).collect()
    }

    /// A page as SVG, by its index.
    pub fn svg(&self, page: usize) -> Option<String> {
        let page = self.paged.pages().get(page)?;
        Some(typst_svg::svg(page, &SvgOptions::default()))
    }

    /// The text of a page, line by line, in the order of its layout.
    pub fn text(&self, page: usize) -> Option<String> {
        let mut text = PageText { out: String::new(), line: None, end: Abs::zero() };
        text.append_frame(&self.paged.pages().get(page)?.frame, Abs::zero(), Abs::zero());
        Some(text.out)
    }
}

/// Text as it is gathered from frames.
struct PageText {
    out: String,
    /// Height of the line that is being gathered.
    line: Option<Abs>,
    /// Where its last run ends.
    end: Abs,
}

impl PageText {
    fn append_frame(&mut self, frame: &Frame, left: Abs, top: Abs) {
        for (position, item) in frame.items() {
            let (x, y) = (left + position.x, top + position.y);
            match item {
                FrameItem::Group(group) => self.append_frame(&group.frame, x, y),
                FrameItem::Text(run) => {
                    match self.line {
                        Some(line) if (line - y).abs() >= run.size * 0.5 => self.out.push('\n'),
                        // Runs of one word touch; cells of a row don't.
                        Some(_) if (x - self.end).abs() > run.size * 0.1 => self.out.push(' '),
                        _ => {}
                    }
                    self.line = Some(y);
                    self.end = x + run.width();
                    self.out.push_str(&run.text);
                }
                FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
    }
}
