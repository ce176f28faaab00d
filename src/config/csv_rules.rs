//! What the rules of rows say about themselves, MW0100 to MW0149: encodings, CSV (S21), names.
//!
//! Those that speak of a text are met in `[[users]]` tables too; keys, types and syntax of these tables have the rules
//! of all TOML (`rules`). Deliberately absent: the code that finds them, which stands beside the decoders.

use crate::base::{RuleDoc, RuleId, Severity};

macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $title:literal doc $doc:literal example $example:literal fix $fix:literal;)*) => {
        $(
            #[doc = $title]
            pub const $name: RuleDoc =
                RuleDoc { id: RuleId($id), severity: Severity::$severity, title: $title, doc: $doc, example: $example, fix: $fix };
        )*
        /// All of them, in order of id.
        pub const ROW_RULES: &[RuleDoc] = &[$($name,)*];
    };
}

rules! {
    NOT_UTF8 "MW0100" Error "a file is not UTF-8"
        doc "Files are UTF-8 only. Bytes of another encoding cannot be told apart from each other, so nothing is guessed; the finding shows how they read as windows-1252, which is what Excel writes on many machines."
        example "address,last_name\njane@acme.example,M\\xFCller"
        fix "Save the file as UTF-8 (in Excel: `CSV UTF-8 (Comma delimited)`).";
    UTF16 "MW0101" Error "a file is UTF-16"
        doc "The file starts like UTF-16, as `Unicode Text` of Excel and `Out-File` of Windows PowerShell write it."
        example "(bytes FF FE)"
        fix "Save the file as UTF-8; in PowerShell: `Export-Csv -Encoding utf8`.";
    NO_HEADER "MW0102" Error "a CSV file has no header line"
        doc "The first line names the columns; without it no cell has a meaning, and the first user would be taken for names."
        example "jane@acme.example,Jane,Doe"
        fix "Put a line with the names of the columns first: `address,first_name,last_name`.";
    UNKNOWN_COLUMN "MW0103" Error "a CSV column is unknown"
        doc "A column that is not known is refused and not skipped: it may be a misspelt column whose values would silently not be managed."
        example "adress,first_name"
        fix "Write one of: address first_name last_name aliases kind status previous_address password_env rotate group.";
    COLUMN_TWICE "MW0104" Error "a CSV column is there twice"
        doc "Two columns of one name could disagree in each row."
        example "address,kind,kind"
        fix "Remove one of the two columns.";
    NO_ADDRESS_COLUMN "MW0105" Error "a CSV file has no column `address`"
        doc "The address is the key of a user; rows without it belong to nobody."
        example "first_name,last_name"
        fix "Add the column `address`.";
    BAD_SEPARATOR "MW0106" Error "a `sep=` line names a separator that is not supported"
        doc "Columns are separated by comma, semicolon or tab."
        example "sep=:\naddress:kind"
        fix "Separate the columns by comma, semicolon or tab.";
    QUOTE_OPEN "MW0107" Error "a quote is not closed on its line"
        doc "Readers that let a quoted field go over several lines would take the following rows into this field, up to the next quote: rows would vanish without a word. A field therefore ends on its line."
        example "jane@acme.example,\"Jane,Doe\nbob@acme.example,Bob,Ray"
        fix "Close the quote on the same line, or double it (`\"\"`) where it belongs to the text.";
    QUOTE_MISPLACED "MW0108" Error "a quote stands in the middle of a field"
        doc "A field is either quoted from its first to its last character, or not at all. Programs disagree on how to read anything else, so that one of them would lose text."
        example "jane@acme.example,Jane \"JJ\" Doe"
        fix "Quote the whole field and double the quotes inside: `\"Jane \"\"JJ\"\" Doe\"`.";
    CELL_COUNT "MW0109" Error "a row has another number of cells than the header"
        doc "A missing or additional cell shifts all that follow it into wrong columns."
        example "address,first_name,last_name\njane@acme.example,Doe, Jane,x"
        fix "Write one cell for each column; quote a cell that contains the separator.";
    CONTROL "MW0110" Error "a text contains a control character"
        doc "Control characters cannot be seen and can rewrite a terminal; a NUL most often means UTF-16 or a damaged file."
        example "Jane\\u0000"
        fix "Remove the character.";
    ROW_TOO_LONG "MW0111" Error "a row is too long"
        doc "A row has at most 64 KiB. A longer one is most often a quote or bracket that was opened and not closed."
        example "note = \"\"\"(and no end)"
        fix "Close what was opened, or shorten the row.";
    NO_ADDRESS "MW0112" Error "a user has no address"
        doc "The address is the key of a user."
        example "[[users]]\nfirst_name = \"Jane\""
        fix "Write the address, or remove the row.";
    SPACES "MW0113" Error "a text has spaces at its start or end"
        doc "Spaces at an end cannot be seen. In addresses, words and names of variables they make another value, which is an error; in names of people they are kept as written and are a warning."
        example "jane@acme.example ,Jane"
        fix "Remove the spaces.";
    QUESTION_MARK "MW0114" Warning "a name contains `?`"
        doc "An export that could not write a letter writes `?` (U+003F) in its place; the letter is lost in the file."
        example "jane@acme.example,Jane,M?ller"
        fix "Write the name as it is; export the list again as UTF-8.";
    DOUBLE_ENCODED "MW0115" Warning "a name is UTF-8 that was encoded twice"
        doc "UTF-8 was read as windows-1252 and written as UTF-8 again."
        example "jane@acme.example,Jane,M\u{00c3}\u{00bc}ller"
        fix "Write the repaired text that the finding shows.";
    POWERSHELL_ARRAY "MW0116" Error "a cell is `System.String[]`"
        doc "PowerShell's `Export-Csv` writes the type of a list instead of its items; the values are lost."
        example "jane@acme.example,System.String[]"
        fix "Join the list before exporting: `@{n='aliases';e={$_.EmailAddresses -join ' '}}`.";
    INVISIBLE "MW0117" Warning "a text contains invisible characters"
        doc "Zero-width and direction marks come along when text is copied from web pages and mails; two texts that look the same then differ."
        example "Ja\\u200Bne"
        fix "Remove the invisible characters.";
    REPLACEMENT "MW0118" Error "a text contains U+FFFD"
        doc "A program that could not read a letter put U+FFFD in its place; the letter is lost."
        example "M\u{fffd}ller"
        fix "Write the name as it is; export the list again as UTF-8.";
    PRIMARY_DIFFERS "MW0119" Error "the `SMTP:` entry of the aliases is not the address"
        doc "In a list of proxy addresses the entry with `SMTP:` in upper case is the primary address. If it is another than the row's address, one of the two is wrong."
        example "jane@acme.example,SMTP:jane.doe@acme.example"
        fix "Write the primary address into `address`, and the other as an alias.";
    DROPPED_ALIAS "MW0120" Note "entries of other address types are dropped"
        doc "`X500:` and `SIP:` entries of exported proxy addresses are no mail addresses and are not used."
        example "jane@acme.example,X500:/o=Acme/cn=jane"
        fix "Nothing needs to be done.";
    LIST_COLUMNS "MW0121" Error "a list of removed users has a column other than `address`"
        doc "The list of `[[removed]] users_from` says who goes and nothing else; with other columns it is most likely the wrong file, and naming it would delete users."
        example "address,first_name"
        fix "Keep the column `address` only.";
    ROTATE_ALONE "MW0122" Error "the column `rotate` has no `password_env` beside it"
        doc "`rotate` says when a password changes; it means nothing without the password's place."
        example "address,rotate"
        fix "Add the column `password_env`, or remove `rotate`.";
    CANNOT_CLEAR "MW0123" Error "`-` cannot clear this cell"
        doc "`-` clears a value (S2.2). A password cannot be taken away, and an address before a rename is no value of the user."
        example "address,password_env\njane@acme.example,-"
        fix "Leave the cell empty.";
    ROTATE_CELL "MW0124" Error "a row has `rotate` and no `password_env`"
        doc "`rotate` says when a password changes; it means nothing without the password's place."
        example "jane@acme.example,,2026-11"
        fix "Write the name of the environment variable into `password_env`, or empty `rotate`.";
    MANY_ALIASES "MW0125" Error "a user has too many aliases"
        doc "At most 500; the panels that we know allow far fewer."
        example "aliases = [\"a1@acme.example\", ...]"
        fix "Remove aliases.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_in_order() {
        assert!(ROW_RULES.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(ROW_RULES.iter().all(|rule| !rule.title.ends_with('.') && rule.doc.ends_with('.') && !rule.fix.is_empty()));
    }
}
