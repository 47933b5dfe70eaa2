//! The page's address on this machine, and who may ask there.
//!
//! Nobody else's page may read what is here: a request must name the loopback address as its host, so that a name
//! that was turned to it (DNS rebinding) is refused, and other origins get nothing.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::channel::{Channel, Sender};
use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::watch;

use super::router::{Content, MediaType, Router};
use super::state::StateRevision;

/// How often a silent stream of revisions says that it is still there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// A moment of rest where the system can't take another connection.
const REST: Duration = Duration::from_millis(50);

type Body = Either<Full<Bytes>, Channel<Bytes, Infallible>>;

pub(super) struct Server {
    listener: TcpListener,
    port: u16,
}

impl Server {
    /// # Errors
    /// The system's, where the port is taken or not allowed.
    pub fn bind(port: u16) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let port = listener.local_addr()?.port();
        Ok(Server { listener, port })
    }

    pub fn address(&self) -> String {
        format!("http://{}:{}/", Ipv4Addr::LOCALHOST, self.port)
    }

    /// Answers until Ctrl-C.
    ///
    /// # Errors
    /// The system's, where nothing can be awaited.
    pub fn run(self, router: Arc<Router>) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let ended = runtime.block_on(async {
            self.listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            let hosts = Arc::new(Hosts::at(self.port));
            tokio::spawn(accept(listener, hosts, router));
            tokio::signal::ctrl_c().await
        });
        // A page that is still being laid out isn't waited for.
        runtime.shutdown_background();
        ended
    }
}

/// What a request may name as its host.
struct Hosts([String; 2]);

impl Hosts {
    fn at(port: u16) -> Hosts {
        Hosts(["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}")))
    }

    fn are_named_by<T>(&self, request: &Request<T>) -> bool {
        let known = |host: &str| self.0.iter().any(|name| name == host);
        let named = request.headers().get_all(header::HOST).iter().collect::<Vec<&HeaderValue>>();
        let by_header = matches!(named.as_slice(), [host] if host.to_str().is_ok_and(known));
        by_header && request.uri().authority().is_none_or(|authority| known(authority.as_str()))
    }
}

async fn accept(listener: tokio::net::TcpListener, hosts: Arc<Hosts>, router: Arc<Router>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(REST).await;
            continue;
        };
        let (hosts, router) = (Arc::clone(&hosts), Arc::clone(&router));
        let service = service_fn(move |request| {
            let (hosts, router) = (Arc::clone(&hosts), Arc::clone(&router));
            async move { Ok::<_, Infallible>(respond(&request, &hosts, router).await) }
        });
        let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
        // That a browser goes away is no fault.
        tokio::spawn(async { drop(connection.await) });
    }
}

async fn respond(request: &Request<Incoming>, hosts: &Hosts, router: Arc<Router>) -> Response<Body> {
    if !hosts.are_named_by(request) {
        return empty(StatusCode::MISDIRECTED_REQUEST);
    }
    if request.method() != Method::GET {
        let mut response = empty(StatusCode::METHOD_NOT_ALLOWED);
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        return response;
    }
    let path = request.uri().path().to_owned();
    if path == "/events" {
        return events(router.revisions());
    }
    // Laying pages out takes a while; the stream of revisions must not wait for it.
    match tokio::task::spawn_blocking(move || router.content_at(&path)).await {
        Ok(Some(content_at)) => sent(content_at),
        Ok(None) => empty(StatusCode::NOT_FOUND),
        Err(_) => empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The stream of revisions: the current one, then every change.
fn events(revisions: watch::Receiver<StateRevision>) -> Response<Body> {
    let (sender, body) = Channel::new(1);
    tokio::spawn(stream_revisions(revisions, sender));
    with_headers(Response::new(Either::Right(body)), "text/event-stream", None)
}

async fn stream_revisions(mut revisions: watch::Receiver<StateRevision>, mut page: Sender<Bytes, Infallible>) {
    loop {
        let StateRevision { revision, reading } = *revisions.borrow_and_update();
        let event = format!("data: {{\"revision\":{revision},\"reading\":{reading}}}\n\n");
        if page.send_data(event.into()).await.is_err() {
            return;
        }
        while tokio::time::timeout(SIGN_OF_LIFE, revisions.changed()).await.is_err() {
            if page.send_data(Bytes::from_static(b":\n\n")).await.is_err() {
                return;
            }
        }
    }
}

fn sent(content_at: Content) -> Response<Body> {
    let (kind, policy) = match content_at.kind {
        MediaType::Page => ("text/html; charset=utf-8", Some(PAGE_POLICY)),
        MediaType::Style => ("text/css; charset=utf-8", None),
        MediaType::Script => ("text/javascript; charset=utf-8", None),
        MediaType::Json => ("application/json", None),
        MediaType::Svg => ("image/svg+xml", Some(PICTURE_POLICY)),
        MediaType::Text => ("text/plain; charset=utf-8", None),
        MediaType::Pdf => ("application/pdf", None),
    };
    with_headers(Response::new(Either::Left(Full::from(content_at.body))), kind, policy)
}

/// Nothing but what this address itself sends, and no script within the page.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                           connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A picture draws itself and loads nothing.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = with_headers(Response::new(Either::Left(Full::default())), "text/plain; charset=utf-8", None);
    *response.status_mut() = status;
    response
}

fn with_headers(mut response: Response<Body>, kind: &'static str, policy: Option<&'static str>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if let Some(policy) = policy {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    response
}
