//! Nanoseconds per user of cutting and decoding rows, from memory, in blocks as in production.
//!
//! `cargo bench --bench rows -- [USERS] [REPEATS]`. Prints the best and the middle of the repeats, in time on the processor. Deliberately absent:
//! files, resolving, and a verdict; compare with other programs in one run, because machines differ.

#![expect(clippy::unwrap_used, reason = "a measuring program may stop")]

use mailwright::base::limits::{BLOCK_BYTES, ROW_BYTES};
use mailwright::base::{FileId, Findings};
use mailwright::config::{RawRow, RowBlock, RowShape, SplitText, Splitter, csv_layout, decode_rows, whole_rows};
use std::fmt::Write as _;
use std::hint::black_box;
use std::ops::Range;
use std::time::Instant;

const FIRST: [&str; 4] = ["Anna", "Boris", "Müller", "Katya"];
const LAST: [&str; 4] = ["Almeida", "Bianchi", "Kowalski", "Quist"];
const KINDS: [&str; 3] = ["mailbox", "forward", "list"];

fn toml(users: usize) -> String {
    let mut out = String::from("schema = \"mailwright/v1\"\n\n[tenant]\nname = \"acme\"\n\n");
    for i in 0..users {
        let (first, last, kind, domain) = (FIRST[i % 4], LAST[i / 4 % 4], KINDS[i % 3], i / 250);
        let _ = write!(
            out,
            "[[users]]\naddress = \"anna.almeida{i:07}@tenant{domain:05}.example\"\nfirst_name = \"{first}\"\nlast_name = \"{last}\"\n\
             aliases = [\"aa{i:07}@tenant{domain:05}.example\", \"anna.almeida{i:07}.alt@tenant{domain:05}.example\"]\n\
             status = \"active\"\nkind = \"{kind}\"\n\n"
        );
    }
    out
}

fn csv(users: usize, quotes: bool) -> String {
    let mut out = String::from("address,first_name,last_name,aliases,status,kind\n");
    let quote = if quotes { "\"" } else { "" };
    for i in 0..users {
        let (first, last, kind, domain) = (FIRST[i % 4], LAST[i / 4 % 4], KINDS[i % 3], i / 250);
        let _ = writeln!(
            out,
            "anna.almeida{i:07}@tenant{domain:05}.example,{first},{quote}{last}{quote},\
             aa{i:07}@tenant{domain:05}.example anna.almeida{i:07}.alt@tenant{domain:05}.example,active,{kind}"
        );
    }
    out
}

fn split(text: &[u8]) -> SplitText {
    let (mut splitter, mut findings) = (Splitter::new(FileId(0)), Findings::new());
    text.chunks(BLOCK_BYTES).for_each(|chunk| splitter.feed(chunk, &mut findings));
    let cut = splitter.finish(&mut findings);
    assert!(findings.is_empty());
    cut
}

fn decode(shape: &RowShape, bytes: &[u8], range: Range<usize>) -> usize {
    let (mut rows, mut findings, mut at) = (0, Findings::new(), range.start);
    while at < range.end {
        let end = (at + BLOCK_BYTES + ROW_BYTES).min(range.end);
        let whole = whole_rows(shape, &bytes[at..end], end == range.end);
        let block = RowBlock { file: FileId(0), offset: at as u64, shape, domain: None };
        let mut each = |row: &RawRow<'_>, _: &mut Findings| {
            black_box(row);
            rows += 1;
        };
        decode_rows(&block, &bytes[at..at + whole], &mut findings, &mut each);
        at += whole;
    }
    assert!(findings.is_empty());
    rows
}

/// Seconds that this process spent on a processor, where Linux tells: other programs do not disturb it much.
fn on_cpu() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split(' ').next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
}

fn measure(name: &str, users: usize, bytes: usize, repeats: usize, mut run: impl FnMut() -> usize) {
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..repeats {
        let start = (Instant::now(), on_cpu());
        assert_eq!(run(), users);
        let wall = start.0.elapsed().as_secs_f64();
        times.push(start.1.zip(on_cpu()).map_or(wall, |(before, after)| after - before));
    }
    times.sort_by(f64::total_cmp);
    let per_user = |seconds: f64| seconds * 1e9 / users as f64;
    let (best, middle) = (times[0], times[times.len() / 2]);
    println!(
        "{name:14} {users} users  best {:7.1} ns/user  middle {:7.1}  {:7.0} MB/s",
        per_user(best),
        per_user(middle),
        bytes as f64 / best / 1e6
    );
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|a| a.parse::<usize>().ok());
    let (users, repeats) = (numbers.next().unwrap_or(200_000), numbers.next().unwrap_or(7).max(1));
    let text = toml(users);
    let cut = split(text.as_bytes());
    let range = usize::try_from(cut.ranges[0].start).unwrap()..usize::try_from(cut.ranges[0].end).unwrap();
    measure("TOML cutting", users, text.len(), repeats, || {
        black_box(split(text.as_bytes()));
        users
    });
    measure("TOML decoding", users, text.len(), repeats, || decode(&RowShape::Toml, text.as_bytes(), range.clone()));
    for (name, quotes) in [("CSV decoding", false), ("CSV quoted", true)] {
        let text = csv(users, quotes);
        let layout = csv_layout(text.as_bytes(), FileId(0), &mut Findings::new()).unwrap();
        let from = usize::try_from(layout.rows_from).unwrap();
        let shape = RowShape::Csv(layout);
        measure(name, users, text.len(), repeats, || decode(&shape, text.as_bytes(), from..text.len()));
    }
}
