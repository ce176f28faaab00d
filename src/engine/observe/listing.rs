//! One listing, page by page: cursor must advance, totals must agree, limits hold. Sends pages to the join.

use crate::base::digest::{Digest, Encoder};
use crate::base::limits::SCOPE_PAGES;
use crate::engine::provider::Provider;
use crate::model::{Completeness, Proof, ProofRule, Reason, Scope};
use crate::port::Page;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

/// Pages that wait for the join; with the requests in flight this bounds memory.
const PAGES_WAITING: usize = 4;

/// What a listing's task tells.
pub(in crate::engine) enum Told {
    /// A page to be decoded.
    Page(Page),
    /// The listing is over.
    Ended(Scope, Completeness),
}

/// What is listed of a scope.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum What {
    /// Its objects.
    Objects,
    /// The recipients that get mail (S13.3).
    Recipients,
    /// Its import jobs (S6.2).
    Jobs,
}

/// Reads listings side by side, as many as the panel allows, and hands on what they tell as it comes.
pub(in crate::engine) async fn pump(provider: &Arc<Provider>, remote: &str, jobs: Vec<(Scope, What)>, each: &mut (dyn FnMut(Told) + Send)) {
    let in_flight = provider.driver.capabilities().pages.in_flight.max(1) as usize;
    let room = Arc::new(Semaphore::new(in_flight));
    let (to, mut from) = mpsc::channel(PAGES_WAITING);
    let mut tasks = JoinSet::new();
    let mut open: BTreeSet<Scope> = jobs.iter().map(|(scope, _)| scope.clone()).collect();
    for (scope, what) in jobs {
        let (room, to, provider, remote) = (room.clone(), to.clone(), provider.clone(), remote.to_owned());
        tasks.spawn(async move {
            let Ok(_room) = room.acquire_owned().await else { return };
            read(provider, scope, Some(remote), what, to).await;
        });
    }
    drop(to);
    while let Some(told) = from.recv().await {
        if let Told::Ended(scope, _) = &told {
            open.remove(scope);
        }
        each(told);
    }
    tasks.shutdown().await;
    for scope in open {
        // a listing that never told its end (its task died) is unknown, too
        let why = vec![Reason::Malformed { text: "reading ended early".into() }];
        each(Told::Ended(scope, Completeness::Part { read: 0, why }));
    }
}

/// Reads a listing to its end and sends every page, then how it ended.
async fn read(provider: Arc<Provider>, scope: Scope, remote: Option<String>, what: What, to: Sender<Told>) {
    let proof = provider.driver.capabilities().pages.proof;
    let mut listing = Listing { provider, scope, remote, what, to };
    let ended = match proof {
        ProofRule::TwoReads => listing.twice().await,
        ProofRule::Total | ProofRule::EndMark | ProofRule::None => listing.once(true, None).await.and_then(|seen| seen.proven(proof)),
    };
    let completeness = match ended {
        Ok((count, proof)) => Completeness::Whole { count, proof },
        Err((read, reason)) => Completeness::Part { read, why: vec![reason] },
    };
    // the receiver is gone only where the whole observation was given up
    drop(listing.to.send(Told::Ended(listing.scope, completeness)).await);
}

struct Listing {
    provider: Arc<Provider>,
    scope: Scope,
    remote: Option<String>,
    what: What,
    to: Sender<Told>,
}

/// What one pass over a listing saw.
struct Pass {
    count: u64,
    total: Option<u64>,
    /// Of all bodies; made only where two passes are compared, because it costs more than decoding them.
    digest: Option<Digest>,
}

impl Pass {
    fn proven(&self, rule: ProofRule) -> Result<(u64, Proof), (u64, Reason)> {
        match (rule, self.total) {
            (ProofRule::Total, Some(said)) if said == self.count => Ok((self.count, Proof::Total)),
            (ProofRule::Total, Some(said)) => Err((self.count, Reason::CountMismatch { said, seen: self.count })),
            (_, Some(said)) if said != self.count => Err((self.count, Reason::CountMismatch { said, seen: self.count })),
            (ProofRule::EndMark, _) => Ok((self.count, Proof::EndMark)),
            (ProofRule::Total | ProofRule::None | ProofRule::TwoReads, _) => Err((self.count, Reason::NoProof)),
        }
    }
}

impl Listing {
    async fn twice(&mut self) -> Result<(u64, Proof), (u64, Reason)> {
        let first = self.once(false, Some(Encoder::new("listing"))).await?;
        let second = self.once(true, Some(Encoder::new("listing"))).await?;
        if first.digest != second.digest {
            return Err((second.count, Reason::Moved));
        }
        Ok((second.count, Proof::TwoReads))
    }

    /// Reads from the first page to the last; hands the pages on where they are to be sent.
    async fn once(&mut self, send: bool, mut bodies: Option<Encoder>) -> Result<Pass, (u64, Reason)> {
        let mut pass = Pass { count: 0, total: None, digest: None };
        let mut cursor: Option<String> = None;
        for number in 0.. {
            if number >= SCOPE_PAGES {
                return Err((pass.count, Reason::Endless { limit: format!("{SCOPE_PAGES} pages") }));
            }
            let page = self.page(cursor.clone()).await.map_err(|reason| (pass.count, reason))?;
            if page.total.is_some() && pass.total.is_some() && page.total != pass.total {
                return Err((pass.count, Reason::Moved));
            }
            pass.total = page.total.or(pass.total);
            pass.count += page.count;
            // a listing that repeats itself would otherwise be read to the last of all pages
            if let Some(said) = pass.total.filter(|said| pass.count > *said) {
                return Err((pass.count, Reason::CountMismatch { said, seen: pass.count }));
            }
            if let Some(bodies) = &mut bodies {
                bodies.bytes(&page.body);
            }
            let next = page.next.clone();
            if next.is_some() && (next == cursor || page.count == 0) {
                return Err((pass.count, Reason::Endless { limit: "pages that add nothing".into() }));
            }
            if send && self.to.send(Told::Page(page)).await.is_err() {
                return Err((pass.count, Reason::Moved));
            }
            match next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        pass.digest = bodies.map(Encoder::finish);
        Ok(pass)
    }

    async fn page(&self, cursor: Option<String>) -> Result<Page, Reason> {
        let remote = self.remote.as_deref();
        self.provider
            .read(|| match self.what {
                What::Objects => self.provider.reader.fetch(&self.scope, remote, cursor.clone()),
                What::Recipients => self.provider.reader.recipients(&self.scope, remote, cursor.clone()),
                What::Jobs => self.provider.reader.jobs(&self.scope, remote, cursor.clone()),
            })
            .await
    }
}
