//! Formatting: one long example, the odd corners, and properties over random documents.

use super::fmt_toml;
use super::format::meaning;
use proptest::prelude::*;

#[test]
fn spacing_quoting_and_blank_lines() {
    let text = "\u{feff}\r\n\r\n#:schema x\r\nschema='mailwright/v1'\r\n[ tenant ]   # the customer\r\n  name   =  'acme'#name\r\n\
        \tremote={id='4711',}\r\n\r\n\r\n\r\n# mail\r\n[ domains . 'acme.example' ]\r\nalias_domains=['a.test','b.test',]\r\n\
        destination = [\r\n  'a:25', # first\r\n  'b:25',\r\n]\r\n\"relay_check\" = \"smtp\"\r\n\r\n\r\n# end  \r\n\r\n";
    let want = "#:schema x\nschema = \"mailwright/v1\"\n\n[tenant] # the customer\nname = \"acme\" #name\nremote = { id = \"4711\" }\n\n# mail\n\
        [domains.\"acme.example\"]\nalias_domains = [\"a.test\", \"b.test\"]\ndestination = [\n  \"a:25\", # first\n  \"b:25\",\n]\n\
        relay_check = \"smtp\"\n\n# end\n";
    assert_eq!(fmt_toml(text).unwrap(), want);
    assert_eq!(fmt_toml(want).unwrap(), want);
}

#[test]
fn what_1_1_added_is_written_in_1_0() {
    let text = "a = { b = 1,\n  c = \"x\\e[0m\",\n}\nd = 2026-12-01T09:30Z\n";
    assert_eq!(fmt_toml(text).unwrap(), "a = { b = 1, c = \"x\\u001B[0m\" }\nd = 2026-12-01T09:30:00Z\n");
    let lost = fmt_toml("a = { b = 1, # why\n}\n").unwrap_err();
    assert!(lost.sorted()[0].title.contains("comment"));
}

#[test]
fn what_needs_its_form_keeps_it() {
    for text in [
        "a = 'C:\\x'\n",
        "a = 'say \"x\"'\n",
        "a = \"\"\"\n  x  \n\n\n\n  y\"\"\"\n",
        "a = 0xff\n",
        "a.b = 1\nc = 2\n",
        "\"a b\" = 1\n",
        "a = [{ b = 1 }, {}]\n",
        "",
    ] {
        assert_eq!(fmt_toml(text).unwrap(), text);
    }
}

#[test]
fn the_order_of_keys_and_tables_stays() {
    let text = "b = 1\na.x = 1\nc = 2\na.y = 3\n\n[t.b]\nk = 1\n\n[s]\n\n[t.a]\n\n[t]\nz = 1\n";
    // the library writes the dotted keys of one table side by side; nothing else moves
    assert_eq!(fmt_toml(text).unwrap(), text.replace("c = 2\na.y = 3", "a.y = 3\nc = 2"));
}

#[test]
fn syntax_errors_are_findings() {
    assert_eq!(fmt_toml("a = \n").unwrap_err().sorted()[0].rule.0, "MW0001");
}

fn space() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["", " ", "  ", "\t"]).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = String> {
    let text = proptest::sample::select(vec!["x", "", "a b", "ü", "#", "'", "[x]", "=", "a.b"]);
    let basic = text.clone().prop_map(|t| format!("\"{t}\""));
    let literal = text.prop_filter("no quote", |t| !t.contains('\'')).prop_map(|t| format!("'{t}'"));
    let other = proptest::sample::select(vec![
        "1",
        "-0x1".trim_start_matches('-'),
        "1.5",
        "true",
        "2026-12-01",
        "2026-12-01T10:00Z",
        "\"\"\"\n a\n\n\n b \"\"\"",
    ]);
    let leaf = prop_oneof![basic, literal, other.prop_map(str::to_owned)];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let list = (proptest::collection::vec((space(), inner.clone()), 0..3), proptest::sample::select(vec!["", "\n", " # c\n  "]))
            .prop_map(|(items, gap)| format!("[{gap}{}]", items.iter().map(|(s, v)| format!("{s}{v}{s},{gap}")).collect::<String>()));
        let table = proptest::collection::vec((space(), inner), 0..3).prop_map(|items| {
            let pairs: Vec<String> = items.iter().enumerate().map(|(i, (s, v))| format!("{s}k{i}{s}={s}{v}{s}")).collect();
            format!("{{{}}}", pairs.join(","))
        });
        prop_oneof![list, table]
    })
}

fn gap() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(vec!["\n", "  \n", "# note\n", "  #x \n"]), 0..4).prop_map(|lines| lines.concat())
}

fn document() -> impl Strategy<Value = String> {
    let line = (
        gap(),
        space(),
        proptest::sample::select(vec!["k", "\"k\"", "'k'", "a.k", "\"k.k\""]),
        value(),
        proptest::sample::select(vec!["", " # c", "#c  "]),
    );
    let table = (gap(), space(), proptest::bool::ANY, proptest::collection::vec(line, 0..4));
    (proptest::collection::vec(table, 0..4), gap()).prop_map(|(tables, end)| {
        let mut out = String::new();
        for (t, (gap, s, many, lines)) in tables.iter().enumerate() {
            if t > 0 {
                let header = if *many { format!("[[{s}t{t}{s}]]") } else { format!("[{s}t{t}{s}.{s}'x.y'{s}]") };
                out.push_str(&format!("{gap}{s}{header}{s}\n"));
            }
            for (i, (gap, s, key, value, tail)) in lines.iter().enumerate() {
                let key = key.replace('k', &format!("k{i}"));
                out.push_str(&format!("{gap}{s}{key}{s}={s}{value}{tail}\n"));
            }
        }
        out + &end
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn idempotent_same_meaning_and_no_comment_lost(text in document()) {
        let Some(before) = meaning(&text) else { return Err(TestCaseError::reject("not TOML")) };
        let once = fmt_toml(&text).map_err(|f| TestCaseError::fail(format!("{text}\n{:?}", f.sorted())))?;
        prop_assert_eq!(&fmt_toml(&once).unwrap(), &once);
        prop_assert_eq!(meaning(&once), Some(before));
        prop_assert_eq!(once.matches('#').count(), text.matches('#').count());
    }
}
