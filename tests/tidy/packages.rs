//! Packages: what must never be in the lock file, with the reason.

use crate::source;

/// Packages that would bring a second TLS stack or a C library that the machine would have to have.
const BANNED: &[(&str, &str)] = &[
    ("aws-lc-sys", "rustls uses ring here; a default feature of some crate brought it in"),
    ("aws-lc-rs", "rustls uses ring here; a default feature of some crate brought it in"),
    ("openssl-sys", "TLS is rustls; a default feature of some crate brought it in"),
];

fn banned(lock: &str) -> Vec<String> {
    let lock: toml::Table = lock.parse().expect("Cargo.lock is TOML");
    let packages = lock["package"].as_array().expect("Cargo.lock lists packages");
    let names: Vec<&str> = packages.iter().map(|p| p["name"].as_str().expect("a package has a name")).collect();
    assert!(names.contains(&"mailwright"), "Cargo.lock is not ours: {} packages", names.len());
    let found = BANNED.iter().filter(|(name, _)| names.contains(name));
    found.map(|(name, why)| format!("Cargo.lock: {name}: {why} (see `cargo tree -i {name}`)")).collect()
}

#[test]
fn one_tls_stack_and_no_system_library() {
    let found = banned(&source::read(&source::root().join("Cargo.lock")));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_banned_package_is_seen() {
    let lock = "[[package]]\nname = \"mailwright\"\n\n[[package]]\nname = \"openssl-sys\"\nversion = \"0.9.0\"\n";
    assert_eq!(banned(lock).len(), 1);
}
