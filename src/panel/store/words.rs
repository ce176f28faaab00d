//! The words of enums as the database keeps them: those of the wire.

use crate::wire::{
    BulkMode, DirectorySchedule, DirectorySource, DirectoryTls, ImportStatus, Kind, Origin, ProbeOutcome, RelayCheck, Status,
};

macro_rules! words {
    ($($type:ident, $rest:ident { $($variant:ident = $word:literal),* $(,)? })*) => {
        $(impl Word for $type {
            fn word(self) -> &'static str {
                match self { $($type::$variant => $word),* }
            }
            fn read(word: &str) -> Self {
                match word { $($word => $type::$variant,)* _ => $type::$rest }
            }
        })*
    };
}

/// An enum kept as a word. The panel writes only words that it can read; another one reads as the weakest.
pub(crate) trait Word: Copy {
    fn word(self) -> &'static str;
    fn read(word: &str) -> Self;
}

words! {
    ProbeOutcome, Unknown { CatchAll = "catch-all", Selective = "selective", Unknown = "unknown" }
    DirectorySource, Ldap { Ldap = "ldap", Entra = "entra" }
    DirectoryTls, Ldaps { None = "none", Starttls = "starttls", Ldaps = "ldaps" }
    DirectorySchedule, ThreeADay { Minutes60 = "60-minutes", Hours3 = "3-hours", ThreeADay = "3-a-day" }
    BulkMode, Add { Add = "add", AddDeleteOld = "add-delete-old" }
    ImportStatus, Failed { Accepted = "accepted", Effective = "effective", Failed = "failed" }
    RelayCheck, Smtp { Smtp = "smtp", Ldap = "ldap", ControlPanel = "control-panel" }
    Kind, Mailbox { Mailbox = "mailbox", Shared = "shared", Resource = "resource", List = "list", Forward = "forward" }
    Status, Inactive { Active = "active", Inactive = "inactive" }
    Origin, Unknown {
        Manual = "manual", Import = "import", Smtp = "smtp", Directory = "directory", Office365 = "office365",
        Discovery = "discovery", Unknown = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same<T: Word + serde::Serialize>(value: T) {
        assert_eq!(serde_json::to_value(value).unwrap(), value.word());
        assert_eq!(T::read(value.word()).word(), value.word());
    }

    #[test]
    fn words_are_those_of_the_wire() {
        [ProbeOutcome::CatchAll, ProbeOutcome::Selective, ProbeOutcome::Unknown].into_iter().for_each(same);
        [DirectorySource::Ldap, DirectorySource::Entra].into_iter().for_each(same);
        [DirectoryTls::None, DirectoryTls::Starttls, DirectoryTls::Ldaps].into_iter().for_each(same);
        [DirectorySchedule::Minutes60, DirectorySchedule::Hours3, DirectorySchedule::ThreeADay].into_iter().for_each(same);
        [BulkMode::Add, BulkMode::AddDeleteOld].into_iter().for_each(same);
        [ImportStatus::Accepted, ImportStatus::Effective, ImportStatus::Failed].into_iter().for_each(same);
        [RelayCheck::Smtp, RelayCheck::Ldap, RelayCheck::ControlPanel].into_iter().for_each(same);
        [Kind::Mailbox, Kind::Shared, Kind::Resource, Kind::List, Kind::Forward].into_iter().for_each(same);
        [Status::Active, Status::Inactive].into_iter().for_each(same);
        [Origin::Manual, Origin::Import, Origin::Smtp, Origin::Directory].into_iter().for_each(same);
        [Origin::Office365, Origin::Discovery, Origin::Unknown].into_iter().for_each(same);
    }
}
