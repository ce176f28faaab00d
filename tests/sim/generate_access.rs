//! Random passwords of live users and of rows, for [`crate::generate`].

use crate::random::Random;
use crate::world::{Live, Want};
use crate::world_kinds::{LiveAccess, WantPassword};

/// How live users sign in.
pub fn live(r: &mut Random, live: &mut Live) {
    for user in live.users.values_mut() {
        let changed = r.maybe(55, |r| r.pick(&["2026-11-15T12:00:00Z", "2026-11-30T23:50:00Z"]).parse().expect("a time"));
        let label = r.maybe(70, |r| r.pick(&["initial", "r1", "r2", "2026-11-15"]).to_owned()).filter(|_| changed.is_some());
        let mails = if r.percent(15) { 1 } else { 0 };
        user.access = LiveAccess { label, changed: changed.filter(|at| *at >= user.created), mails };
        if user.access.changed.is_none() {
            user.access.label = None;
        }
    }
}

/// What rows say.
pub fn want(r: &mut Random, want: &mut Want) {
    let chance = r.pick(&[20, 60]);
    for user in want.users.values_mut() {
        user.password = r.maybe(chance, |r| match r.below(10) {
            0..=2 => WantPassword::Invite,
            3..=4 => WantPassword::Set(None),
            _ => WantPassword::Set(Some(r.pick(&["r1", "r2", "2026-11-15", "2026-11-16", "2026-12-01"]).to_owned())),
        });
    }
}
