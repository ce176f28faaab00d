//! Words of a step's changes as this panel has them.

use crate::drivers::changes::Changes;
use crate::drivers::panel::convert::{to_kind, to_relay_check, to_status};
use crate::model::{Fault, Field};
use crate::wire;

/// The relay check.
pub(super) fn relay_check(changes: &Changes<'_>) -> Result<Option<wire::RelayCheck>, Fault> {
    changes.word(Field::DomainRelayCheck, to_relay_check)
}
/// The kind of a user.
pub(super) fn kind(changes: &Changes<'_>) -> Result<Option<wire::Kind>, Fault> {
    changes.word(Field::UserKind, to_kind)
}
/// The status of a user.
pub(super) fn status(changes: &Changes<'_>) -> Result<Option<wire::Status>, Fault> {
    changes.word(Field::UserStatus, to_status)
}
