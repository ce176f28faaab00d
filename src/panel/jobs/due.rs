//! Runs what is due.

use super::source::{Due, Source};
use crate::panel::open::App;
use crate::panel::stop::Stop;

/// Runs every job that is due by the panel's clock, the earliest first; jobs that a job makes due are run too.
pub(crate) async fn run_due(app: &App) -> Result<(), Stop> {
    let _one_at_a_time = app.jobs.lock().await;
    while let Some(due) = earliest(app).await? {
        due.source.run(app, &due).await?;
    }
    Ok(())
}

/// The earliest of all sources.
async fn earliest(app: &App) -> Result<Option<Due>, Stop> {
    let now = app.clock.now();
    let mut view = app.readers.begin().await?;
    let mut first: Option<Due> = None;
    for source in Source::ALL {
        let due = source.earliest(app, &mut view, now).await?;
        first = first.into_iter().chain(due).min();
    }
    Ok(first)
}
