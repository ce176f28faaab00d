//! Each rule of `[[users]]` tables with its place and fix; the texts of good tables.

use crate::base::{FileId, Findings};
use crate::config::row_tests::{finding_text, row_text};
use crate::config::rows::{RowBlock, RowShape};
use crate::config::{decode_rows, read_row};

fn check(text: &str) -> (Vec<String>, Vec<String>) {
    let mut findings = Findings::new();
    let mut rows = Vec::new();
    let block = RowBlock { file: FileId(0), offset: 0, shape: &RowShape::Toml, domain: None };
    decode_rows(&block, text.as_bytes(), &mut findings, &mut |row, _| rows.push(row_text(text.as_bytes(), row)));
    (findings.sorted().into_iter().map(|f| finding_text(text.as_bytes(), f)).collect(), rows)
}

#[test]
fn the_whole_grammar_is_read() {
    let text = r#"[[users]]
address = "jane@acme.example" # a comment with "quotes"
"first_name" = 'Ja\ne'
last_name = "D\u00f6e\t"
aliases = [
  "a@acme.example", # one
  'b@acme.example',
]
kind = """
list"""
password = { env = "JANE_PW", rotate = "2026-11" }
# the next
[[ users ]]
address = '''bob@acme.example'''
aliases = []
first_name = ""
[users.password]
file = "secrets/bob"
[["users"]]
address = "kim@acme.example"
password.env = "A"
password.rotate = "1"
"#;
    let (findings, rows) = check(text);
    // a tab at an end of a name is what it says
    assert!(findings.iter().all(|f| f.starts_with("MW0113") || f.starts_with("MW0110")), "{findings:?}");
    assert_eq!(
        rows,
        [
            "jane@acme.example 1:1 first=Ja\\ne last=Döe\t aliases=[a@acme.example b@acme.example] kind=list password=env JANE_PW rotate=2026-11",
            "bob@acme.example 13:1 first= aliases=[] password=file secrets/bob",
            "kim@acme.example 19:1 password=env A rotate=1",
        ]
    );
}

#[test]
fn mistakes_have_place_and_fix() {
    let head = "[[users]]\naddress = \"a@x.example\"\n";
    for (line, wanted) in [
        ("adress = \"b\"", "MW0010 error 3:1-3:7 => address"),
        ("first-name = \"b\"", "MW0010 error 3:1-3:11 => first_name"),
        ("surname = \"b\"", "MW0010 error 3:1-3:8 => last_name"),
        (
            "colour = [1, {a = 2}]",
            "MW0010 error 3:1-3:7 -- remove it, or use one of `address`, `first_name`, `last_name`, `aliases`, `kind`, `status`, `group`, `previous_address` or `password`",
        ),
        (
            "password_env = \"X\"",
            "MW0010 error 3:1-3:13 -- write `password = { env = \"NAME\", rotate = \"TEXT\" }`; the two columns are of CSV only",
        ),
        ("address = \"b\"", "MW0002 error 3:1-3:8 -- remove one of the two"),
        ("aliases = \"b@x.example\"", "MW0011 error 3:11-3:24 => [\"b@x.example\"]"),
        ("aliases = [1]", "MW0011 error 3:12-3:13 -- write each alias as a text: `aliases = [\"a@acme.example\", \"b@acme.example\"]`"),
        (
            "aliases = [[\"b\"]]",
            "MW0011 error 3:12-3:13 -- write each alias as a text: `aliases = [\"a@acme.example\", \"b@acme.example\"]`",
        ),
        ("status = true", "MW0011 error 3:10-3:14 => \"true\""),
        ("status = active", "MW0011 error 3:10-3:16 => \"active\""),
        ("kind = 1", "MW0011 error 3:8-3:9 => \"1\""),
        ("kind = [\"list\"]", "MW0011 error 3:8-3:9 -- write a text in quotes"),
        ("kind.x = \"list\"", "MW0011 error 3:1-3:5 -- write a text in quotes"),
        ("password = \"hunter2\"", "MW0016 error 3:1-3:9 -- write { env = \"NAME\" } or { file = \"PATH\" }"),
        ("password = { rotate = \"1\" }", "MW0017 error 3:1-3:9 -- write { env = \"NAME\" } or { file = \"PATH\" }"),
        ("password = { env = \"A\", file = \"B\" }", "MW0017 error 3:33-3:34 -- write { env = \"NAME\" } or { file = \"PATH\" }"),
        ("password = { enf = \"A\" }", "MW0010 error 3:14-3:17 => env"),
        ("password = { env = \"A\" }\n[users.password]\nenv = \"A\"", "MW0002 error 4:8-4:16 -- remove one of the two"),
        ("[users.pasword]\nenv = \"A\"", "MW0010 error 3:8-3:15 => password"),
        ("[users.aliases]\na = \"A\"", "MW0011 error 3:8-3:15 -- write it as a key of the user"),
        ("[[users.password]]\nenv = \"A\"", "MW0011 error 3:9-3:17 -- write `[users.password]`"),
        ("last_name = \"M?ller\"", "MW0114 warning 3:15-3:16 -- Write the name as it is; export the list again as UTF-8."),
    ] {
        let (findings, rows) = check(&format!("{head}{line}\n[[users]]\naddress = \"z@x.example\"\n"));
        assert_eq!(findings.first().map(String::as_str), Some(wanted), "{line}");
        assert_eq!(rows.len(), 2, "{line}");
        assert!(!format!("{findings:?}").contains("hunter2"));
    }
}

#[test]
fn a_syntax_error_spoils_one_user() {
    for (line, wanted) in [
        ("status = \"active", "MW0001 error 2:17-2:17 => \""),
        ("status \"active\"", "MW0001 error 2:8-2:8 -- write `key = value`"),
        ("status =", "MW0001 error 2:9-2:9"),
        ("aliases = [\"a\"", "MW0001 error 2:15-2:15"),
        ("aliases = [\"a\" \"b\"]", "MW0001 error 2:16-2:16"),
        ("status = \"\\q\"", "MW0001 error 2:11-2:12"),
        ("status = \"a\" x", "MW0001 error 2:14"),
        ("# a \u{1}", "MW0001 error 2:5"),
        ("[users.password", "MW0001 error 2:16-2:16 => ]"),
    ] {
        let text = format!("[[users]]\n{line}\n[[users]]\naddress = \"z@x.example\"\n");
        let (findings, rows) = check(&text);
        assert_eq!(findings.len(), 1, "{line}: {findings:?}");
        assert!(findings[0].starts_with(wanted), "{line}: {findings:?}");
        assert_eq!(rows, ["z@x.example 3:1"], "{line}");
    }
}

#[test]
fn a_user_needs_an_address() {
    assert_eq!(check("[[users]]\nkind = \"list\"\n").0, ["MW0012 error 1:1-1:10 -- write the address, or remove the table"]);
}

#[test]
fn other_bytes_spoil_one_user() {
    let text = b"[[users]]\naddress = \"a@x.example\"\nlast_name = \"M\xfcller\"\n[[users]]\naddress = \"b@x.example\"\n";
    let (mut findings, mut rows) = (Findings::new(), 0);
    let block = RowBlock { file: FileId(0), offset: 0, shape: &RowShape::Toml, domain: None };
    decode_rows(&block, text, &mut findings, &mut |_, _| rows += 1);
    assert_eq!((findings.errors(), rows), (1, 1));
    assert_eq!(findings.sorted()[0].notes, ["as windows-1252 it would read `Müller`"]);
    assert!(finding_text(text, findings.sorted()[0]).starts_with("MW0100 error 3:15-3:16"));
}

#[test]
fn a_row_is_read_again_at_its_place() {
    let text = "[[users]]\naddress = \"a@x.example\"\n\n[domains.\"x.example\"]\n";
    let block = RowBlock { file: FileId(0), offset: 0, shape: &RowShape::Toml, domain: None };
    let mut findings = Findings::new();
    let row = read_row(&block, text.as_bytes(), &mut findings).unwrap();
    assert_eq!((row_text(text.as_bytes(), &row).as_str(), row.len), ("a@x.example 1:1", 33));
    assert_eq!(read_row(&block, b"[tenant]\n", &mut findings), None);
    assert!(findings.is_empty());
}
