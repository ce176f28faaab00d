//! Prints of users: of a row read again, and of a live user, over the same fields as the resolver's (tests hold them equal).
//!
//! A print is the sum of keyed prints of its fields, so that parts add up and aliases have no order. Passwords never
//! enter one: they are write-only (S10.2).

use crate::base::PrintKey;
use crate::model::{Field, FieldMask, LiveUser, User, UserKind, UserStatus};
use crate::resolve::user_table::{print_aliases, print_text};

/// The prints of the words of kind and status, and of the empty set of aliases, made once.
#[derive(Debug, Clone, Copy)]
pub struct WordPrints {
    kind: [u128; UserKind::ALL.len()],
    status: [u128; UserStatus::ALL.len()],
    no_aliases: u128,
}

impl WordPrints {
    /// Under the key of the run.
    #[must_use]
    pub fn new(key: PrintKey) -> Self {
        let (mut kind, mut status) = ([0; UserKind::ALL.len()], [0; UserStatus::ALL.len()]);
        for k in UserKind::ALL {
            kind[*k as usize] = print_text(key, Field::UserKind, k.word());
        }
        for s in UserStatus::ALL {
            status[*s as usize] = print_text(key, Field::UserStatus, s.word());
        }
        Self { kind, status, no_aliases: print_aliases(key, []) }
    }
    /// Of a kind.
    #[must_use]
    pub fn kind(&self, kind: UserKind) -> u128 {
        self.kind[kind as usize]
    }
    /// Of no aliases; each alias adds its own.
    #[must_use]
    pub fn no_aliases(&self) -> u128 {
        self.no_aliases
    }
    /// Of a status.
    #[must_use]
    pub fn status(&self, status: UserStatus) -> u128 {
        self.status[status as usize]
    }
}

/// The print of a user over what it declares and the panel can compare; equal to the table's for the same row.
#[must_use]
pub fn print_user(user: &User, comparable: FieldMask, key: PrintKey) -> u128 {
    let mut sum = 0u128;
    let mut text = |field: Field, value: Option<&str>| {
        if let Some(value) = value.filter(|_| comparable.has(field)) {
            sum = sum.wrapping_add(print_text(key, field, value));
        }
    };
    text(Field::UserFirstName, user.first_name.as_deref());
    text(Field::UserLastName, user.last_name.as_deref());
    text(Field::UserGroup, user.group.as_deref());
    text(Field::UserKind, user.kind.map(UserKind::word));
    text(Field::UserStatus, user.status.map(UserStatus::word));
    match &user.aliases {
        Some(all) if comparable.has(Field::UserAliases) => sum.wrapping_add(print_aliases(key, all.iter().map(|a| a.as_str()))),
        Some(_) | None => sum,
    }
}

/// The print of a live user over the fields of `mask` (declared and comparable): equal to the row's print exactly when
/// these fields are equal. An alias that a panel lists twice counts once.
#[must_use]
pub fn print_live(live: &LiveUser<'_>, mask: FieldMask, key: PrintKey) -> u128 {
    let text = |field: Field, value: &str| if mask.has(field) { print_text(key, field, value) } else { 0 };
    let sum = text(Field::UserFirstName, &live.first_name)
        .wrapping_add(text(Field::UserLastName, &live.last_name))
        .wrapping_add(text(Field::UserGroup, &live.group))
        .wrapping_add(text(Field::UserKind, live.kind.word()))
        .wrapping_add(text(Field::UserStatus, live.status.word()));
    if !mask.has(Field::UserAliases) {
        return sum;
    }
    let once = live.aliases.iter().enumerate().filter(|(i, alias)| !live.aliases[..*i].contains(alias));
    sum.wrapping_add(print_aliases(key, once.map(|(_, alias)| alias.as_ref())))
}
