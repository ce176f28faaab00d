//! The rules of reading files: MW0001 to MW0099, each with why, example and fix, for `explain`.
//!
//! Invariant: ids are stable; one is never given to another meaning. Deliberately absent: rules across objects (resolve),
//! and those of rows, which stand beside the row decoders.

use crate::base::{RuleDoc, RuleId, Severity};

macro_rules! rules {
    ($($name:ident = $id:literal $severity:ident, $title:literal, $doc:literal, $example:literal, $fix:literal;)*) => {
        $(
            #[doc = $title]
            pub const $name: RuleDoc = RuleDoc {
                id: RuleId($id), severity: Severity::$severity, title: $title, doc: $doc, example: $example, fix: $fix,
            };
        )*
        static ALL: &[RuleDoc] = &[$($name,)*];
    };
}

/// All rules of this room's heads, by id.
#[must_use]
pub fn rule_docs() -> &'static [RuleDoc] {
    ALL
}

rules! {
    SYNTAX = "MW0001" Error, "the file is not TOML",
        "The text breaks the grammar of TOML, so nothing in the file can be trusted; the first trouble of each line is shown.",
        r#"name = "acme"#, "Correct the marked place. Texts stand in quotes, headers in brackets, one key on a line.";
    DUPLICATE = "MW0002" Error, "a key or table is written twice in one file",
        "TOML knows each key and each table once; which of the two was meant cannot be told.",
        "[tenant]\nname = \"acme\"\nname = \"beta\"", "Remove one, or put both into one table.";
    TOO_LARGE = "MW0003" Error, "a file is too large outside its users",
        "Everything but `[[users]]` is kept in memory with all its places; beyond the limit the file is not what it should be.",
        "# 17 MB of something", "Move users into `[[users]]` tables or a CSV.";
    SCHEMA_LINE = "MW0004" Error, "the schema line is missing or unknown",
        "The line fixes what the words of the file mean, so that a later release cannot read it in another way.",
        "[tenant]\nname = \"acme\"", r#"Open the file with `schema = "mailwright/v1"`."#;
    UNKNOWN_KEY = "MW0010" Error, "a key is not known in its table",
        "A key that is passed over in silence is a setting that somebody believes in. A key below a header belongs to that header. A newer release may know more keys.",
        "[domains.\"acme.example\"]\nrelaycheck = \"smtp\"", "Write the key that was meant, move it to its table, or remove it.";
    WRONG_TYPE = "MW0011" Error, "a value has the wrong type",
        "Texts, numbers, switches, dates, lists and tables are different things in TOML; they are never converted silently.",
        r#"port = "636""#, "Write the value in the type that the message names.";
    MISSING_KEY = "MW0012" Error, "a required key is missing",
        "The table means nothing without it.",
        "[tenant]\nname = \"acme\"", "Add the key.";
    UNKNOWN_WORD = "MW0013" Error, "a value is not one of the words of its key",
        "The key takes a closed set of words.",
        r#"relay_check = "controlpanel""#, "Write one of the words that the message lists.";
    DATE = "MW0014" Error, "a date or time is not in the right form",
        "Days are written 2026-12-01, times with their offset from UTC, so that nobody has to guess what was meant.",
        r#"since = "20.11.2026""#, "Write YYYY-MM-DD, or YYYY-MM-DDThh:mm:ssZ, without quotes.";
    RANGE = "MW0015" Error, "a number is out of range",
        "The range is what panels accept, or what makes sense.",
        "port = 70000", "Write a number within the range.";
    INLINE_SECRET = "MW0016" Error, "a secret is written in clear text",
        "Files are committed, reviewed and copied; a secret in them is known to all of these. Files hold references only (S10.1). The message does not show the value.",
        r#"token = "s3cr3t""#, r#"Write `{ env = "NAME" }` or `{ file = "PATH" }`, and change the secret if the file was shared."#;
    SECRET_SHAPE = "MW0017" Error, "a reference to a secret is incomplete",
        "A secret comes from exactly one place: an environment variable or a file.",
        r#"token = { env = "$TOKEN" }"#, r#"Write `{ env = "NAME" }` or `{ file = "PATH" }`."#;
    UNQUOTED = "MW0018" Error, "a domain in a header stands without quotes",
        "Without quotes TOML reads each dot as a table of its own.",
        "[domains.acme.example]", r#"Write `[domains."acme.example"]`."#;
    DOMAIN = "MW0019" Error, "a domain name is wrong",
        "Names are checked by the rules of IDNA; names that look like another are refused (S4.1).",
        r#"alias_domains = ["acme"]"#, "Write the whole name, such as acme.example.";
    ADDRESS = "MW0020" Error, "a mail address is wrong",
        "Addresses are keys: what panels could read in two ways is refused (S4.1).",
        r#"user = "Jane <jane@acme.example>""#, "Write the bare address.";
    NAME = "MW0021" Error, "a name is wrong",
        "Names are used in files, selectors and object names.",
        r#"name = "Acme Inc""#, "Write lower-case letters, digits and hyphens.";
    DESTINATION = "MW0022" Error, "a destination is wrong",
        "A destination is a host and a port, nothing else.",
        r#"destination = "smtp://mx.acme.example""#, "Write host:port, such as mx.acme.example:25.";
    PATH = "MW0023" Error, "a path leads out of the workspace or is not portable",
        "Paths are relative to the file that names them and stay inside the workspace, so that a tenant file cannot read another folder and a workspace works on every machine (S19.2).",
        r#"from = "/home/me/users.csv""#, "Put the file into the workspace and name it relative to this file, with `/`.";
    SET_TWICE = "MW0024" Error, "a key is set twice",
        "The files of a tenant add up; which of two values is meant cannot be told.",
        "# tenants/acme/a.toml and tenants/acme/b.toml both have: [tenant] name", "Keep one of the two.";
    TENANT_NAME = "MW0025" Error, "a tenant's name differs from its file",
        "A tenant is found by its file or folder; two names for one tenant would make two tenants.",
        "# tenants/acme.toml\n[tenant]\nname = \"acme-inc\"", "Rename the file or change the name.";
    NO_TENANT = "MW0026" Error, "a tenant's files have no `[tenant]` table",
        "Nobody could tell on which panel the tenant lives.",
        "# tenants/acme.toml without [tenant]", "Add `[tenant]` with `name` and `provider`.";
    CSV_UNUSED = "MW0027" Warning, "a CSV is named by no file",
        "Its users are not read; often `from` was forgotten or the file was renamed.",
        "# tenants/users.csv, and no `from = \"users.csv\"`", "Name it by `from` or `users_from`, or remove it.";
    REMOVED_SHAPE = "MW0028" Error, "`[[removed]]` names no object or several",
        "Each tombstone removes exactly one object, or the users of one list (S9.2).",
        "[[removed]]\nsince = 2026-11-20", "Name exactly one of user, smtp_user, sending_domain, domain, tenant, users_from.";
    LISTED_TWICE = "MW0029" Error, "a list holds the same value twice",
        "One of the two was most likely meant to be another.",
        r#"alias_domains = ["a.test", "A.test"]"#, "Remove or correct one.";
    USERS_FORM = "MW0030" Error, "users are written in another form than `[[users]]`",
        "Users are read block by block, never as a whole, so that a million fit; that needs their own tables.",
        r#"users = [{ address = "jane@acme.example" }]"#, "Write `[[users]]` before each user.";
    APPROVAL = "MW0031" Error, "an approval is incomplete or contradicts itself",
        "An approval covers steps of a plan, or one object by hand; it expires within 14 days (S8.1).",
        "[[approvals]]\nreason = \"ok\"", "Let `mailwright approve PLANFILE` write it, or give kind, key and action.";
    URL = "MW0032" Error, "the URL of a provider is wrong or unsafe",
        "A token travels to this URL: only https, or http on loopback, and never credentials in the URL itself.",
        r#"url = "http://panel.example/v1""#, "Write https://HOST/PATH or embedded:PATH.";
    PATTERN = "MW0033" Error, "a pattern is wrong",
        "A pattern that matches nothing by mistake gives a false sense of safety.",
        r#"pattern = "users/*""#, "Write KIND/NAME, or env:PATTERN and file:PATTERN for secrets.";
    FILE_PLACE = "MW0034" Error, "a file stands where it is not read, or a tenant has a file and a folder",
        "Tenants are tenants/NAME.toml or tenants/NAME/*.toml.",
        "# tenants/acme.toml and tenants/acme/", "Keep one of the two forms.";
    DAY_ORDER = "MW0035" Error, "two days stand in the wrong order",
        "`on` is the day of the deed and comes after the decision `since`; an approval expires after it was given.",
        "since = 2026-11-20\non = 2026-11-01", "Correct one of the days.";
    NAMED_TWICE = "MW0036" Error, "a CSV is named twice",
        "Each of its rows would be declared twice.",
        r#"from = "users.csv" # in two domains"#, "Name it once; `[tenant] users_from` sends rows to the domain of their address.";
    NO_WORKSPACE = "MW0038" Error, "there is no mailwright.toml",
        "A workspace is a folder with mailwright.toml and tenants/.",
        "# mailwright plan in another folder", "Run in the workspace, or start one with `mailwright init`.";
    LONE_KEY = "MW0039" Error, "a key does not fit the object that its table names",
        "It was most likely meant for another table; passed over, it would be a setting that somebody believes in.",
        "[[removed]]\nuser = \"a@acme.example\"\nusername = \"C1\"", "Remove it.";
    LIST_MISSING = "MW0040" Error, "a list that is named is not there",
        "A list that cannot be read is not an empty list: under `add-delete-old` everybody would go. So nothing is planned for the tenant.",
        "[domains.\"acme.example\".users]\nfrom = \"users.csv\"  # and there is no such file", "Put the file there, or correct the path; it is relative to the file that names it.";
    UNFORMATTED = "MW0041" Error, "a file cannot be formatted",
        "`fmt` writes TOML 1.0 and keeps every comment and the meaning; where it cannot, the file is left as it is.",
        "a = { b = 1, # why\n}", "Move the comment above the key.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_sorted_and_of_this_floor() {
        let ids: Vec<&str> = rule_docs().iter().map(|r| r.id.0).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted);
        assert!(ids.iter().all(|id| ("MW0001"..="MW0099").contains(id)));
        assert!(rule_docs().iter().all(|r| !r.doc.is_empty() && !r.example.is_empty() && !r.fix.is_empty() && !r.title.ends_with('.')));
    }
}
