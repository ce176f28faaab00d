//! A provider's token is in no output, no error, no journal, no plan file, no trace: plain, base64, hex, URL-encoded (S10.1).

use crate::support::binary::{Ran, command};
use crate::support::engine::workspace;
use crate::support::served::Served;
use std::fmt::Write as _;
use std::path::Path;

/// Strange on purpose: every form of it differs from the plain one.
const UNKNOWN: &str = "s3cret/T+ken%=&unknown?";

const TENANT: &str = r#"schema = "mailwright/v1"
[tenant]
name = "acme"
provider = "edge"
create = true
[domains."acme.example"]
destination = "mx.acme.example:25"
relay_check = "control-panel"
[[users]]
address = "jane@acme.example"
"#;

fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |all, b| all << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            out.push(alphabet[(bits >> (18 - 6 * at) & 63) as usize] as char);
        }
    }
    out
}

/// The token in every form in which it could get out.
pub fn forms(token: &str) -> Vec<String> {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let standard: [u8; 64] = format!("{letters}+/").into_bytes().try_into().unwrap();
    let url: [u8; 64] = format!("{letters}-_").into_bytes().try_into().unwrap();
    let (mut hex, mut encoded) = (String::new(), String::new());
    for byte in token.bytes() {
        write!(hex, "{byte:02x}").unwrap();
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(byte as char);
        } else {
            write!(encoded, "%{byte:02X}").unwrap();
        }
    }
    // In the middle of other bytes base64 depends on the offset: the three forms without their open ends.
    let shifted = |alphabet: &[u8; 64]| -> Vec<String> {
        let bytes = token.as_bytes();
        (0..3).map(|at| base64(&bytes[at..at + (bytes.len() - at) / 3 * 3], alphabet)).collect()
    };
    let mut all = vec![token.to_owned(), hex.to_uppercase(), hex, encoded.clone(), encoded.to_lowercase(), encoded.replace("%20", "+")];
    all.extend(shifted(&standard));
    all.extend(shifted(&url));
    all
}

pub fn texts(dir: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for path in std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
        if path.is_dir() {
            texts(&path, into);
        } else {
            into.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

pub fn holds(bytes: &[u8], form: &str) -> bool {
    bytes.windows(form.len()).any(|w| w == form.as_bytes())
}

#[test]
fn the_forms_are_what_they_say() {
    let forms = forms("a/b c");
    for form in ["a/b c", "612f622063", "612F622063", "a%2Fb%20c", "a%2fb%20c", "YS9i"] {
        assert!(forms.iter().any(|f| f == form), "{form}: {forms:?}");
    }
}

#[test]
fn no_output_and_no_file_holds_a_token() {
    let dir = tempfile::tempdir().unwrap();
    // The database is elsewhere: only what mailwright itself writes is searched.
    let served = tempfile::tempdir().unwrap();
    let panel = Served::start(served.path(), &[]);
    std::fs::create_dir(dir.path().join("tenants")).unwrap();
    std::fs::write(dir.path().join("mailwright.toml"), workspace(&panel.url)).unwrap();
    std::fs::write(dir.path().join("tenants/acme.toml"), TENANT).unwrap();
    let token = Served::token(served.path(), &["--write"]);
    let reader = Served::token(served.path(), &[]);
    let mut said: Vec<(String, Vec<u8>)> = Vec::new();
    let mut run = |args: &[&str], token: &str, code: i32| {
        let ran = Ran::from(command(dir.path(), args).current_dir(dir.path()).env("T", token).output().unwrap());
        assert_eq!(ran.code, code, "{args:?}: {}{}", ran.out, ran.err);
        said.push((format!("stdout of {args:?}"), ran.out.into_bytes()));
        said.push((format!("stderr of {args:?}"), ran.err.into_bytes()));
    };
    run(&["plan", "-vvv"], UNKNOWN, 5);
    run(&["apply", "--yes", "-vvv"], UNKNOWN, 5);
    run(&["import", "acme", "-vvv"], UNKNOWN, 5);
    run(&["validate", "-vvv"], &token, 0);
    run(&["apply", "--yes", "-vvv"], &reader, 1);
    run(&["plan", "-vvv", "-o", "json=plan.json", "-o", "markdown=plan.md", "-o", "text=plan.txt"], &token, 2);
    run(&["plan", "-o", "json"], &token, 2);
    run(&["diff", "-vvv"], &token, 2);
    run(&["apply", "--yes", "-vvv", "--receipts", "receipts.jsonl", "-o", "json=applied.json"], &token, 0);
    run(&["drift", "-vvv", "-o", "json"], &token, 0);
    run(&["import", "acme", "--print", "-vvv"], &token, 0);
    // A URL that is no panel's: whatever it answers, it was sent a token.
    std::fs::write(dir.path().join("mailwright.toml"), workspace(&panel.url.replace("/v1", "/v9"))).unwrap();
    run(&["plan", "-vvv"], &token, 5);
    assert_eq!(panel.interrupt().code(), Some(0));
    run(&["plan", "-vvv"], &token, 5);
    texts(dir.path(), &mut said);
    assert!(said.iter().any(|(name, bytes)| name.ends_with("/journal") && !bytes.is_empty()), "a journal was searched");
    assert!(said.len() >= 30, "{}", said.len());
    for secret in [UNKNOWN, &token, &reader] {
        for form in forms(secret) {
            for (name, bytes) in &said {
                assert!(!holds(bytes, &form), "{name} holds a token as `{form}`");
            }
        }
    }
}
