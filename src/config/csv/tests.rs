//! Each rule of CSV with its place and fix; the cells of good rows.

use super::{csv_layout, fmt_csv, tombstone_layout};
use crate::base::{FileId, Findings, Severity};
use crate::config::row_tests::{finding_text, row_text};
use crate::config::rows::{Column, CsvLayout, RowBlock, RowShape};
use crate::config::{decode_rows, read_row};

/// `MW0107 error 2:7-2:8 => fix` for each finding, and `address|first|last|[aliases]|kind|status|…` for each row.
fn check(file: &[u8]) -> (Vec<String>, Vec<String>) {
    let mut findings = Findings::new();
    let mut rows = Vec::new();
    if let Some(layout) = csv_layout(file, FileId(0), &mut findings) {
        let from = usize::try_from(layout.rows_from).unwrap();
        let shape = RowShape::Csv(layout);
        let block = RowBlock { file: FileId(0), offset: from as u64, shape: &shape, domain: None };
        decode_rows(&block, &file[from..], &mut findings, &mut |row, _| rows.push(row_text(file, row)));
    }
    (findings.sorted().into_iter().map(|f| finding_text(file, f)).collect(), rows)
}

fn found(file: &str) -> Vec<String> {
    check(file.as_bytes()).0
}

fn rows(file: &str) -> Vec<String> {
    let (findings, rows) = check(file.as_bytes());
    assert_eq!(findings, Vec::<String>::new());
    rows
}

fn layout(file: &str) -> CsvLayout {
    let mut findings = Findings::new();
    let layout = csv_layout(file.as_bytes(), FileId(0), &mut findings).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    layout
}

#[test]
fn the_header_tells_the_separator() {
    for (header, delimiter) in
        [("address,kind\n", b','), ("address;kind\r\n", b';'), ("address\tkind", b'\t'), ("\"address\";\"kind\"\n", b';')]
    {
        let layout = layout(header);
        assert_eq!((layout.delimiter, layout.columns), (delimiter, vec![Column::Address, Column::Kind]), "{header}");
        assert_eq!(layout.rows_from, header.len() as u64);
    }
    assert_eq!(layout("\u{feff}sep=;\r\n\r\naddress;kind\r\n").rows_from, 26);
    assert_eq!(layout("address\n").delimiter, b',');
}

#[test]
fn headers_are_refused_with_place_and_fix() {
    assert_eq!(found("adress,kind\n"), ["MW0103 error 1:1-1:7 => address"]);
    assert_eq!(found("address,First Name\n"), ["MW0103 error 1:9-1:19 => first_name"]);
    assert_eq!(found("address,surname,colour\n")[0], "MW0103 error 1:9-1:16 => last_name");
    assert!(found("address,colour\n")[0].starts_with("MW0103 error 1:9-1:15 -- remove the column, or name it one of: address"));
    assert!(found("address,,\n")[0].starts_with("MW0103 error 1:9-1:9 -- remove the column"));
    assert_eq!(found("address,kind,kind\n"), ["MW0104 error 1:14-1:18 -- Remove one of the two columns."]);
    assert_eq!(found("kind,status\n"), ["MW0105 error 1:1-1:12 -- Add the column `address`."]);
    assert!(found("sep=:\naddress:kind\n")[0].starts_with("MW0106 error 1:5-1:6"));
    assert!(found("jane@acme.example,Jane\n")[0].starts_with("MW0102 error 1:1-1:23"));
    assert!(found("")[0].starts_with("MW0102 error 1:1-1:1"));
    assert!(found("address,rotate\n")[0].starts_with("MW0122 error 1:9-1:15"));
    assert!(found("address,\"kind\n")[0].starts_with("MW0107 error 1:1-1:14"));
    assert!(found("address,kind\ra@acme.example,list\r")[0].starts_with("MW0110 error 1:13"));
    assert!(check(b"\xff\xfea\0d\0").0[0].starts_with("MW0101 error 1:1"));
    assert!(check(b"address,n\xe4me\n").0[0].starts_with("MW0100 error 1:10"));
}

#[test]
fn good_rows_are_read() {
    let file = "\u{feff}sep=;\r\naddress;first_name;last_name;aliases;kind;status\r\n\r\n\
        jane@acme.example;Jane;\"O\"\"Neil; x\";j@acme.example|jd@acme.example  k@acme.example;;active\r\n;;;;;\r\n  \r\nbob@acme.example;-;;-;list;\"\"";
    assert_eq!(
        rows(file),
        [
            "jane@acme.example 4:1 first=Jane last=O\"Neil; x aliases=[j@acme.example jd@acme.example k@acme.example] status=active",
            "bob@acme.example 7:1 first= aliases=[] kind=list",
        ]
    );
    let file = "address,group,previous_address,password_env,rotate\na@x.example,G,b@x.example,PW,2026-11\n";
    assert_eq!(rows(file), ["a@x.example 2:1 group=G previous=b@x.example password=env PW rotate=2026-11"]);
}

#[test]
fn uncertain_rows_are_errors_and_not_handed_out() {
    let head = "address,first_name,last_name\n";
    for (row, wanted) in [
        ("a@x.example,\"Jane,Doe\n", "MW0107 error 2:13-2:14"),
        ("a@x.example,Jane \"JJ\",Doe\n", "MW0108 error 2:18-2:19"),
        ("a@x.example,\"Jane\" ,Doe\n", "MW0108 error 2:18-2:19"),
        ("a@x.example,Jane\n", "MW0109 error 2:1-2:17"),
        ("a@x.example,Doe, Jane,x\n", "MW0109 error 2:23-2:24"),
        ("a@x.example,Ja\0ne,Doe\n", "MW0110 error 2:15"),
        (",Jane,Doe\n", "MW0112 error 2:1-2:10"),
        ("-,Jane,Doe\n", "MW0112 error 2:1-2:11"),
    ] {
        let (findings, rows) = check(format!("{head}{row}b@x.example,Bob,Ray\n").as_bytes());
        assert!(findings[0].starts_with(wanted), "{row}: {findings:?}");
        assert_eq!(rows, ["b@x.example 3:1 first=Bob last=Ray"], "{row}");
    }
}

#[test]
fn what_would_vanish_is_named() {
    let mut findings = Findings::new();
    let file = b"address,first_name,last_name\na@x.example,\"Jane,Doe\nb@x.example,\"B\",R\n";
    let shape = RowShape::Csv(csv_layout(file, FileId(0), &mut findings).unwrap());
    let block = RowBlock { file: FileId(0), offset: 29, shape: &shape, domain: None };
    decode_rows(&block, &file[29..], &mut findings, &mut |_, _| ());
    assert_eq!(findings.sorted()[0].notes[0], "`last_name` of this row and every row up to the next quote would vanish into `first_name`");
}

#[test]
fn cells_are_judged_with_place_and_fix() {
    let head = "address,aliases,kind,password_env,rotate,last_name\n";
    for (row, wanted) in [
        ("a@x.example ,,,,,", "MW0113 error 2:1-2:13 => a@x.example"),
        ("a@x.example,, list,,,", "MW0113 error 2:14-2:19 => list"),
        ("a@x.example,,,-,,", "MW0123 error 2:15-2:16 => "),
        (
            "a@x.example,,,,2026-11,",
            "MW0124 error 2:16-2:23 -- Write the name of the environment variable into `password_env`, or empty `rotate`.",
        ),
        (
            "a@x.example,System.String[],,,,",
            "MW0116 error 2:13-2:28 -- Join the list before exporting: `@{n='aliases';e={$_.EmailAddresses -join ' '}}`.",
        ),
        (
            "a@x.example,SMTP:b@x.example,,,,",
            "MW0119 error 2:18-2:29 -- Write the primary address into `address`, and the other as an alias.",
        ),
        ("a@x.example,X500:/o=A B/cn=c sip:a@x.example,,,,", "MW0120 note 2:13-2:45"),
        ("a@x.example,,,,,M?ller", "MW0114 warning 2:18-2:19 -- Write the name as it is; export the list again as UTF-8."),
        ("a@x.example,,,,,M\u{c3}\u{bc}ller", "MW0115 warning 2:17-2:24 => Müller"),
        ("a@x.example,,,,,Do\u{200b}e", "MW0117 warning 2:19-2:20 => Doe"),
        ("a@x.example,,,,, Doe", "MW0113 warning 2:17-2:21 => Doe"),
    ] {
        let (findings, rows) = check(format!("{head}{row}\n").as_bytes());
        assert_eq!(findings, [wanted], "{row}");
        assert!(rows[0].starts_with("a@x.example 2:1"), "{row}: {rows:?}");
    }
    let (findings, rows) = check(b"address,last_name\na@x.example,M\xfcller\nb@x.example,B\n");
    assert_eq!(findings, ["MW0100 error 2:14-2:15 -- Save the file as UTF-8 (in Excel: `CSV UTF-8 (Comma delimited)`)."]);
    assert_eq!(rows, ["b@x.example 3:1 last=B"]);
}

#[test]
fn proxy_addresses_are_read() {
    let file = "address,aliases\nJane@x.example,SMTP:jane@X.example smtp:j@x.example|X500:/o=First Org/ou=Exchange (FYD)/cn=jane smtp:k@x.example\nb@x.example,SMTP:b@x.example\n";
    let (findings, rows) = check(file.as_bytes());
    assert!(findings.len() == 1 && findings[0].starts_with("MW0120 note 2:16"), "{findings:?}");
    assert_eq!(rows, ["Jane@x.example 2:1 aliases=[j@x.example k@x.example]", "b@x.example 3:1"]);
}

#[test]
fn a_list_of_removed_users_has_one_column() {
    let mut findings = Findings::new();
    assert!(tombstone_layout(b"address\na@x.example\n", FileId(0), &mut findings).is_some() && findings.is_empty());
    assert!(tombstone_layout(b"address,kind\n", FileId(0), &mut findings).is_none());
    assert_eq!(finding_text(b"address,kind\n", findings.sorted()[0]), "MW0121 error 1:9-1:13 -- Keep the column `address` only.");
}

#[test]
fn a_row_is_read_again_at_its_place() {
    let file = b"address,aliases\na@x.example,b@x.example\nc@x.example,\n";
    let mut findings = Findings::new();
    let shape = RowShape::Csv(csv_layout(file, FileId(0), &mut findings).unwrap());
    let block = RowBlock { file: FileId(0), offset: 16, shape: &shape, domain: None };
    let row = read_row(&block, &file[16..], &mut findings).unwrap();
    assert_eq!(row_text(file, &row), "a@x.example 2:1 aliases=[b@x.example]");
    assert_eq!(read_row(&block, b"", &mut findings), None);
}

#[test]
fn fmt_writes_one_form() {
    let file = b"\xEF\xBB\xBFsep=;\r\n\r\naddress;\"last_name\"\r\na@x.example;\"Doe, J\"\r\n\r\n;\r\nb@x.example;\"\"\"B\"\"\"\r\nc@x.example; \"\"";
    let fails = fmt_csv(file, FileId(0)).unwrap_err();
    assert_eq!(fails.sorted()[0].rule.0, "MW0108");
    let out = fmt_csv(&file[..file.len() - 16], FileId(0)).unwrap();
    let text = "\naddress,last_name\na@x.example,\"Doe, J\"\n\n,\nb@x.example,\"\"\"B\"\"\"\n";
    assert_eq!(String::from_utf8(out).unwrap(), text);
    assert_eq!(fmt_csv(text.as_bytes(), FileId(0)).unwrap(), text.as_bytes());
    assert_eq!(Severity::Error, fails.sorted()[0].severity);
}
