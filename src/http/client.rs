//! The client: one origin, one credential, one attempt.

use crate::base::limits::{IDLE_SECONDS, KEPT_BYTES, PAGE_BYTES, PANEL_TEXT_CHARS, PROBLEM_BYTES};
use crate::base::printable::printable_short;
use crate::base::{Clock, Secret};
use crate::http::body::{self, BodyError};
use crate::http::gate::Gate;
use crate::http::kept::{Kept, Known};
use crate::http::rate::Class;
use crate::http::settings::{AuthScheme, ClientSettings, Deadlines};
use crate::http::target::Target;
use crate::http::trouble::{of_status, unusable};
use crate::http::{Answer, Trouble, problem, retry_after};
use crate::model::{Fault, Reason};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION, RETRY_AFTER,
};
use reqwest::{Method, Response, StatusCode};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One call.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    method: Method,
    path: Vec<&'a str>,
    query: Vec<(&'a str, &'a str)>,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    once: bool,
    tenant: &'a str,
    conditional: bool,
}

impl<'a> Call<'a> {
    /// A read. Each part of the path is one segment, escaped here.
    #[must_use]
    pub fn get(path: &[&'a str]) -> Self {
        Self {
            method: Method::GET,
            path: path.to_vec(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            once: false,
            tenant: "",
            conditional: false,
        }
    }
    /// A write, which must not happen twice.
    #[must_use]
    pub fn write(method: Method, path: &[&'a str]) -> Self {
        Self { method, once: true, ..Self::get(path) }
    }
    /// Says that repeating the call does no harm: when it breaks, that is a [`Fault::Retry`].
    #[must_use]
    pub fn repeatable(self) -> Self {
        Self { once: false, ..self }
    }
    /// Says for which tenant the call is made, by name or id: tenants take turns where a panel takes so many calls only.
    #[must_use]
    pub fn on_behalf_of(self, tenant: &'a str) -> Self {
        Self { tenant, ..self }
    }
    /// Lets the panel answer a read that nothing changed since this client read it last; the body is that of then. Never
    /// for anything on which a deletion may rest (S1.5), nor where the panel's tag does not stand for the whole body.
    #[must_use]
    pub fn conditional(self) -> Self {
        Self { conditional: true, ..self }
    }
    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &'a str, value: &'a str) -> Self {
        self.query.push((name, value));
        self
    }
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
    /// Sets a JSON body.
    ///
    /// # Errors
    /// [`Fault::Local`] where the value cannot be written as JSON.
    pub fn json(mut self, value: &impl serde::Serialize) -> Result<Self, Fault> {
        let body = serde_json::to_vec(value).map_err(|error| Fault::Local { text: format!("the request cannot be written: {error}") })?;
        self.body = Some(body);
        Ok(self)
    }
    /// Sets a JSON body that is written already.
    #[must_use]
    pub fn bytes(mut self, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self
    }
}

/// A client of one panel.
pub struct Client {
    http: reqwest::Client,
    target: Target,
    token: Option<Secret>,
    gate: Gate,
    kept: Mutex<Kept>,
    clock: Arc<dyn Clock>,
    deadlines: Deadlines,
    fenced_codes: &'static [&'static str],
}

impl Client {
    /// Makes a client; nothing is sent.
    ///
    /// # Errors
    /// [`Fault::Local`]: the URL is refused, the token cannot be a header, or the certificates cannot be read.
    pub fn new(settings: ClientSettings) -> Result<Self, Fault> {
        let target = Target::parse(&settings.url, settings.trailing_slash)?;
        // reqwest panics without a provider; a second installation is refused and does no harm
        let _ = rustls::crypto::ring::default_provider().install_default();
        let loopback = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("mailwright/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers(settings.scheme, settings.token.as_ref())?)
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            // plain http is allowed to `localhost`, so that name must not be anywhere else
            .resolve_to_addrs("localhost", &loopback)
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .pool_idle_timeout(std::time::Duration::from_secs(IDLE_SECONDS))
            .connect_timeout(settings.deadlines.connect)
            .read_timeout(settings.deadlines.stall)
            .timeout(settings.deadlines.total);
        if let Some(pem) = &settings.ca_pem {
            builder = builder.tls_certs_only(authorities(pem)?);
        }
        let http = builder.build().map_err(|error| Fault::Local { text: format!("the HTTP client cannot be made: {}", cause(&error)) })?;
        let ClientSettings { token, clock, deadlines, fenced_codes, rate, in_flight, .. } = settings;
        let gate = Gate::new(rate, in_flight.clamp(1, 1024) as usize, clock.clone());
        Ok(Self { http, target, token, gate, kept: Mutex::new(Kept::new(KEPT_BYTES)), clock, deadlines, fenced_codes })
    }

    /// Scheme, host and port that this client talks to.
    #[must_use]
    pub fn origin(&self) -> String {
        self.target.origin()
    }

    /// Makes one attempt at a call. Waits while too many are in flight, and for the panel's rate.
    ///
    /// # Errors
    /// [`Trouble`], sorted by remedy; of a write that was sent and not answered the outcome is unknown.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer, Trouble> {
        let (once, tenant, conditional) = (call.once, call.tenant, call.conditional && call.method == Method::GET);
        let class = if call.method.is_safe() { Class::Read } else { Class::Write };
        let mut request = self.request(call)?;
        let url = request.url().to_string();
        let known = if conditional { self.kept().get(&url) } else { None };
        if let Some(tag) = known.as_ref().and_then(|known| HeaderValue::from_str(&known.tag).ok()) {
            request.headers_mut().insert(IF_NONE_MATCH, tag);
        }
        let _pass = self.gate.enter(tenant, class).await;
        let response = self.http.execute(request).await.map_err(|error| self.not_answered(once, &error))?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED {
            return unchanged(known, &response).map_err(|text| unusable(once, text).into());
        }
        if status.is_redirection() {
            return Err(unusable(once, self.words(&self.redirected(&response))).into());
        }
        if !status.is_success() {
            return Err(self.refusal(once, response).await);
        }
        let answer = self.success(once, response).await?;
        if conditional {
            self.kept().keep(&url, answer.header("etag"), &answer.body);
        }
        Ok(answer)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn redirected(&self, response: &Response) -> String {
        let location = response.headers().get(LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let host = self.target.host_of(location);
        format!("the panel redirects ({}) to {host}; redirects are not followed", response.status().as_u16())
    }

    fn request(&self, call: Call<'_>) -> Result<reqwest::Request, Fault> {
        let url = self.target.join(&call.path, &call.query)?;
        let mut request = reqwest::Request::new(call.method, url);
        for (name, value) in call.headers {
            let value =
                HeaderValue::from_str(&value).map_err(|_| Fault::Local { text: format!("{name} cannot be written as a header") })?;
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        if let Some(body) = call.body {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.into());
        }
        Ok(request)
    }

    async fn success(&self, once: bool, response: Response) -> Result<Answer, Trouble> {
        let (status, headers, media) = (response.status().as_u16(), response.headers().clone(), body::media(&response));
        let body = match body::read(response, PAGE_BYTES).await {
            Ok(body) => body,
            Err(BodyError::Broken(error)) => return Err(self.broke_off(once, &error).into()),
            Err(BodyError::TooLarge) if once => return Err(unusable(once, "the answer is too large".into()).into()),
            Err(BodyError::TooLarge) => {
                let limit = format!("{} MiB for one answer", PAGE_BYTES >> 20);
                return Err(Fault::Retry { reason: Reason::Endless { limit } }.into());
            }
            Err(BodyError::Encoded(how)) => {
                return Err(unusable(once, self.words(&format!("an answer encoded as {how}, which was not asked for"))).into());
            }
        };
        if !body.is_empty() && !body::is_json(&media) {
            let what = if media.is_empty() { "an answer without a media type" } else { &media };
            return Err(unusable(once, self.words(&format!("{what} instead of JSON"))).into());
        }
        Ok(Answer { status, body, unchanged: false, headers, once })
    }

    async fn refusal(&self, once: bool, response: Response) -> Trouble {
        let (status, media) = (response.status().as_u16(), body::media(&response));
        let asked = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok());
        let after_seconds = asked.and_then(|text| retry_after::seconds(text, self.clock.now()));
        // the status says enough where the words cannot be had
        let body = body::read(response, PROBLEM_BYTES).await.unwrap_or_default();
        let words = problem::words(&media, &body);
        let fenced = words.code.as_deref().is_some_and(|code| self.fenced_codes.contains(&code));
        let fault = of_status(once, status, fenced, after_seconds, self.words(&words.text));
        if let Fault::Throttled { after_seconds } = fault {
            self.gate.throttled(after_seconds);
        }
        Trouble { fault, code: words.code }
    }

    /// No status line came.
    fn not_answered(&self, once: bool, error: &reqwest::Error) -> Fault {
        if error.is_connect() {
            let text = if error.is_timeout() { "no answer to the connection".to_owned() } else { cause(error) };
            return Fault::Retry { reason: Reason::Unreachable { text: self.words(&format!("{}: {text}", self.target.origin())) } };
        }
        if error.is_builder() {
            return Fault::Local { text: self.words(&cause(error)) };
        }
        self.broke_off(once, error)
    }

    /// The request was on its way, or the answer was.
    fn broke_off(&self, once: bool, error: &reqwest::Error) -> Fault {
        let seconds = self.deadlines.total.as_secs();
        match (error.is_timeout(), once) {
            (true, false) => Fault::Retry { reason: Reason::TimedOut { seconds } },
            (true, true) => Fault::OutcomeUnknown { text: "the panel did not answer in time".into() },
            (false, _) => unusable(once, self.words(&format!("the connection broke: {}", cause(error)))),
        }
    }

    /// Text from the panel made harmless, cut, and without our token, should the panel echo it (S10.1, S19.2).
    fn words(&self, text: &str) -> String {
        let token = self.token.as_ref().map(Secret::expose).filter(|token| !token.is_empty());
        match token.filter(|token| text.contains(token)) {
            Some(token) => printable_short(&text.replace(token, "[redacted]"), PANEL_TEXT_CHARS),
            None => printable_short(text, PANEL_TEXT_CHARS),
        }
    }
}

/// The answer that a 304 stands for: only to a question that we asked, about the tag that we named.
fn unchanged(known: Option<Known>, response: &Response) -> Result<Answer, String> {
    let known = known.ok_or("the panel says that nothing changed (304), and was not asked")?;
    if response.headers().get(ETAG).is_some_and(|tag| tag.as_bytes() != known.tag.as_bytes()) {
        return Err("the panel says that nothing changed (304), about another version than the one that was named".into());
    }
    let body = known.body().ok_or("what was kept of an earlier answer is damaged")?;
    Ok(Answer { status: 200, body, unchanged: true, headers: response.headers().clone(), once: false })
}

fn headers(scheme: AuthScheme, token: Option<&Secret>) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json, application/problem+json"));
    if let Some(token) = token {
        let text = zeroize::Zeroizing::new(format!("{} {}", scheme.word(), token.expose()));
        let visible = !token.expose().is_empty() && token.expose().bytes().all(|c| c.is_ascii_graphic());
        let value = HeaderValue::from_str(&text).ok().filter(|_| visible);
        let mut value =
            value.ok_or_else(|| Fault::Local { text: "the provider's token is empty or has characters that no token has".into() })?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

fn authorities(pem: &[u8]) -> Result<Vec<reqwest::Certificate>, Fault> {
    let refused = |text: String| Fault::Local { text: format!("the provider's ca_file: {text}") };
    let all = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| refused(cause(&error)))?;
    if all.is_empty() { Err(refused("it holds no certificate in PEM form".into())) } else { Ok(all) }
}

/// The innermost cause of an error, which never holds a URL.
fn cause(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    if inner.is::<reqwest::Error>() { "the request failed".into() } else { inner.to_string() }
}
