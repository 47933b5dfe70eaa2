use axum::body::{Body, Bytes};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Nothing but what this address itself sends, and no script within the page.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                           connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What isn't a page draws itself, runs nothing and loads nothing.
const FILE_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox; frame-ancestors 'none'";

/// Sent with everything.
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Something to be sent, with its media type.
pub(super) struct Content {
    kind: MediaType,
    body: Vec<u8>,
    /// To be saved under this name rather than shown.
    save_as: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    Page,
    Style,
    Script,
    Json,
    Svg,
    Text,
    Pdf,
    Xml,
    Workbook,
    WordDocument,
    Other,
}

impl MediaType {
    /// By the ending of a file's name.
    pub fn of_file(name: &str) -> MediaType {
        match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("css") => MediaType::Style,
            Some("js") => MediaType::Script,
            Some("svg") => MediaType::Svg,
            Some("json") => MediaType::Json,
            Some("pdf") => MediaType::Pdf,
            Some("xml") => MediaType::Xml,
            Some("xlsx") => MediaType::Workbook,
            Some("docx") => MediaType::WordDocument,
            Some("txt") => MediaType::Text,
            _ => MediaType::Other,
        }
    }

    fn header(self) -> &'static str {
        match self {
            MediaType::Page => "text/html; charset=utf-8",
            MediaType::Style => "text/css; charset=utf-8",
            MediaType::Script => "text/javascript; charset=utf-8",
            MediaType::Json => "application/json",
            MediaType::Svg => "image/svg+xml",
            MediaType::Text => "text/plain; charset=utf-8",
            MediaType::Pdf => "application/pdf",
            MediaType::Xml => "application/xml",
            MediaType::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            MediaType::WordDocument => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            MediaType::Other => "application/octet-stream",
        }
    }

    /// The browser's own viewer of PDFs would not open under a policy.
    fn policy(self) -> Option<&'static str> {
        match self {
            MediaType::Page => Some(PAGE_POLICY),
            MediaType::Pdf => None,
            _ => Some(FILE_POLICY),
        }
    }
}

impl Content {
    pub fn new(kind: MediaType, body: impl Into<Vec<u8>>) -> Content {
        Content { kind, body: body.into(), save_as: None }
    }

    /// `None` if it can't be written as JSON.
    pub fn json(value: &impl Serialize) -> Option<Content> {
        Some(Content::new(MediaType::Json, serde_json::to_vec(value).ok()?))
    }

    /// A file to be saved; a PDF is shown.
    pub fn file(name: &str, body: Vec<u8>) -> Content {
        let kind = MediaType::of_file(name);
        Content { kind, body, save_as: (kind != MediaType::Pdf).then(|| name.to_owned()) }
    }
}

impl IntoResponse for Content {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(Bytes::from(self.body)));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind.header()));
        if let Some(policy) = self.kind.policy() {
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        }
        if let Some(name) = self.save_as.and_then(|name| attachment(&name)) {
            headers.insert(header::CONTENT_DISPOSITION, name);
        }
        response
    }
}

/// `attachment; filename*=UTF-8''quarterly.mk.xlsx`, whatever letters the name has.
fn attachment(name: &str) -> Option<HeaderValue> {
    let encode = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    let encoded: String = name.bytes().map(encode).collect();
    HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{encoded}")).ok()
}

/// The content, or that there is none.
pub(super) fn found(content: Option<Content>) -> Response {
    content.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}

/// Adds to an answer what is sent with everything.
pub(super) fn add_headers(headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
