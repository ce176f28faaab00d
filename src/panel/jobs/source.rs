//! The sources of jobs. A new one is a variant and its two rows here.

use super::{directories, discovery, imports, nightly};
use crate::base::Timestamp;
use crate::panel::open::App;
use crate::panel::stop::Stop;
use sqlx::SqliteConnection;

/// Where jobs come from. Jobs of one instant run in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// Lists of users that were taken and are to act.
    Imports,
    /// Directories that are to be read.
    Directories,
    /// The nightly creation of users.
    NightlyCreation,
    /// Discovery, at the same hour: it finds what the nightly creation left.
    Discovery,
}

/// A job that is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Due {
    /// The instant at which it was due; never later than the panel's now.
    pub(crate) at: Timestamp,
    /// Who runs it.
    pub(crate) source: Source,
    /// What the source calls it.
    pub(crate) id: String,
}

impl Source {
    /// Every source.
    pub(crate) const ALL: [Source; 4] = [Source::Imports, Source::Directories, Source::NightlyCreation, Source::Discovery];

    /// The earliest job that is due at `now`.
    pub(crate) async fn earliest(self, app: &App, db: &mut SqliteConnection, now: Timestamp) -> Result<Option<Due>, Stop> {
        let found = match self {
            Source::Imports => imports::earliest(db, now).await?,
            Source::Directories => directories::earliest(db, now).await?,
            Source::NightlyCreation => nightly::earliest(app, db, now).await?,
            Source::Discovery => discovery::earliest(app, db, now).await?,
        };
        Ok(found.map(|(at, id)| Due { at, source: self, id }))
    }

    /// Runs a job: waits and asks others first where it must, then writes in one transaction as of `due.at`. A job that
    /// another process has run meanwhile is left. An error leaves it due; what a job can refuse is its own outcome.
    pub(crate) async fn run(self, app: &App, due: &Due) -> Result<(), Stop> {
        match self {
            Source::Imports => imports::run(app, due).await,
            Source::Directories => directories::run(app, due).await,
            Source::NightlyCreation => nightly::run(app, due).await,
            Source::Discovery => discovery::run(app, due).await,
        }
    }
}
