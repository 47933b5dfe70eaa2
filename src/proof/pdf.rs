//! PDFs that anybody may have made or changed: what reports need of the format, read within limits of memory and time.

mod content;
mod file;
mod font;
mod object;
mod page_text;

pub use content::{PdfAttachment, PdfPlace};
pub use file::{PdfFault, PdfFile};
pub use page_text::{PageReader, PdfLetter};

/// Whether a file is a PDF by its content.
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}
