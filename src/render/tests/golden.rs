//! Expected texts as files. `MAILWRIGHT_OVERWRITE=1 cargo test` writes them anew; then read the diff.

use std::path::PathBuf;

/// Compares a text with its file under `tests/data/render/`.
pub fn check(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/render").join(name);
    if std::env::var_os("MAILWRIGHT_OVERWRITE").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}; MAILWRIGHT_OVERWRITE=1 writes it", path.display()));
    assert!(expected == text, "{} differs; this is the text now:\n{text}", path.display());
}
