//! Directories are synchronised at their hours.

use super::source::Due;
use crate::base::Timestamp;
use crate::panel::directory;
use crate::panel::open::App;
use crate::panel::stop::Stop;
use sqlx::SqliteConnection;

/// The directory that is due first.
pub(super) async fn earliest(db: &mut SqliteConnection, now: Timestamp) -> Result<Option<(Timestamp, String)>, Stop> {
    directory::next_due(db, now).await
}

/// Asks it and takes its answer over. What it refuses is kept as its last error.
pub(super) async fn run(app: &App, due: &Due) -> Result<(), Stop> {
    directory::run(app, due.at, &due.id).await
}
