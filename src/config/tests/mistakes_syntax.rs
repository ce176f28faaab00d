//! Mistakes in TOML itself. Line 1 is the schema line.

use super::support::{Mistake, check};

const ACME: &str = "tenants/acme.toml";

#[test]
fn syntax_has_line_and_remedy() {
    check(&[
        Mistake { file: ACME, text: "[tenant]\nname = \"acme\n", found: &[("MW0001", "3:13", "not closed")], fix: "name = \"acme\"" },
        Mistake { file: ACME, text: "[tenant]\nname = acme\n", found: &[("MW0001", "3:8", "without quotes")], fix: "name = \"acme\"" },
        Mistake { file: ACME, text: "[tenant\nname = \"acme\"\n", found: &[("MW0001", "2:8", "header is not closed")], fix: "[tenant]" },
        Mistake {
            file: ACME,
            text: "[[removed]\nuser = \"a\"\n",
            found: &[("MW0001", "2:11", "header is not closed")],
            fix: "[[removed]]",
        },
        Mistake { file: ACME, text: "[tenant]\ncreate = True\n", found: &[("MW0001", "3:10", "switches")], fix: "create = true" },
        Mistake { file: ACME, text: "[tenant]\ncreate = no\n", found: &[("MW0001", "3:10", "switches")], fix: "create = false" },
        Mistake { file: ACME, text: "[tenant]\nname: \"acme\"\n", found: &[("MW0001", "3:5", "followed by `:`")], fix: "name = \"acme\"" },
        Mistake { file: ACME, text: "[tenant]\nname = = \"acme\"\n", found: &[("MW0001", "3:8", "too many")], fix: "name = \"acme\"" },
        Mistake { file: ACME, text: "[tenant]\nname =\n", found: &[("MW0001", "3:7", "no value")], fix: "write a value" },
        Mistake { file: ACME, text: "[tenant]\nname = “acme”\n", found: &[("MW0001", "3:8", "typographic")], fix: "name = \"acme\"" },
        Mistake { file: ACME, text: "[tenant]\nname = \"acme\",\n", found: &[("MW0001", "3:14", "too many")], fix: "name = \"acme\"" },
        Mistake {
            file: "mailwright.toml",
            text: "[guards]\nshrink_percent = 20 %\n",
            found: &[("MW0001", "3:18", "percents")],
            fix: "shrink_percent = 20",
        },
        Mistake {
            file: ACME,
            text: "[tenant]\nusers_from = \"lists\\users.csv\"\n",
            found: &[("MW0001", "3:20", "backslash")],
            fix: "write `/` in paths",
        },
        Mistake { file: ACME, text: "[[removed]]\nsince = 2026-02-30\n", found: &[("MW0001", "3:9", "invalid date")], fix: "YYYY-MM-DD" },
        Mistake {
            file: ACME,
            text: "[tenant]\nname = \"a\"\nname = \"b\"\n",
            found: &[("MW0002", "4:1", "`name` is written twice")],
            fix: "remove one",
        },
        Mistake {
            file: ACME,
            text: "[domains.\"acme.example\"]\nalias_domains = [\"a.test\" \"b.test\"]\ndestination = \"mx.acme.example\"\n",
            found: &[("MW0001", "3:27", "lacks a comma")],
            fix: "add the missing",
        },
        Mistake {
            file: ACME,
            text: "[tenant]\nname = \"a\" create = true\n",
            found: &[("MW0001", "3:12", "same line")],
            fix: "one key on a line",
        },
    ]);
}

#[test]
fn the_first_of_each_line_is_shown_and_other_lines_too() {
    check(&[Mistake {
        file: ACME,
        text: "[tenant]\nname = acme\nprovider = = 3\ncreate = True\n",
        found: &[("MW0001", "3:8", ""), ("MW0001", "4:12", ""), ("MW0001", "5:10", "")],
        fix: "name = \"acme\"",
    }]);
}
