//! The connection test: the question of a synchronisation without its effect, also with other settings than those kept.

use crate::panel::auth::View;
use crate::panel::directory::{compare, floor, read_directory};
use crate::panel::open::App;
use crate::panel::stop::Stop;
use crate::panel::store::directories::with_password;
use crate::panel::store::directory_runs::place;
use crate::panel::store::page::Want;
use crate::panel::store::user_changes::Home;
use crate::panel::store::{directory_users, domain_names, domains};
use crate::wire::{DirectoryOutcome, DirectorySettings, DirectorySource, DirectoryTested};

/// Asks the directory. The database is not held meanwhile.
pub(crate) async fn test(
    app: &App,
    mut view: View,
    home: Home<'_>,
    id: &str,
    request: &DirectorySettings,
    want: &Want,
) -> Result<DirectoryTested, Stop> {
    domains::name(&mut view, home.tenant, home.domain).await?;
    let directory = with_password(&mut view, home.domain, id).await?;
    let at = place(&mut view, id).await?.ok_or_else(|| Stop::not_found("directory"))?;
    let names = domain_names::of_tenant(&mut view, home.tenant).await?;
    let kept = directory_users::kept(&mut view, id).await?;
    drop(view);
    let (settings, dropped) = directory.settings.over(request);
    let users = kept.len() as u64;
    let floor = floor(u64::from(settings.min_users), users);
    let unasked = |outcome, error: &str| {
        let (count, gone, stopping) = (0, 0, None);
        DirectoryTested { outcome, count, gone, users, floor, stopping, error: Some(error.to_owned()) }
    };
    if dropped {
        let text = "not asked: the bind password that is kept was given for another host, port, TLS mode or bind name";
        return Ok(unasked(DirectoryOutcome::NeedsPassword, text));
    }
    if directory.settings.source == DirectorySource::Entra && !directory.shown.consent {
        return Ok(unasked(DirectoryOutcome::NeedsConsent, super::job::NO_CONSENT));
    }
    settings.check()?;
    Ok(match read_directory(app, &directory, &settings.login, &at, names).await {
        Ok(answer) => {
            let mut view = app.readers.begin().await?;
            let held = directory_users::held(&mut view, id, &answer.people).await?;
            let wanted = compare(&answer.people, &kept, &held);
            let (outcome, count, gone) = (DirectoryOutcome::Answered, answer.count(), wanted.delete.len() as u64);
            let mut stopping = wanted.stopping(&kept);
            let total = stopping.len() as u64;
            stopping.retain(|s| s.address > want.after);
            stopping.truncate(usize::try_from(want.rows()).unwrap_or(usize::MAX));
            let stopping = Some(want.page(stopping, total, |s| s.address.clone()));
            DirectoryTested { outcome, count, gone, users, floor, stopping, error: None }
        }
        Err(error) => unasked(DirectoryOutcome::Failed, &error),
    })
}
