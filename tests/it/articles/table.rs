//! The tables: every row has a test, every test has a row.

use std::collections::BTreeSet;

/// Areas: the table and the tests.
const AREAS: &[(&str, &str, &str)] = &[
    ("continuity", include_str!("../../data/articles/continuity.csv"), include_str!("continuity.rs")),
    ("directory", include_str!("../../data/articles/directory.csv"), include_str!("directory.rs")),
    ("filter", include_str!("../../data/articles/filter.csv"), include_str!("filter.rs")),
    ("outbound", include_str!("../../data/articles/outbound.csv"), include_str!("outbound.rs")),
];
/// The articles that the rows name.
const ARTICLES: [&str; 5] = ["cleaning-the-list", "five-ways-of-users", "continuity", "deleting-smtp", "adding-users"];

/// Names of the tests in a source text.
fn tests(source: &str) -> BTreeSet<String> {
    let file = syn::parse_file(source).unwrap();
    let is_test = |f: &syn::ItemFn| f.attrs.iter().any(|a| a.path().segments.last().is_some_and(|s| s.ident == "test"));
    file.items.iter().filter_map(|i| if let syn::Item::Fn(f) = i { is_test(f).then(|| f.sig.ident.to_string()) } else { None }).collect()
}

#[test]
fn every_sentence_has_its_test_and_every_test_its_sentence() {
    let mut numbers = BTreeSet::new();
    for (area, table, source) in AREAS.iter().copied() {
        let written = tests(source);
        let mut named = BTreeSet::new();
        for row in csv::Reader::from_reader(table.as_bytes()).records() {
            let row = row.unwrap();
            let (number, article, says, test) = (&row[0], &row[1], &row[2], &row[3]);
            assert!(numbers.insert(number.to_owned()), "{area}: row {number} twice");
            assert!(ARTICLES.contains(&article), "{area} {number}: no article `{article}`");
            assert!(!says.is_empty() && written.contains(test), "{area} {number}: no test `{test}`");
            named.insert(test.to_owned());
        }
        let left: Vec<_> = written.difference(&named).collect();
        assert!(left.is_empty(), "{area}: tests without a row: {left:?}");
    }
    assert!(numbers.len() >= 60, "{} sentences", numbers.len());
}
