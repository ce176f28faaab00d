//! The synchronisation: read the settings, ask the directory, take its answer over in one write.
//!
//! Nothing is locked while the directory is asked; settings that changed meanwhile end the run without an effect.

use crate::base::Timestamp;
use crate::panel::change::Write;
use crate::panel::directory::{Answer, Login, ask, compare, floor};
use crate::panel::open::App;
use crate::panel::stop::Stop;
use crate::panel::store::directories::{Whole, with_password};
use crate::panel::store::directory_runs::{Ran, Where, place, record};
use crate::panel::store::user_changes::Home;
use crate::panel::store::{continuity, directory_runs, directory_users, domain_names};
use crate::wire::{Code, Directory, DirectorySource};
use sqlx::SqliteConnection;
use std::collections::BTreeSet;

const WHO: &str = "panel: directory";
/// What an Entra directory without consent says.
pub(crate) const NO_CONSENT: &str = "an administrator of the Entra tenant has not consented yet";
/// What an Entra directory says after that: this panel models the consent, not Microsoft's interface.
const NO_ENTRA: &str = "this panel cannot read Entra ID yet";

/// The directory that is due first.
pub(crate) async fn next_due(db: &mut SqliteConnection, now: Timestamp) -> Result<Option<(Timestamp, String)>, Stop> {
    directory_runs::earliest(db, now).await
}

/// Synchronises a directory as of `due`.
pub(crate) async fn run(app: &App, due: Timestamp, id: &str) -> Result<(), Stop> {
    let mut view = app.readers.begin().await?;
    let Some(at) = place(&mut view, id).await? else { return Ok(()) };
    let before = with_password(&mut view, &at.domain, id).await?;
    let domains = domain_names::of_tenant(&mut view, &at.tenant).await?;
    drop(view);
    if before.shown.status.next_run_at.is_none_or(|next| next > due) {
        // another process has run it meanwhile
        return Ok(());
    }
    let answer = read_directory(app, &before, &before.settings.login, &at, domains).await;
    let mut w = Write::of_job(app, WHO, due).await?;
    let Some(at) = place(w.db(), id).await? else { return Ok(()) };
    let now = with_password(w.db(), &at.domain, id).await?;
    if now.shown.version != before.shown.version || now.shown.status.next_run_at != before.shown.status.next_run_at {
        return Ok(());
    }
    w.about(&at.tenant);
    take(app, &mut w, &at, &now.shown, answer).await?;
    w.commit().await
}

/// Asks the directory.
///
/// # Errors
/// Why there is no whole answer.
pub(crate) async fn read_directory(
    app: &App,
    directory: &Whole,
    login: &Login,
    at: &Where,
    domains: BTreeSet<String>,
) -> Result<Answer, String> {
    match directory.settings.source {
        DirectorySource::Ldap => ask(&app.options.ldap, login, &at.domain_name, domains).await,
        DirectorySource::Entra if directory.shown.consent => Err(NO_ENTRA.to_owned()),
        DirectorySource::Entra => Err(NO_CONSENT.to_owned()),
    }
}

/// Takes an answer over, or writes down why not.
async fn take(app: &App, w: &mut Write, at: &Where, directory: &Directory, answer: Result<Answer, String>) -> Result<(), Stop> {
    let now = app.clock.now();
    let checked = answer.and_then(|answer| {
        let least = floor(u64::from(directory.min_users), directory.status.users);
        let (count, users) = (answer.count(), directory.status.users);
        if count >= least {
            return Ok(answer);
        }
        Err(format!(
            "the directory answered with {count} users; {users} are kept and at least {least} were expected, so nothing was changed"
        ))
    });
    let answer = match checked {
        Ok(answer) => answer,
        Err(error) => return record(w, directory, now, Ran::Refused(&error)).await,
    };
    let kept = directory_users::kept(w.db(), &directory.id).await?;
    let held = directory_users::held(w.db(), &directory.id, &answer.people).await?;
    let wanted = compare(&answer.people, &kept, &held);
    if let Some(stays) = stays(w, at, wanted.delete.len()).await? {
        // whoever stays keeps all names, so that nobody else can have them: it is all or nothing
        return record(w, directory, now, Ran::Refused(&stays)).await;
    }
    if !wanted.is_nothing() {
        directory_users::write(w, &at.domain, &directory.id, &wanted).await?;
        let (new, changed, gone) = (wanted.create.len(), wanted.update.len(), wanted.delete.len());
        let name = format!("{}/{}", at.domain_name, directory.name);
        w.note("directory.sync", &name, format!("{} users: {new} new, {changed} changed, {gone} gone", answer.count())).await?;
    }
    let notes = answer.left_out().into_iter().chain(wanted.left_out()).collect();
    record(w, directory, now, Ran::Took(answer.count(), notes)).await
}

/// Why an answer that takes users away is not taken over, where none may go (S15).
async fn stays(w: &mut Write, at: &Where, gone: usize) -> Result<Option<String>, Stop> {
    let home = Home { tenant: &at.tenant, domain: &at.domain };
    match continuity::users_may_go(w.db(), home).await {
        Err(Stop::Refused(no)) if gone > 0 && matches!(no.code, Code::Frozen | Code::FailingOver) => {
            Ok(Some(format!("{gone} users are gone in the directory, and {}: {}; nothing was changed", no.title.to_lowercase(), no.detail)))
        }
        Err(Stop::Refused(no)) if matches!(no.code, Code::Frozen | Code::FailingOver) => Ok(None),
        other => other.map(|()| None),
    }
}
