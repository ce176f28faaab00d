//! What the panel does by itself: one file per source of jobs, and the loop that runs them strictly in order of time.
//!
//! Each job runs in a write transaction of its own whose `now` is the instant at which the job was due, so that a clock
//! which jumps over fourteen days leaves the same database as one that ticks. Deliberately absent: threads and timers
//! per job; there is one loop, called when the panel is opened, about once a second, and after a test moved the clock.

mod directories;
mod discovery;
mod due;
mod imports;
mod nightly;
mod source;
mod watch;

pub(crate) use due::run_due;
pub(crate) use watch::watch;
