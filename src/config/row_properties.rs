//! Properties of cutting and decoding, against the library's own parsers.

use crate::base::{FileId, Findings};
use crate::config::row_tests::row_text;
use crate::config::rows::{CsvLayout, RawRow, RowBlock, RowShape};
use crate::config::{SplitText, Splitter, csv_layout, decode_rows, fmt_csv, whole_rows};
use proptest::prelude::*;
use std::fmt::Write as _;

fn split(text: &[u8], chunk: usize) -> (SplitText, Findings) {
    let mut findings = Findings::new();
    let mut splitter = Splitter::new(FileId(0));
    text.chunks(chunk.max(1)).for_each(|part| splitter.feed(part, &mut findings));
    (splitter.finish(&mut findings), findings)
}

/// Decodes a stretch in blocks from a buffer of `most` bytes; a row that does not fit makes the buffer grow.
fn in_blocks(shape: &RowShape, bytes: &[u8], offset: u64, most: usize) -> (Vec<String>, Findings) {
    let (mut rows, mut findings) = (Vec::new(), Findings::new());
    let (mut at, mut size) = (0, most.max(1));
    while at < bytes.len() {
        let end = (at + size).min(bytes.len());
        let whole = whole_rows(shape, &bytes[at..end], end == bytes.len());
        let block = RowBlock { file: FileId(0), offset: offset + at as u64, shape, domain: None };
        let mut each = |row: &RawRow<'_>, _: &mut Findings| rows.push(format!("{row:?}"));
        decode_rows(&block, &bytes[at..at + whole], &mut findings, &mut each);
        size = if whole == 0 { size * 2 } else { most.max(1) };
        at += whole;
    }
    (rows, findings)
}

/// Lines of TOML, valid and not, that could deceive whoever looks at lines only.
fn toml_line() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "[[users]]",
        "[[ users ]] # c",
        "[[\"users\"]]",
        "[users.password]",
        "[tenant]",
        "[[removed]]",
        "[domains.\"a.b\"]",
        "x = \"\"\"",
        "\"\"\"",
        "'''",
        "y = '''",
        "a = [",
        "  \"b\", # ]",
        "]",
        "z = { a = [",
        "]}",
        "k = \"[[users]]\"",
        "'q[' = 1",
        "# [[users]]",
        "",
        "  [[users]]",
        "s = \"\\\"\"",
        "address = \"a@x.example\"",
        "w = \"\"\"a\\\"\"\"\"\"\"",
        "\u{feff}",
    ])
}

fn toml_text() -> impl Strategy<Value = String> {
    let end = prop::sample::select(vec!["\n", "\r\n"]);
    (prop::collection::vec((toml_line(), end), 0..24), any::<bool>()).prop_map(|(lines, mark)| {
        let text: String = lines.iter().flat_map(|(line, end)| [*line, *end]).collect();
        if mark { format!("\u{feff}{text}") } else { text }
    })
}

/// Parts that are valid TOML wherever they stand, with users and other tables mixed.
fn valid_text() -> impl Strategy<Value = (String, usize)> {
    let part = prop::sample::select(vec![
        ("[[users]]\naddress = \"a@x.example\"\n", 1),
        ("[[ 'users' ]] # x\naliases = [\n  \"b\", # ]\n  'c[',\n]\n", 1),
        ("[[users]]\nlast_name = \"\"\"\n[[users]]\n\"\"\"\n[users.password]\nenv = \"X\"\n", 1),
        ("[[users]]\nfirst_name = '''\n[tenant]'''\n# [[users]]\n\n", 1),
        ("[[removed]]\nuser = [[\"users\"], [\n\"x\"]]\n", 0),
        ("[[removed]]\nnote = '''\n[[users]]\n'''\nx = { a = [\n1,\n2\n] }\n", 0),
        ("[[other]]\n\"a=[\" = \"\\\"[\"\n", 0),
    ]);
    prop::collection::vec(part, 0..16).prop_map(|parts| (parts.iter().map(|p| p.0).collect(), parts.iter().map(|p| p.1).sum()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Head and ranges together are the file, and chunks do not matter.
    #[test]
    fn a_file_is_cut_without_loss(text in toml_text(), chunk in 1usize..64) {
        let (whole, findings) = split(text.as_bytes(), usize::MAX);
        prop_assert!(findings.is_empty());
        prop_assert_eq!(&split(text.as_bytes(), chunk).0, &whole);
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut owner = vec![0u8; text.len()];
        for range in &whole.ranges {
            for at in range.clone() { owner[usize::try_from(at).unwrap()] += 1; }
        }
        for (at, byte) in whole.head.text.bytes().enumerate() {
            let there = usize::try_from(whole.head.place(at).offset()).unwrap();
            prop_assert_eq!(byte, text.as_bytes()[there]);
            owner[there] += 1;
        }
        prop_assert!(owner.iter().enumerate().all(|(at, n)| *n == u8::from(at >= start)));
    }

    /// What is cut out are the users that a full parser finds, and what is left parses to the rest.
    #[test]
    fn the_ranges_are_what_a_parser_finds((text, users) in valid_text(), chunk in 1usize..200) {
        let (cut, findings) = split(text.as_bytes(), chunk);
        prop_assert!(findings.is_empty());
        let mut all: toml::Table = toml::from_str(&text).unwrap();
        let found = all.remove("users").map_or(0, |u| u.as_array().unwrap().len());
        prop_assert_eq!(found, users);
        prop_assert_eq!(toml::from_str::<toml::Table>(&cut.head.text).unwrap(), all);
        let rows: String = cut.ranges.iter().map(|r| &text[usize::try_from(r.start).unwrap()..usize::try_from(r.end).unwrap()]).collect();
        let rows: toml::Table = toml::from_str(&rows).unwrap();
        prop_assert_eq!(rows.get("users").map_or(0, |u| u.as_array().unwrap().len()), users);
        prop_assert!(rows.len() <= 1);
    }

    /// Decoding in blocks of any size is decoding at once, for good and bad rows alike.
    #[test]
    fn toml_blocks_do_not_matter(text in toml_text(), most in 1usize..200) {
        for range in split(text.as_bytes(), usize::MAX).0.ranges {
            let bytes = &text.as_bytes()[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()];
            prop_assert_eq!(in_blocks(&RowShape::Toml, bytes, range.start, most), in_blocks(&RowShape::Toml, bytes, range.start, usize::MAX >> 1));
        }
    }

    #[test]
    fn csv_blocks_do_not_matter(body in "([a-c@.,;\"'?\u{e9} -]{0,12}(\n|\r\n)){0,20}[a-c,\"]{0,5}", most in 1usize..100) {
        let file = format!("address,last_name\n{body}");
        let shape = RowShape::Csv(layout(&file));
        prop_assert_eq!(in_blocks(&shape, body.as_bytes(), 18, most), in_blocks(&shape, body.as_bytes(), 18, usize::MAX >> 1));
    }

    /// No input makes the decoders stop.
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(prop::sample::select(b"[]{}=\"'\\\n\r,;.#usera \xff\xc3\xbc\0|:-1".to_vec()), 0..200)) {
        let mut findings = Findings::new();
        let block = |shape| RowBlock { file: FileId(0), offset: 0, shape, domain: None };
        decode_rows(&block(&RowShape::Toml), &bytes, &mut findings, &mut |_, _| ());
        let with_header = [b"[[users]]\n", bytes.as_slice()].concat();
        decode_rows(&block(&RowShape::Toml), &with_header, &mut findings, &mut |_, _| ());
        let _ = split(&bytes, 7);
        let _ = csv_layout(&bytes, FileId(0), &mut findings);
        let shape = RowShape::Csv(layout("address,aliases,last_name\n"));
        decode_rows(&block(&shape), &bytes, &mut findings, &mut |_, _| ());
    }
}

fn layout(file: &str) -> CsvLayout {
    csv_layout(file.as_bytes(), FileId(0), &mut Findings::new()).unwrap()
}

/// A user as serde reads it: the other opinion.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Oracle {
    address: String,
    first_name: Option<String>,
    last_name: Option<String>,
    aliases: Option<Vec<String>>,
    kind: Option<String>,
    password: Option<OraclePassword>,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct OraclePassword {
    env: String,
    rotate: Option<String>,
}

#[derive(serde::Deserialize)]
struct OracleFile {
    #[serde(default)]
    users: Vec<Oracle>,
}

fn oracle_text(user: &Oracle) -> String {
    let mut out = format!("{:?}", user.address);
    for (name, value) in [("first", &user.first_name), ("last", &user.last_name), ("kind", &user.kind)] {
        if let Some(value) = value {
            let _ = write!(out, " {name}={value:?}");
        }
    }
    if let Some(aliases) = &user.aliases {
        let _ = write!(out, " {aliases:?}");
    }
    if let Some(password) = &user.password {
        let _ = write!(out, " {:?} {:?}", password.env, password.rotate);
    }
    out
}

fn our_text(row: &RawRow<'_>) -> String {
    let text = |c: &Option<crate::config::Cell<'_>>| c.as_ref().map(|c| c.text.to_string());
    oracle_text(&Oracle {
        address: text(&row.address).unwrap_or_default(),
        first_name: text(&row.first_name),
        last_name: text(&row.last_name),
        aliases: row.aliases.as_ref().map(|a| a.iter().map(|c| c.text.to_string()).collect()),
        kind: text(&row.kind),
        password: row.password.as_ref().map(|p| OraclePassword { env: p.from.text.to_string(), rotate: text(&p.rotate) }),
    })
}

/// A text in one of TOML's notations; some are wrong TOML.
fn value() -> impl Strategy<Value = String> {
    let content = "[a-z@. \u{fc}\u{1f600}]{0,10}";
    prop_oneof![
        8 => content.prop_map(|t| format!("\"{t}\"")),
        2 => content.prop_map(|t| format!("'{t}'")),
        2 => content.prop_map(|t| format!("\"\"\"\n{t}\\\n   x\\u00e9\"\"\"")),
        1 => content.prop_map(|t| format!("'''{t}\n[[users]]\n'''")),
        1 => "x[a-z\\\\nu0-9]{0,5}\"?[a-z\\\\nu0-9]{0,3}".prop_map(|t| format!("\"{t}\"")),
    ]
}

fn user() -> impl Strategy<Value = String> {
    let list = prop::collection::vec(value(), 0..4).prop_map(|v| format!("[\n{} ]", v.join(", # x\n")));
    let password = prop_oneof![
        value().prop_map(|v| format!("password = {{ env = {v}, rotate = \"1\" }}\n")),
        value().prop_map(|v| format!("password.env = {v}\n")),
        value().prop_map(|v| format!("[users.password] # x\nenv={v}\n")),
    ];
    let key = |name: &'static str| prop::option::of(value().prop_map(move |v| format!("{name} = {v}\n")));
    (value(), key("first_name"), key("\"last_name\""), prop::option::of(list), key("kind"), prop::option::of(password)).prop_map(
        |(address, first, last, list, kind, password)| {
            let list = list.map_or_else(String::new, |l| format!("aliases={l}\n"));
            let parts = [first, last, Some(list), kind, password].map(Option::unwrap_or_default).concat();
            format!("[[users]]\naddress = {address}\n{parts}\n")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// The events decoder reads what serde reads, and refuses what it refuses.
    #[test]
    fn toml_rows_are_what_serde_reads(users in prop::collection::vec(user(), 0..6)) {
        let text = users.concat();
        let (mut rows, mut findings) = (Vec::new(), Findings::new());
        let block = RowBlock { file: FileId(0), offset: 0, shape: &RowShape::Toml, domain: None };
        decode_rows(&block, text.as_bytes(), &mut findings, &mut |row, _| rows.push(our_text(row)));
        let wanted: Vec<String> = users.iter().filter_map(|u| toml::from_str::<OracleFile>(u).ok()).map(|f| oracle_text(&f.users[0])).collect();
        prop_assert_eq!(&rows, &wanted, "{}", text);
        prop_assert_eq!(findings.counts().get(&crate::base::RuleId("MW0001")).copied().unwrap_or(0), (users.len() - wanted.len()) as u64);
    }

    /// Rows that the csv crate writes are read as they were, with any separator; `fmt` keeps them.
    #[test]
    fn csv_rows_are_what_the_csv_crate_writes(
        rows in prop::collection::vec(("[a-c]{1,4}@x", "[a-c,;\"'?\u{fc}]{0,6}", "[a-c\t ,]{0,4}"), 0..12),
        delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        quote in any::<bool>(),
        crlf in any::<bool>(),
    ) {
        let style = if quote { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(style).terminator(end).from_writer(Vec::new());
        writer.write_record(["address", "last_name", "group"]).unwrap();
        rows.iter().for_each(|r| writer.write_record([&r.0, &r.1, &r.2]).unwrap());
        let file = writer.into_inner().unwrap();
        let wanted: Vec<[String; 3]> = rows.iter().map(|r| [r.0.clone(), r.1.clone(), r.2.clone()]).collect();
        let read = |file: &[u8]| {
            let layout = csv_layout(file, FileId(0), &mut Findings::new()).unwrap();
            let from = usize::try_from(layout.rows_from).unwrap();
            let shape = RowShape::Csv(layout);
            let block = RowBlock { file: FileId(0), offset: from as u64, shape: &shape, domain: None };
            let mut read = Vec::new();
            let text = |c: &Option<crate::config::Cell<'_>>| c.as_ref().map_or(String::new(), |c| c.text.to_string());
            decode_rows(&block, &file[from..], &mut Findings::new(), &mut |r, _| read.push([text(&r.address), text(&r.last_name), text(&r.group)]));
            read
        };
        prop_assert_eq!(read(&file), wanted.clone());
        let once = fmt_csv(&file, FileId(0)).unwrap();
        prop_assert_eq!(read(&once), wanted);
        prop_assert_eq!(fmt_csv(&once, FileId(0)).unwrap(), once);
    }
}

#[test]
fn limits_are_findings_with_names() {
    let long = format!("[tenant]\n[[users]]\nlast_name = \"\"\"\n{}", "x\n".repeat(40_000));
    let (_, findings) = split(long.as_bytes(), 1000);
    let found = findings.sorted();
    assert_eq!((found.len(), found[0].rule.0), (1, "MW0111"));
    assert_eq!((found[0].at.as_ref().unwrap().span.range(), found[0].also[0].span.range()), (9..18, 19..20));
    let head = "# x\n".repeat((16 << 20) / 4 + 1);
    let (cut, findings) = split(head.as_bytes(), 1 << 20);
    assert_eq!((findings.errors(), findings.sorted()[0].rule.0), (1, "MW0003"));
    assert!(cut.head.text.is_empty() && !cut.whole);
    let line = "[[users]]\nx = \"".to_owned() + &"y".repeat(70_000);
    assert_eq!(split(line.as_bytes(), 999).1.errors(), 1);
    assert_eq!(split(b"\xff\xfe[\0t\0]\0\n\0a\0", 3).1.sorted()[0].rule.0, "MW0101");
    assert!(row_text(b"", &RawRow::new(crate::base::Place::new(FileId(0), 0))).starts_with("? 1:1"));
}
