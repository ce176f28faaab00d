//! The law of passwords (S10.2), for [`crate::law`]: compared by token, set on a live user only where `rotate` is written and
//! the applied token is known to differ.

use crate::world_kinds::{FRESH, LiveAccess, WantPassword};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// How a new user signs in.
pub fn of_new(want: Option<&WantPassword>) -> LiveAccess {
    match want {
        None => LiveAccess::default(),
        Some(WantPassword::Invite) => LiveAccess { mails: 1, ..LiveAccess::default() },
        Some(WantPassword::Set(rotate)) => {
            let label = Some(rotate.clone().unwrap_or_else(|| "initial".to_owned()));
            LiveAccess { label, changed: Some(FRESH), mails: 0 }
        }
    }
}

/// How a live user signs in afterwards.
pub fn of_live(want: Option<&WantPassword>, is: &LiveAccess) -> LiveAccess {
    let unchanged = || is.clone();
    match want {
        // on creation only
        None | Some(WantPassword::Set(None)) => unchanged(),
        Some(WantPassword::Invite) if is.changed.is_none() && is.mails == 0 => LiveAccess { mails: 1, ..unchanged() },
        Some(WantPassword::Invite) => unchanged(),
        Some(WantPassword::Set(Some(rotate))) if differs(rotate, is) => {
            LiveAccess { label: Some(rotate.clone()), changed: Some(FRESH), mails: is.mails }
        }
        Some(WantPassword::Set(Some(_))) => unchanged(),
    }
}

/// Whether the applied token is known to be another: by the panel's label, else by a full date that is later than the day
/// of the change; whoever has no password has no token.
fn differs(rotate: &str, is: &LiveAccess) -> bool {
    let Some(changed) = is.changed else { return true };
    match &is.label {
        Some(label) => label != rotate,
        None => rotate.parse::<Date>().is_ok_and(|wanted| wanted > changed.to_zoned(TimeZone::UTC).date()),
    }
}
