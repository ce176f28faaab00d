//! Discovery makes users of addresses that got mail and that the destination takes, at the hour of the nightly creation.
//!
//! The destination is asked before anything is written, so that nobody waits for it. An address that it could not be
//! asked about is asked about again when the next mail comes.

use super::nightly::run_after;
use super::source::Due;
use crate::base::Timestamp;
use crate::panel::callout::{self, Answer};
use crate::panel::change::Write;
use crate::panel::open::App;
use crate::panel::stop::Stop;
use crate::panel::store::discoveries;
use jiff::tz::TimeZone;
use sqlx::{Row as _, SqliteConnection};

const WHO: &str = "panel: discovery";

/// The earliest run that would find mail it has not looked at.
pub(super) async fn earliest(app: &App, db: &mut SqliteConnection, now: Timestamp) -> Result<Option<(Timestamp, String)>, Stop> {
    let zone = app.options.time_zone.clone().unwrap_or(TimeZone::UTC);
    let waiting = discoveries::waiting(db, now).await?;
    let runs = waiting.into_iter().filter_map(|(domain, first)| Some((run_after(first, &zone)?, domain)));
    Ok(runs.filter(|(run, _)| *run <= now).min())
}

/// Asks the destination about each address of the day, then makes users.
pub(super) async fn run(app: &App, due: &Due) -> Result<(), Stop> {
    let mut view = app.readers.begin().await?;
    let row = sqlx::query("SELECT tenant_id, destinations FROM domains WHERE id = ?1").bind(&due.id).fetch_optional(&mut *view).await?;
    let Some(row) = row else { return Ok(()) };
    let (tenant, destinations): (String, String) = (row.get(0), row.get(1));
    // the panel wrote this list itself
    let destinations: Vec<String> = serde_json::from_str(&destinations).unwrap_or_default();
    let unknown = discoveries::unknown(&mut view, &due.id, due.at).await?;
    drop(view);
    let mut taken = Vec::new();
    for address in unknown {
        if let Answer::Taken { .. } = callout::ask(&destinations, &address).await {
            taken.push(address);
        }
    }
    let mut w = Write::of_job(app, WHO, due.at).await?;
    let free = discoveries::unknown(w.db(), &due.id, due.at).await?;
    taken.retain(|address| free.contains(address));
    discoveries::create(&mut w, &tenant, &due.id, &taken).await?;
    w.commit().await
}
