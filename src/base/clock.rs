//! The clock as a trait, so that a run can be simulated, frozen and replayed.
//!
//! Deliberately absent: any implementation. `engine` has the real one, tests and the panel have one that can be set.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// An instant in UTC; serialises as RFC 3339.
pub use jiff::Timestamp;

/// A boxed future, so that ports can be trait objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where "now" and waiting come from. Pure floors take `now` as an argument instead.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
    /// Waits for `span` of this clock's time.
    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()>;
}
