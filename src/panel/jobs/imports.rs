//! Import jobs take effect.

use super::source::Due;
use crate::base::Timestamp;
use crate::panel::change::Write;
use crate::panel::open::App;
use crate::panel::stop::Stop;
use crate::panel::store::imports;
use sqlx::SqliteConnection;

const WHO: &str = "panel: import";

/// The earliest job whose moment has come.
pub(super) async fn earliest(db: &mut SqliteConnection, now: Timestamp) -> Result<Option<(Timestamp, String)>, Stop> {
    imports::earliest(db, now).await
}

/// Takes the job's list into its domain. What refuses the list ends the job as failed, with nothing written of it.
pub(super) async fn run(app: &App, due: &Due) -> Result<(), Stop> {
    let mut w = Write::of_job(app, WHO, due.at).await?;
    let refused = match imports::act(&mut w, &due.id).await {
        Ok(()) => return w.commit().await,
        Err(Stop::Refused(problem)) if problem.status < 500 => problem,
        Err(stop) => return Err(stop),
    };
    drop(w);
    let mut w = Write::of_job(app, WHO, due.at).await?;
    imports::fail(&mut w, &due.id, &refused.detail).await?;
    w.commit().await
}
