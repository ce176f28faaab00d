//! The print of a live user over the fields that its row declares, to be compared with the row's own.

use crate::base::PrintKey;
use crate::model::{Field, FieldMask, LiveUser};
use crate::resolve::prints::WordPrints;
use crate::resolve::user_table::{print_name, print_text};

/// The sum of the prints of the fields in `mask`. Secrets have none: they are write-only and never compared (S10.2).
pub(super) fn live_print(words: &WordPrints, key: PrintKey, mask: FieldMask, live: &LiveUser<'_>) -> u128 {
    mask.fields().fold(0, |sum: u128, field| {
        let print = match field {
            Field::UserFirstName => print_text(key, field, &live.first_name),
            Field::UserLastName => print_text(key, field, &live.last_name),
            Field::UserAliases => live.aliases.iter().fold(words.no_aliases(), |sum, alias| sum.wrapping_add(print_name(key, alias))),
            Field::UserKind => words.kind(live.kind),
            Field::UserStatus => words.status(live.status),
            Field::UserGroup => print_text(key, field, &live.group),
            // a mask holds fields of rows only, and of these the password is the one that cannot be read
            _ => 0,
        };
        sum.wrapping_add(print)
    })
}
