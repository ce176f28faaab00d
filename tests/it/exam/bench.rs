//! What a driver needs to take the exam: a bench, which opens sites, and a site, which is one panel of its own.

use crate::exam::picture::Picture;
use crate::support::fault_proxy::FaultProxy;
use jiff::SignedDuration;
use mailwright::base::{BoxFuture, Clock, ProviderName};
use mailwright::model::Fault;
use mailwright::port::{Driver, Secrets};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

/// Where a driver is examined.
pub trait Bench: Send + Sync {
    /// The driver's name, for the table.
    fn name(&self) -> &'static str;
    /// The keys of a domain whose users the panel keeps, and which has no directory.
    fn local_domain(&self) -> &'static str;
    /// A panel without tenants, or as it was saved. One site at a time where [`Bench::at_a_time`] is 1.
    fn open<'a>(&'a self, from: Option<&'a Saved>) -> BoxFuture<'a, Arc<dyn Site>>;
    /// How many sites there may be at a time.
    fn at_a_time(&self) -> usize;
    /// Fewest faulted runs that must have been struck; 0 where there is no HTTP.
    fn faulted_runs(&self) -> usize {
        0
    }
    /// Most runs that are tried, evenly taken from all that there are.
    fn trials_at_most(&self) -> usize {
        usize::MAX
    }
    /// Whether there is one site at a time, which must be closed before the next one is opened.
    fn is_single(&self) -> bool {
        self.at_a_time() == 1
    }
    /// How late an answer of a faulted run comes at most before the client gives up, where that is the fault.
    fn short_deadline(&self) -> Duration {
        Duration::from_secs(3)
    }
    /// How long a request may take otherwise.
    fn long_deadline(&self) -> Duration {
        Duration::from_secs(60)
    }
}

/// What a site was, to be opened again.
pub struct Saved(pub Box<dyn Any + Send + Sync>);

/// One panel.
pub trait Site: Send + Sync {
    /// A driver that is connected to it, through the proxy where there is one.
    fn driver<'a>(&'a self, name: &'a ProviderName, deadline: Duration) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>>;
    /// Secrets of the provider and of what is declared; a password that every policy takes.
    fn secrets(&self) -> Arc<dyn Secrets>;
    /// The clock of runs, near that of the panel.
    fn clock(&self) -> Arc<dyn Clock>;
    /// Time passes for both; `false`: it cannot be moved here.
    fn pass<'a>(&'a self, span: SignedDuration) -> BoxFuture<'a, bool>;
    /// Writes that reached it since the last call, as `METHOD path` or in other words.
    fn writes(&self) -> Vec<String>;
    /// What another pair of eyes than the driver's sees.
    fn witness<'a>(&'a self) -> BoxFuture<'a, Option<Picture>>;
    /// The proxy in front of it.
    fn proxy(&self) -> Option<&FaultProxy>;
    /// Whether a write is bookkeeping between writers (a lease), which changes nothing that is declared.
    fn is_bookkeeping(&self, write: &str) -> bool;
    /// Closes it and keeps what it was; `None`: that cannot be had, the states are applied again.
    fn save<'a>(&'a self) -> BoxFuture<'a, Option<Saved>>;
}
