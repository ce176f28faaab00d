//! A row on its way: a block of bytes in, borrowed raw rows out, each cell with its place.
//!
//! A row is never stored here. Blocks may come in any order; a CSV block is cut at a newline, because a quoted field
//! may not span lines (an unclosed quote would swallow rows, S21), a TOML block at a top-level `[[users]]`.

use crate::base::DomainName;
use crate::base::span::{FileId, Place, Span};
use std::borrow::Cow;

/// A text of a row and where it stands. The text is as written, after unquoting, not canonical.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Where it stands (without quotes).
    pub span: Span,
}

/// Where a password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordSource {
    /// An environment variable.
    Env,
    /// A file.
    File,
    /// From the user, who is asked by a mail: `password = "invite"`.
    Invite,
}

/// A password of a row, by reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPassword<'a> {
    /// Name of an environment variable, path of a file, or the word `invite`.
    pub from: Cell<'a>,
    /// Which of these.
    pub source: PasswordSource,
    /// The `rotate` text.
    pub rotate: Option<Cell<'a>>,
}

/// A user as written. `None` is not written, or an empty CSV cell (S2.1); a cleared value is `Some("")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow<'a> {
    /// Start of the row in its file.
    pub place: Place,
    /// Length of the row in bytes.
    pub len: u32,
    /// The address.
    pub address: Option<Cell<'a>>,
    /// Given name.
    pub first_name: Option<Cell<'a>>,
    /// Family name.
    pub last_name: Option<Cell<'a>>,
    /// Aliases; an empty vector clears.
    pub aliases: Option<Vec<Cell<'a>>>,
    /// Kind.
    pub kind: Option<Cell<'a>>,
    /// Status.
    pub status: Option<Cell<'a>>,
    /// Group.
    pub group: Option<Cell<'a>>,
    /// Password.
    pub password: Option<RawPassword<'a>>,
    /// The address before a rename.
    pub previous_address: Option<Cell<'a>>,
}

impl RawRow<'_> {
    /// A row with nothing in it yet.
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self {
            place,
            len: 0,
            address: None,
            first_name: None,
            last_name: None,
            aliases: None,
            kind: None,
            status: None,
            group: None,
            password: None,
            previous_address: None,
        }
    }
    /// The whole row.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { place: self.place, len: self.len }
    }
}

/// The columns of a CSV file, from its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvLayout {
    /// `,`, `;` or tab.
    pub delimiter: u8,
    /// What each column is, in file order.
    pub columns: Vec<Column>,
    /// Byte offset at which the first row after the header starts.
    pub rows_from: u64,
}

/// A column of S21.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// `address`
    Address,
    /// `first_name`
    FirstName,
    /// `last_name`
    LastName,
    /// `aliases`
    Aliases,
    /// `kind`
    Kind,
    /// `status`
    Status,
    /// `previous_address`
    PreviousAddress,
    /// `password_env`
    PasswordEnv,
    /// `rotate`
    Rotate,
    /// `group`
    Group,
    /// A column whose name was refused (a finding); its cells are skipped.
    Refused,
}

/// How a block is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowShape {
    /// `[[users]]` tables.
    Toml,
    /// CSV rows below a header.
    Csv(CsvLayout),
}

/// A block of whole rows.
#[derive(Debug, Clone, Copy)]
pub struct RowBlock<'a> {
    /// The file.
    pub file: FileId,
    /// Where the block starts in it, in bytes.
    pub offset: u64,
    /// How it is written.
    pub shape: &'a RowShape,
    /// The domain that the list belongs to.
    pub domain: Option<&'a DomainName>,
}
