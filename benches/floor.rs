//! A floor to measure beside: the least that a no-op plan can cost. Reads declared users from TOML or CSV and live users
//! from pages of JSON in a file, compares them by hash, and prints how many are equal, different, missing and left over.
//!
//! It neither validates nor keeps positions nor speaks HTTP nor renders: a stick, not a template.
//! `cargo bench --bench floor -- toml|csv USERS PAGES.ndjson` prints the counts; time it as a whole process.

use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::hash::Hasher;
use std::io::{self, BufRead, BufReader, Read, Write};

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    items: Vec<Live<'a>>,
}

#[derive(Deserialize)]
struct Live<'a> {
    #[serde(borrow)]
    address: Cow<'a, str>,
    #[serde(borrow)]
    first_name: Cow<'a, str>,
    #[serde(borrow)]
    last_name: Cow<'a, str>,
    #[serde(borrow)]
    aliases: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    status: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Tables {
    users: Vec<Table>,
}

#[derive(Deserialize)]
struct Table {
    address: String,
    first_name: String,
    last_name: String,
    aliases: Vec<String>,
    kind: String,
    status: String,
}

/// Two hashes of a user: of its address, and of all else.
fn digest<'a>(address: &str, texts: [&str; 4], aliases: impl Iterator<Item = &'a str>) -> (u64, u64) {
    let hash = |text: &str| {
        let mut hasher = siphasher::sip::SipHasher13::new_with_keys(1, 2);
        hasher.write(text.as_bytes());
        hasher.finish()
    };
    let sum = texts.iter().enumerate().fold(0u64, |sum, (i, text)| sum.wrapping_mul(31).wrapping_add(hash(text)).wrapping_add(i as u64));
    (hash(address), aliases.fold(sum, |sum, alias| sum.wrapping_add(hash(alias))))
}

fn csv(path: &str, want: &mut HashMap<u64, u64>) -> io::Result<()> {
    let mut reader = csv::ReaderBuilder::new().from_path(path).map_err(io::Error::other)?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(io::Error::other)? {
        let cell = |i: usize| record.get(i).unwrap_or("");
        let (key, rest) = digest(cell(0), [cell(1), cell(2), cell(4), cell(5)], cell(3).split(' ').filter(|a| !a.is_empty()));
        want.insert(key, rest);
    }
    Ok(())
}

/// The file in pieces of about 64 KiB, cut before a `[[users]]` line, each parsed by the TOML library.
fn toml(path: &str, want: &mut HashMap<u64, u64>) -> io::Result<()> {
    let mut file = fs::File::open(path)?;
    let (mut text, mut buffer) = (Vec::new(), vec![0u8; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        text.extend_from_slice(&buffer[..read]);
        let cut = if read == 0 { text.len() } else { memchr::memmem::rfind(&text, b"\n[[users]]").map_or(0, |at| at + 1) };
        let piece = std::str::from_utf8(&text[..cut]).map_err(io::Error::other)?;
        if let Some(first) = piece.find("[[users]]") {
            let tables: Tables = toml::from_str(&piece[first..]).map_err(io::Error::other)?;
            for t in tables.users {
                let aliases = t.aliases.iter().map(String::as_str);
                let (key, rest) = digest(&t.address, [&t.first_name, &t.last_name, &t.kind, &t.status], aliases);
                want.insert(key, rest);
            }
        }
        text.drain(..cut);
        if read == 0 {
            return Ok(());
        }
    }
}

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [how, users, pages] = args.as_slice() else {
        return writeln!(io::stderr(), "floor toml|csv USERS PAGES.ndjson");
    };
    let mut want = HashMap::new();
    match how.as_str() {
        "toml" => toml(users, &mut want)?,
        _ => csv(users, &mut want)?,
    }
    let declared = want.len();
    let (mut equal, mut differs, mut undeclared) = (0u64, 0u64, 0u64);
    let mut lines = BufReader::with_capacity(1 << 18, fs::File::open(pages)?);
    let mut line = String::new();
    while lines.read_line(&mut line)? > 0 {
        let page: Page<'_> = serde_json::from_str(&line).map_err(io::Error::other)?;
        for live in &page.items {
            let texts = [&*live.first_name, &*live.last_name, &*live.kind, &*live.status];
            let (key, rest) = digest(&live.address, texts, live.aliases.iter().map(|a| &**a));
            match want.get(&key) {
                Some(have) if *have == rest => equal += 1,
                Some(_) => differs += 1,
                None => undeclared += 1,
            }
        }
        line.clear();
    }
    writeln!(io::stdout(), "declared {declared} equal {equal} differs {differs} undeclared {undeclared}")
}
