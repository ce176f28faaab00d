//! The port for reading a panel, one page at a time. It has nothing that writes (S5.6).

use crate::base::BoxFuture;
use crate::model::{CatchAllProbe, DirectoryAnswer, Fault, Field, Key, LiveHead, Object, Scope, Value};
use std::collections::BTreeMap;

/// One page of a listing, as it came.
#[derive(Debug, Clone)]
pub struct Page {
    /// The scope that it belongs to.
    pub scope: Scope,
    /// The body.
    pub body: Vec<u8>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<String>,
    /// The panel's total of the whole listing, where it tells.
    pub total: Option<u64>,
    /// Objects on this page, counted from the body.
    pub count: u64,
}

/// Where a listing goes on; `None` starts.
pub type Cursor = Option<String>;

/// The answer of a panel that was asked for what its capabilities do not offer: a defect of ours, and no read.
fn not_offered<'a, T: Send + 'a>(what: &'static str) -> BoxFuture<'a, Result<T, Fault>> {
    let text = format!("this panel does not tell {what}, and was asked for it all the same; please report this");
    Box::pin(async { Err(Fault::Local { text }) })
}

/// Reading (S5.6). A driver writes `fetch`, `one` and `decode`; what follows them only some panels have. One page; the engine loops, counts, bounds, retries and prefetches.
pub trait Observe: Send + Sync {
    /// One page of a scope. `remote` is the panel's id of the tenant, where the scope has one.
    fn fetch<'a>(&'a self, scope: &'a Scope, remote: Option<&'a str>, from: Cursor) -> BoxFuture<'a, Result<Page, Fault>>;
    /// One object, for the read again before a delete (S10.4): empty page body where it is not there.
    fn one<'a>(&'a self, key: &'a Key, remote: Option<&'a str>) -> BoxFuture<'a, Result<Option<Page>, Fault>>;
    /// The objects of a page. Pure. `tenant` is the name under which they are declared.
    ///
    /// # Errors
    /// A [`Fault::Retry`] with [`crate::model::Reason::Malformed`] for anything that is not what it should be.
    fn decode(&self, page: &Page, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault>;
    /// A page of recipients that get mail in a domain (S13.3); only asked where capabilities say `counts_mail`.
    fn recipients<'a>(&'a self, _: &'a Scope, _: Option<&'a str>, _: Cursor) -> BoxFuture<'a, Result<Page, Fault>> {
        not_offered("who gets mail")
    }
    /// What the panel's own log says of the last changes of an object, newest first, in its words; only asked where
    /// capabilities say `keeps_trail`.
    fn trail<'a>(&'a self, _: &'a Key, _: Option<&'a str>) -> BoxFuture<'a, Result<Vec<String>, Fault>> {
        not_offered("who changed what")
    }
    /// A page of a domain's import jobs, with the rows of those that are under way or failed (S6.2); only asked where the
    /// timetable says that there are imports.
    fn jobs<'a>(&'a self, _: &'a Scope, _: Option<&'a str>, _: Cursor) -> BoxFuture<'a, Result<Page, Fault>> {
        not_offered("imports")
    }
    /// What a live directory, of the head, answers to other settings than its own; changes nothing (S16.1). The map is what
    /// differs. Only asked where capabilities say `asks_directories`.
    fn directory<'a>(
        &'a self,
        _: &'a LiveHead,
        _: Option<&'a str>,
        _: &'a BTreeMap<Field, Value>,
    ) -> BoxFuture<'a, Result<DirectoryAnswer, Fault>> {
        not_offered("what a directory answers")
    }
    /// What the destinations of a live domain, the scope's, say now to an address that nobody has; no message is sent, and
    /// the panel keeps nothing of it (S13.2). Only asked where capabilities say `probes_catch_all`.
    fn catch_all<'a>(&'a self, _: &'a Scope, _: Option<&'a str>) -> BoxFuture<'a, Result<CatchAllProbe, Fault>> {
        not_offered("what destinations answer")
    }
}
