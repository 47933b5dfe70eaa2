//! Who may speak to the app: only the page that the program opened.
//!
//! Every path begins with a random token that only the opened address holds, so that another program of this machine,
//! or a page that guesses the port, gets nothing. A request must name the loopback address as its host, so that a name
//! that was turned to it (DNS rebinding) is refused; one that says where it comes from must come from here.

use std::fmt::Write;
use std::net::Ipv4Addr;

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};

/// Bytes of the token: too many to be guessed.
const TOKEN_BYTES: usize = 16;

pub(super) struct Access {
    token: String,
    hosts: [String; 2],
}

impl Access {
    /// A new token for the page at a port of this machine.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn new(port: u16) -> Result<Access, getrandom::Error> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes)?;
        let token = bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(Access { token, hosts: ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}")) })
    }

    /// What the browser is to open.
    pub fn address(&self, port: u16) -> String {
        format!("http://{}:{port}/{}/", Ipv4Addr::LOCALHOST, self.token)
    }

    /// The path behind the token, if the request may be answered.
    ///
    /// # Errors
    /// What it is answered instead.
    pub fn check<'u>(&self, method: &Method, uri: &'u Uri, headers: &HeaderMap) -> Result<&'u str, StatusCode> {
        if !self.names_us(uri, headers) {
            return Err(StatusCode::MISDIRECTED_REQUEST);
        }
        if !self.comes_from_us(method, headers) {
            return Err(StatusCode::FORBIDDEN);
        }
        let (token, path) = uri.path().strip_prefix('/').and_then(|path| path.split_once('/')).unwrap_or_default();
        if is_same_secret(token, &self.token) { Ok(path) } else { Err(StatusCode::NOT_FOUND) }
    }

    fn names_us(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let is_known = |host: &str| self.hosts.iter().any(|name| name == host);
        let mut named = headers.get_all(header::HOST).iter();
        let by_header =
            named.next().and_then(|host| host.to_str().ok()).is_some_and(is_known) && named.next().is_none();
        by_header && uri.authority().is_none_or(|authority| is_known(authority.as_str()))
    }

    /// A browser says of every request that changes something where it comes from, and of others whether it is another's.
    fn comes_from_us(&self, method: &Method, headers: &HeaderMap) -> bool {
        let is_ours = |origin: &str| {
            origin.strip_prefix("http://").is_some_and(|host| self.hosts.iter().any(|name| name == host))
        };
        let origins: Vec<_> = headers.get_all(header::ORIGIN).iter().collect();
        let by_origin = match origins.as_slice() {
            [] => method == Method::GET || method == Method::HEAD,
            [origin] => origin.to_str().is_ok_and(is_ours),
            _ => false,
        };
        let by_fetch = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
        by_origin && by_fetch
    }
}

/// Takes as long for every wrong text of the same length.
fn is_same_secret(written: &str, secret: &str) -> bool {
    written.len() == secret.len() && written.bytes().zip(secret.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
