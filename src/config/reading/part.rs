//! The two traits of the format: what can be read from a value, and what is a table with known keys; and the macro that
//! makes a raw table, so that its struct, schema, keys, reader and adding-up cannot differ.

use super::{Adding, Reading};
use crate::base::Span;
use crate::base::span::{FileId, Place};
use toml::Spanned;
use toml::de::DeValue;

/// What a key can hold.
pub trait Part: Sized {
    /// Reads it; `None` after a finding.
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self>;
    /// Where it is written.
    fn span(&self) -> Span;
    /// Takes what another file of the same tenant says about the same key. By default that is a clash: a key is set in
    /// one file only, and the finding shows both places.
    fn add(&mut self, other: Self, cx: &mut Adding<'_>) {
        cx.clash(self.span(), other.span());
    }
}

/// A table with known keys.
pub trait Table: Part {
    /// Its keys, in the order of the documentation.
    const KEYS: &'static [&'static str];
}

/// The span of what was not read from a file of ours (custom resources give their own places later).
#[must_use]
pub fn nowhere() -> Span {
    Span { place: Place::new(FileId(0), 0), len: 0 }
}

/// Makes a raw table: `key: Type` for what may be written, `key: Type = required` for what must.
macro_rules! raw_table {
    ($(#[$meta:meta])* $name:ident { $($(#[$key_meta:meta])* $key:ident : $ty:ty $(= $must:ident)?,)* }) => {
        #[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        $(#[$meta])*
        pub struct $name {
            /// Where the table is written: its header, or the inline table.
            #[serde(skip, default = "crate::config::reading::part::nowhere")]
            pub at: crate::base::Span,
            /// Whether a key of it was refused: then what is missing may only be misspelt, and is not reported again.
            #[serde(skip)]
            pub refused: bool,
            $($(#[$key_meta])* $(#[schemars($must)])? pub $key: Option<$ty>,)*
        }
        impl crate::config::reading::Part for $name {
            fn read(value: &toml::Spanned<toml::de::DeValue<'_>>, cx: &mut crate::config::reading::Reading<'_>) -> Option<Self> {
                let table = cx.table(value)?;
                let at = cx.span(value.span());
                $(let $key = cx.key(table, stringify!($key));)*
                let unknown = cx.unknown_keys(table, <Self as crate::config::reading::Table>::KEYS);
                let refused = unknown $(|| $key.is_none() && table.contains_key(stringify!($key)))*;
                $($(cx.$must(table, stringify!($key), at);)?)*
                Some(Self { at, refused, $($key,)* })
            }
            fn span(&self) -> crate::base::Span {
                self.at
            }
            fn add(&mut self, other: Self, cx: &mut crate::config::reading::Adding<'_>) {
                let (_, Self { at: _, refused, $($key,)* }) = (&cx, other);
                self.refused |= refused;
                $(cx.key(stringify!($key), &mut self.$key, $key);)*
            }
        }
        impl crate::config::reading::Table for $name {
            const KEYS: &'static [&'static str] = &[$(stringify!($key),)*];
        }
    };
}
pub(crate) use raw_table;
