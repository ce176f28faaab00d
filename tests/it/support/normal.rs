//! What differs from run to run, made the same: ids, times, durations, folders, ports, versions.

use std::path::Path;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A text with `[id]`, `[when]`, `[time]`, `[DIR]`, `[port]`, `[version]` in the places of what changes.
pub fn normal(text: &str, dir: &Path) -> String {
    let real = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let text = text.replace(&real.display().to_string(), "[DIR]").replace(&dir.display().to_string(), "[DIR]");
    let text = text.replace(concat!("mailwright ", env!("CARGO_PKG_VERSION")), "mailwright [version]");
    text.split_inclusive('\n').map(line).collect()
}

fn line(line: &str) -> String {
    let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
    let words: Vec<String> = body.split(' ').map(word).collect();
    let mut out: Vec<String> = Vec::new();
    for word in words {
        out.push(word);
        shorten(&mut out);
    }
    format!("{}{end}", out.join(" "))
}

/// Joins words at the end that only together are a time.
fn shorten(out: &mut Vec<String>) {
    let number = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_digit() || c == '.');
    let tail: Vec<&str> = out.iter().rev().take(4).map(String::as_str).collect();
    let (keep, new) = match tail.as_slice() {
        ["ms" | "s", n, ..] if number(n) => (2, "[time]"),
        ["now", "just", "created" | "asked", ..] => (2, "[ago]"),
        ["ago", "min" | "s" | "h" | "[time]", n, ..] if number(n) => (3, "[ago]"),
        ["ago", "[time]", ..] => (2, "[ago]"),
        ["UTC", clock, month, day, ..] if clock.contains(':') && MONTHS.contains(month) && number(day) => (4, "[when]"),
        ["UTC", clock, "today", ..] if clock.contains(':') => (3, "[when]"),
        // as Modoboa writes it
        ["a.m." | "p.m.", _, day, ..] if day.split('/').count() == 3 => (3, "[when]"),
        ["noon" | "midnight", day, ..] if day.split('/').count() == 3 => (2, "[when]"),
        _ => return,
    };
    out.truncate(out.len() - keep);
    out.push(new.to_owned());
}

/// Ids, moments and ports inside a word.
fn word(word: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '_');
    let mut out = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let plain = rest.find(part).unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
        let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
        out.push_str(&token(&rest[..end]));
        rest = &rest[end..];
    }
    out
}

fn token(token: &str) -> String {
    let core = token.trim_end_matches(['.', ':', '-']);
    let tail = &token[core.len()..];
    let hex = |t: &str| t.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    let uuid = |t: &str| t.len() == 36 && t.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && hex(&t.replace('-', ""));
    if (core.len() == 8 || core.len() == 64) && hex(core) {
        return format!("[id]{tail}");
    }
    if uuid(core) {
        return format!("[uuid]{tail}");
    }
    if core.parse::<jiff::Timestamp>().is_ok() {
        return format!("[when]{tail}");
    }
    if let Some(port) = core.strip_prefix("127.0.0.1:").filter(|p| p.parse::<u16>().is_ok_and(|p| p > 1)) {
        return token.replace(port, "[port]");
    }
    if let Some(labels) = minted(core) {
        return format!("{labels}{tail}");
    }
    // An approval's file: acme-7f3a91c2.toml
    match core.rsplit_once('-').map(|(name, id)| (name, id.strip_suffix(".toml"))) {
        Some((name, Some(id))) if id.len() == 8 && hex(id) => format!("{name}-[id].toml{tail}"),
        _ => token.to_owned(),
    }
}

/// What an embedded panel mints: labels of CNAME records, user names.
fn minted(core: &str) -> Option<String> {
    let letters =
        |t: &str, n: usize| t.len() == n && t.chars().all(|c| c.is_ascii_lowercase() && c != 'l' && c != 'o' || ('2'..='9').contains(&c));
    if core.strip_prefix("smtp-").is_some_and(|name| letters(name, 16)) {
        return Some("smtp-[user]".to_owned());
    }
    let labels: Vec<&str> = core.split('.').collect();
    let is_minted = labels.len() > 2 && core.ends_with(".example") && labels.iter().any(|l| letters(l, 12));
    is_minted.then(|| labels.iter().map(|l| if letters(l, 12) { "[label]" } else { l }).collect::<Vec<_>>().join("."))
}

#[test]
fn what_changes_is_made_the_same() {
    let dir = Path::new("/no/such/folder");
    for (text, same) in [
        ("Plan acme 486e7959 · 1 to add.", "Plan acme [id] · 1 to add."),
        ("4 requests · 49 ms\n", "4 requests · [time]\n"),
        ("created just now · billable", "created [ago] · billable"),
        ("a.n53j4r54266c.dkim.relay.mailwright.example. applications", "a.[label].dkim.relay.mailwright.example. applications"),
        ("of smtp-h8ut3f4awgterdhh ends", "of smtp-[user] ends"),
        ("created 9 min ago", "created [ago]"),
        ("approved until 6 Dec 12:17 UTC", "approved until [when]"),
        ("by user other, 11/22/2026 10:17 p.m. (the panel's log)", "by user other, [when] (the panel's log)"),
        ("by user other, 11/22/2026 noon (the panel's log)", "by user other, [when] (the panel's log)"),
        ("at 2026-11-01T00:00:00Z; plan", "at [when]; plan"),
        ("http://127.0.0.1:8123/v1", "http://127.0.0.1:[port]/v1"),
        ("approvals/acme-6aada406.toml", "approvals/acme-[id].toml"),
        ("error: /no/such/folder/x is", "error: [DIR]/x is"),
        ("id = \"01a20328-96a1-7121-89e2-70358ac0e7d5\"", "id = \"[uuid]\""),
    ] {
        assert_eq!(normal(text, dir), same);
    }
}
