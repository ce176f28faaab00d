//! Mistakes in what TOML says. Line 1 is the schema line.

use super::support::{Mistake, OPEN, check, findings};

const ACME: &str = "tenants/acme.toml";
const ROOT: &str = "mailwright.toml";
const APPROVALS: &str = "approvals/a.toml";
const TENANT: &str = "[tenant]\nname = \"acme\"\nprovider = \"edge\"\n";

/// A mistake below a good tenant table, which ends in line 4.
macro_rules! below {
    ($text:literal, $found:expr, $fix:literal) => {
        Mistake { file: ACME, text: concat!("[tenant]\nname = \"acme\"\nprovider = \"edge\"\n", $text), found: $found, fix: $fix }
    };
}

#[test]
fn keys_and_types() {
    check(&[
        below!(
            "[domains.\"acme.example\"]\nrelaycheck = \"smtp\"\n",
            &[("MW0010", "6:1", "unknown key `relaycheck` in [domains.\"acme.example\"]")],
            "relay_check = \"smtp\""
        ),
        below!(
            "[domains.\"acme.example\".users]\nauthority = \"add\"\nalias_domains = []\n",
            &[("MW0010", "7:1", "unknown key `alias_domains`")],
            "belongs to [domains.\"…\"]"
        ),
        below!("[domain.\"acme.example\"]\n", &[("MW0010", "5:2", "unknown key `domain`")], "[domains.\"acme.example\"]"),
        below!(
            "[domains.\"acme.example\".directory]\nport = \"636\"\n",
            &[("MW0011", "6:8", "`port` must be a whole number")],
            "port = 636"
        ),
        below!(
            "[domains.\"acme.example\".directory]\nport = 70000\n",
            &[("MW0015", "6:8", "`port` is outside 1 to 65535")],
            "write a number from 1 to 65535"
        ),
        below!("[domains.\"acme.example\".continuity]\nenabled = \"yes\"\n", &[("MW0011", "6:11", "`enabled` must be")], "enabled = true"),
        below!(
            "[domains.\"acme.example\"]\nrelay_check = \"controlpanel\"\n",
            &[("MW0013", "6:15", "`controlpanel` is not a value")],
            "relay_check = \"control-panel\""
        ),
        below!(
            "[domains.\"acme.example\"]\nauthority = \"replace\"\n",
            &[("MW0013", "6:13", "`replace`")],
            "write `observe`, `add` or `add-delete-old`"
        ),
    ]);
}

#[test]
fn lists_tables_and_missing_keys() {
    check(&[
        below!(
            "[domains.\"acme.example\"]\nalias_domains = \"acme.test\"\n",
            &[("MW0011", "6:17", "must be a list")],
            "alias_domains = [\"acme.test\"]"
        ),
        below!("[domains.\"acme.example\"]\ndestination = []\n", &[("MW0011", "6:15", "empty list")], "write a value, or remove the key"),
        below!(
            "[sending_domains.\"news.acme.example\"]\ndkim = true\n",
            &[("MW0010", "6:1", "unknown key `dkim`")],
            "this table has no keys"
        ),
        below!("[removed]\nuser = \"a@acme.example\"\n", &[("MW0011", "5:1", "`removed` is a list of tables")], "[[removed]]"),
        below!("[users]\naddress = \"a@acme.example\"\n", &[("MW0030", "5:1", "[[users]]")], "[[users]]"),
        Mistake {
            file: ACME,
            text: "[tenant]\nname = \"acme\"\n",
            found: &[("MW0012", "2:1", "`provider` is missing in [tenant]")],
            fix: "add `provider = …`",
        },
        Mistake {
            file: ROOT,
            text: "[providers.edge]\ndriver = \"panel\"\n",
            found: &[("MW0012", "2:1", "`url` is missing in [providers.edge]")],
            fix: "add `url",
        },
        Mistake {
            file: ROOT,
            text: "[guards]\nlast_connection = 3\n",
            found: &[("MW0010", "3:1", "`last_connection`")],
            fix: "last_connection_days = 3",
        },
        Mistake {
            file: ROOT,
            text: "[guards]\ndelete_budget = 5\n",
            found: &[("MW0011", "3:17", "must be a table")],
            fix: "write a table",
        },
    ]);
}

#[test]
fn names_and_paths() {
    check(&[
        below!(
            "[domains.acme.example]\ndestination = \"mx.acme.example\"\n",
            &[("MW0018", "5:10", "acme.example must stand in quotes: [domains.\"acme.example\"]")],
            "[domains.\"acme.example\"]"
        ),
        below!(
            "[domains.mail.acme.example.users]\nauthority = \"add\"\n",
            &[("MW0018", "5:10", "mail.acme.example must stand in quotes")],
            "[domains.\"mail.acme.example\".users]"
        ),
        below!(
            "[sending_domains.news.acme.example]\n",
            &[("MW0018", "5:18", "news.acme.example")],
            "[sending_domains.\"news.acme.example\"]"
        ),
        below!(
            "[domains.acme.example]\nrelay_chekc = \"smtp\"\n",
            &[("MW0018", "5:10", ""), ("MW0010", "6:1", "in [domains.\"acme.example\"]")],
            "[domains.\"acme.example\"]"
        ),
        below!("[domains.acme]\ndestination = \"mx.acme.example\"\n", &[("MW0019", "5:10", "has no dot")], "write a domain name"),
        below!("[domains.\"@acme.example\"]\n", &[("MW0019", "5:10", "not a valid domain")], "[domains.\"acme.example\"]"),
        below!(
            "[domains.\"acme.example\"]\ndestination = \"smtp://mx.acme.example\"\n",
            &[("MW0022", "6:15", "port is not a number")],
            "destination = \"mx.acme.example:25\""
        ),
        below!(
            "[domains.\"acme.example\"]\nalias_domains = [\"a.test\", \"A.test\"]\n",
            &[("MW0029", "6:28", "lists the same value twice")],
            "remove one of the two"
        ),
    ]);
}

#[test]
fn paths_addresses_and_providers() {
    check(&[
        below!(
            "[domains.\"acme.example\".users]\nfrom = \"../../users.csv\"\n",
            &[("MW0023", "6:8", "leads out of the workspace")],
            "put the file into the workspace"
        ),
        below!(
            "[domains.\"acme.example\".users]\nfrom = '/srv/users.csv'\n",
            &[("MW0023", "6:8", "absolute path")],
            "put the file into the workspace"
        ),
        below!(
            "[domains.\"acme.example\".users]\nfrom = 'lists\\users.csv'\n",
            &[("MW0023", "6:8", "uses `\\`")],
            "from = \"lists/users.csv\""
        ),
        below!(
            "[domains.\"a.example\".users]\nfrom = \"u.csv\"\n[domains.\"b.example\".users]\nfrom = \"./u.csv\"\n",
            &[("MW0036", "8:8", "tenants/u.csv is named twice")],
            "name it once"
        ),
        below!(
            "[[renamed]]\nfrom = \"Jane <jane@acme.example>\"\nto = \"j@acme.example\"\n",
            &[("MW0020", "6:8", "bare address")],
            "from = \"jane@acme.example\""
        ),
        Mistake {
            file: ACME,
            text: "[tenant]\nname = \"Acme Inc\"\nprovider = \"edge\"\n",
            found: &[("MW0021", "3:8", "lower-case")],
            fix: "name = \"acme-inc\"",
        },
        Mistake {
            file: ACME,
            text: "[tenant]\nname = \"acme-inc\"\nprovider = \"edge\"\n",
            found: &[("MW0025", "3:8", "by its file")],
            fix: "name = \"acme\"",
        },
        Mistake {
            file: ACME,
            text: "[password_policy]\nupper = true\n",
            found: &[("MW0026", "1:1", "no `[tenant]` table")],
            fix: "add [tenant] with name = \"acme\"",
        },
        Mistake {
            file: ROOT,
            text: "[providers.edge]\ndriver = \"panel\"\nurl = \"http://panel.example/v1\"\n",
            found: &[("MW0032", "4:7", "clear text")],
            fix: "url = \"https://panel.example/v1\"",
        },
        Mistake {
            file: ROOT,
            text: "[[ignore]]\npattern = \"users/*\"\nreason = \"old\"\n",
            found: &[("MW0033", "3:11", "`users` is not a kind")],
            fix: "pattern = \"user/*\"",
        },
    ]);
}

#[test]
fn secrets_days_and_tombstones() {
    check(&[
        Mistake {
            file: ROOT,
            text: "[providers.edge]\ndriver = \"panel\"\nurl = \"embedded:p.db\"\ntoken = \"hunter2\"\n",
            found: &[("MW0016", "5:9", "clear text")],
            fix: "write { env = \"NAME\" } or { file = \"PATH\" }",
        },
        Mistake {
            file: ROOT,
            text: "[providers.edge]\ndriver = \"panel\"\nurl = \"embedded:p.db\"\ntoken = { env = \"$TOKEN\" }\n",
            found: &[("MW0017", "5:17", "`env`")],
            fix: "token = { env = \"TOKEN\" }",
        },
        below!(
            "[domains.\"a.example\".directory]\nbind_password = { env = \"A\", file = \"b\" }\n",
            &[("MW0017", "6:17", "exactly one")],
            "write { env"
        ),
        below!(
            "[[removed]]\nuser = \"a@acme.example\"\nsince = \"20.11.2026\"\n",
            &[("MW0014", "7:9", "`since` is not a date")],
            "since = 2026-11-20"
        ),
        below!(
            "[[removed]]\nuser = \"a@acme.example\"\nsince = 2026-11-20T10:00:00Z\n",
            &[("MW0014", "7:9", "`since` is not a date")],
            "since = 2026-11-20"
        ),
        below!("[[removed]]\nsince = 2026-11-20\n", &[("MW0028", "5:1", "removes nothing")], "one `[[removed]]` table for each"),
        below!(
            "[[removed]]\nsmtpuser = \"old-shop\"\nsince = 2026-11-20\n",
            &[("MW0010", "6:1", "`smtpuser`")],
            "smtp_user = \"old-shop\""
        ),
        below!(
            "[[removed]]\nuser = \"a@acme.example\"\ndomain = \"acme.example\"\nsince = 2026-11-20\n",
            &[("MW0028", "5:1", "several")],
            "one `[[removed]]` table for each"
        ),
        below!(
            "[[removed]]\nuser = \"a@acme.example\"\nsince = 2026-11-20\non = 2026-11-01\n",
            &[("MW0035", "8:6", "before `since`")],
            "write a day not before"
        ),
        below!(
            "[[removed]]\nuser = \"a@acme.example\"\nsince = 2026-11-20\nusername = \"C1\"\n",
            &[("MW0039", "8:12", "`username`")],
            "remove it"
        ),
        Mistake {
            file: APPROVALS,
            text: "[[approvals]]\nreason = \"ok\"\napprover = \"kim\"\ncreated = 2026-11-20T00:00:00Z\nexpires = 2026-11-25T00:00:00Z\n",
            found: &[("MW0031", "2:1", "covers nothing")],
            fix: "mailwright approve PLANFILE",
        },
        Mistake {
            file: APPROVALS,
            text: "[[approvals]]\nkind = \"user\"\nkey = \"a@acme.example\"\naction = \"delete\"\nreason = \"ok\"\napprover = \"kim\"\ncreated = 2026-11-20T00:00:00Z\nexpires = 2026-12-25T00:00:00Z\n",
            found: &[("MW0031", "9:11", "14 days")],
            fix: "expires = 2026-12-04T00:00:00Z",
        },
        Mistake {
            file: APPROVALS,
            text: "[[approvals]]\nplan = \"7f3a91c2\"\nreason = \"ok\"\napprover = \"kim\"\ncreated = 2026-11-20\nexpires = 2026-11-25T00:00:00Z\n",
            found: &[("MW0031", "3:8", "64 hex"), ("MW0014", "6:11", "`created` is not a time")],
            fix: "let `mailwright approve",
        },
    ]);
}

#[test]
fn the_schema_line_is_asked_for() {
    let missing = findings(ACME, TENANT);
    let first = missing.sorted()[0].clone();
    assert_eq!((missing.errors(), first.rule.0), (1, "MW0004"));
    assert_eq!(first.fix.and_then(|f| f.replace).map(|(_, with)| with).as_deref(), Some("schema = \"mailwright/v1\"\n\n"));
    let newer = findings(ACME, &OPEN.replace("v1", "v2"));
    assert_eq!(newer.counts().len(), 1);
    assert!(newer.sorted()[0].title.contains("mailwright/v2") && newer.sorted()[0].fix.as_ref().is_some_and(|f| f.text.contains("newer")));
}

#[test]
fn a_secret_is_never_in_the_words_and_its_place_is_concealed() {
    for line in [
        "token = \"hunter2\"",
        "token = [\"hunter2\"]",
        "tokn = \"hunter2\"",
        "token = { env = \"hunter-2\" }",
        "password = 'hunter2'",
        "token = hunter2",
    ] {
        let text = format!("{OPEN}[providers.edge]\ndriver = \"panel\"\nurl = \"embedded:p.db\"\n{line}\n");
        let found = findings(ROOT, &text);
        assert!(found.has_errors(), "{line}");
        for finding in found.sorted() {
            let mut shown = finding.clone();
            let replaced = shown.fix.as_mut().and_then(|f| f.replace.take());
            assert!(!format!("{shown:?}").contains("hunter"), "{line}: {shown:?}");
            if line.starts_with("tokn") {
                continue;
            }
            let span = finding.conceal.unwrap_or_else(|| panic!("{line}: nothing is concealed"));
            let range = usize::try_from(span.range().start).unwrap()..usize::try_from(span.range().end).unwrap();
            assert!(text[range].contains("hunter"), "{line}");
            assert!(replaced.is_none_or(|(_, with)| !with.contains("hunter")), "{line}");
        }
    }
}

#[test]
fn findings_of_a_tenant_file_carry_the_tenant() {
    let found = findings(ACME, &format!("{OPEN}{TENANT}x = 1\n"));
    assert_eq!(found.sorted()[0].tenant.as_ref().map(|t| t.as_str()), Some("acme"));
    assert!(found.sorted()[0].notes.iter().any(|n| n.contains("newer release")));
}
