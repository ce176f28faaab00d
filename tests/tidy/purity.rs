//! Purity: the floors below `port` know no async, clock, environment, files, network or randomness; only the
//! command line prints.
//!
//! Time and chance are arguments there. Test code is exempt. Names are judged as written: a wrapper in a higher room is
//! kept out by the floors.

use crate::source::{self, Breach, Source};

/// Rooms that are pure.
const PURE: &[&str] = &["base", "model", "wire", "config", "resolve", "plan", "render"];

/// Paths that no pure room names, anywhere in a path, and what each brings in.
const BANNED: &[(&[&str], &str)] = &[
    (&["std", "fs"], "files"),
    (&["std", "env"], "the environment"),
    (&["std", "process"], "processes"),
    (&["std", "*"], "everything"),
    (&["io", "stdin"], "a stream"),
    (&["io", "stdout"], "a stream"),
    (&["io", "stderr"], "a stream"),
    (&["SystemTime"], "the clock"),
    (&["Instant"], "the clock"),
    (&["Timestamp", "now"], "the clock"),
    (&["Zoned", "now"], "the clock"),
    (&["RandomState"], "randomness"),
    (&["Uuid", "now_v7"], "clock and randomness"),
    (&["Uuid", "new_v4"], "randomness"),
];

/// Crates that no pure room names, and what each brings in.
const BANNED_CRATES: &[(&str, &str)] = &[
    ("fastrand", "randomness"),
    ("futures", "async"),
    ("getrandom", "randomness"),
    ("rand", "randomness"),
    ("reqwest", "the network"),
    ("tempfile", "files"),
    ("tokio", "async"),
];

/// All of `std::net` that is a value and no call.
const NET_VALUES: &[&str] = &["IpAddr", "Ipv4Addr", "Ipv6Addr", "AddrParseError"];

/// Macros that write to a stream and panic when it is closed: the command line alone decides how to print.
const PRINTING: &[&str] = &["println", "eprintln", "print", "eprint", "dbg"];

/// What pure rooms must not name.
pub fn impure<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources.filter(|s| s.room().is_some_and(|room| PURE.contains(&room))) {
        for found in source.facts.asyncs.iter().filter(|f| !f.test) {
            breaches.push(source.breach(found.line, format!("{} in a pure room", found.what)));
        }
        for path in source.facts.paths.iter().filter(|p| !p.test) {
            if let Some(what) = banned(&path.what) {
                breaches.push(source.breach(path.line, format!("`{}` brings {what} into a pure room", path.what.join("::"))));
            }
        }
    }
    breaches
}

/// Printing outside of the command line.
pub fn printing<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources.filter(|s| s.room().is_some_and(|room| room != "cli") || s.path == "src/lib.rs") {
        for called in source.facts.macros.iter().filter(|m| !m.test && PRINTING.contains(&m.what.as_str())) {
            breaches.push(source.breach(called.line, format!("`{}!` outside of cli: return text, the command line prints", called.what)));
        }
    }
    breaches
}

fn banned(path: &[String]) -> Option<&'static str> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    if names.starts_with(&["std", "net"]) && !names.get(2).is_some_and(|name| NET_VALUES.contains(name)) {
        return Some("the network");
    }
    if names == ["std", "self"] {
        return Some("everything under another name");
    }
    if names.len() > 1
        && let Some((_, what)) = BANNED_CRATES.iter().find(|(name, _)| *name == names[0])
    {
        return Some(what);
    }
    BANNED.iter().find(|(words, _)| names.windows(words.len()).any(|window| window == *words)).map(|(_, what)| *what)
}

#[test]
fn pure_rooms_are_pure() {
    source::none(&impure(source::src()));
}

#[test]
fn only_the_command_line_prints() {
    source::none(&printing(source::src()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_impurity_is_seen() {
        for text in [
            "async fn f() {}",
            "fn f() { let x = async {}; }",
            "trait T { async fn f(); }",
            "macro_rules! m { () => { x.await } }",
            "use std::{fs, io};",
            "fn f() { let _ = std::env::var(\"X\"); }",
            "use std::net::TcpStream;",
            "use std::net;",
            "use std as s;",
            "use tokio::sync::Mutex;",
            "use tokio;",
            "use rand as chance;",
            "use std::io::{Read, stdin};",
            "type C = reqwest::Client;",
            "use std::time::{Duration, SystemTime};",
            "fn f() { g(Instant::now()); }",
            "fn f() { h!(Timestamp::now()); }",
            "fn f() { jiff::Timestamp::now(); }",
            "fn f() { fastrand::u8(..); }",
            "fn f(b: &mut [u8]) { getrandom::fill(b); }",
        ] {
            let found = impure(source::planted(&[("src/plan/x.rs", text)]).iter());
            assert_eq!(found.len(), 1, "`{text}`: {found:?}");
            assert!(impure(source::planted(&[("src/engine/x.rs", text)]).iter()).is_empty(), "the engine may: `{text}`");
        }
    }

    #[test]
    fn values_and_tests_pass() {
        for text in [
            "use std::net::IpAddr; use std::time::Duration; use std::future::Future;",
            "trait Clock { fn now(&self) -> Timestamp; } fn f(c: &dyn Clock) { c.now(); }",
            "#[cfg(test)] mod tests { fn f() { std::fs::read(\"x\"); println!(); } }",
            "fn f(rand: u64, stdout: &mut String) -> u64 { g(rand, stdout) } macro_rules! m { () => { pub(crate) fn h() {} } }",
            "const V: &str = env!(\"CARGO_PKG_VERSION\"); /// std::fs\nfn f(instant: u8) {}",
        ] {
            let files = source::planted(&[("src/base/x.rs", text)]);
            assert!(impure(files.iter()).is_empty() && printing(files.iter()).is_empty(), "`{text}`");
        }
    }

    #[test]
    fn printing_is_seen_outside_of_cli() {
        for text in ["fn f() { println!(\"x\"); }", "fn f() { anstream::eprintln!(); }", "macro_rules! m { () => { dbg!(1) } }"] {
            assert_eq!(printing(source::planted(&[("src/engine/x.rs", text)]).iter()).len(), 1, "`{text}`");
            assert!(printing(source::planted(&[("src/cli/x.rs", text)]).iter()).is_empty(), "`{text}`");
        }
    }
}
