//! The house rules as tests: floors and arrows, purity, headers, sizes, lints, words, packages, documents, citations.
//!
//! Code is read with `syn` into plain facts (`facts`), so layout and line breaks cannot hide anything. Every check is a
//! function from sources to breaches; beside each stand small planted sources that show that it can fail.
//! Deliberately absent: what rustfmt and clippy judge already (`unwrap`, formatting), and everything at run time.

#[path = "tidy/facts.rs"]
mod facts;
#[path = "tidy/floors.rs"]
mod floors;
#[path = "tidy/headers.rs"]
mod headers;
#[path = "tidy/items.rs"]
mod items;
#[path = "tidy/lints.rs"]
mod lints;
#[path = "tidy/packages.rs"]
mod packages;
#[path = "tidy/purity.rs"]
mod purity;
#[path = "tidy/sizes.rs"]
mod sizes;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/tokens.rs"]
mod tokens;
#[path = "tidy/words.rs"]
mod words;
