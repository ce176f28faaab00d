//! Paths that files name: relative to the naming file, inside the workspace, with `/` (S19.2, DESIGN 5).
//!
//! `..` is resolved here, on the text; one that leads out of the workspace is refused. Deliberately absent: looking at
//! the disk. The store that opens the file refuses symbolic links that lead out.

/// Why a path was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nothing was written, or nothing but dots.
    #[error("the path names no file")]
    Empty,
    /// It starts at the root of a disk or at a home folder.
    #[error("`{0}` is an absolute path; paths stay inside the workspace")]
    Absolute(String),
    /// It leads out of the workspace.
    #[error("`{0}` leads out of the workspace")]
    Outside(String),
    /// `\` instead of `/`.
    #[error("the path uses `\\`; write `/` on every system")]
    Backslash,
    /// A name that is a device on some systems.
    #[error("`{0}` is the name of a device")]
    Device(String),
    /// A character that cannot be seen.
    #[error("the path contains the invisible character U+{0:04X}")]
    Invisible(u32),
}

impl PathError {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            PathError::Empty => "name a file, relative to this one",
            PathError::Absolute(_) | PathError::Outside(_) => "put the file into the workspace and name it relative to this file",
            PathError::Backslash => "replace each `\\` by `/`",
            PathError::Device(_) => "give the file another name",
            PathError::Invisible(_) => "remove the character, or rename the file",
        }
    }
}

/// Names that Windows opens as devices, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The path relative to the workspace of what `base_file` calls `written`; both with `/`, the result without `.` and `..`.
///
/// # Errors
/// [`PathError`] says why it is refused.
pub fn join(base_file: &str, written: &str) -> Result<String, PathError> {
    if let Some(c) = written.chars().find(|&c| crate::base::printable::is_invisible(c)) {
        return Err(PathError::Invisible(u32::from(c)));
    }
    let drive = written.as_bytes().get(1) == Some(&b':') && written.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if written.starts_with(['/', '~']) || drive || written.starts_with("\\\\") {
        return Err(PathError::Absolute(written.to_owned()));
    }
    if written.contains('\\') {
        return Err(PathError::Backslash);
    }
    let mut parts: Vec<&str> = base_file.split('/').collect();
    parts.pop();
    let folder = parts.len();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop().ok_or_else(|| PathError::Outside(written.to_owned()))?),
            name if is_device(name) => return Err(PathError::Device(name.to_owned())),
            name => parts.push(name),
        }
    }
    let names_something = written.rsplit('/').next().is_some_and(|last| !matches!(last, "" | "." | ".."));
    if !names_something || (parts.is_empty() && folder == 0) {
        return Err(PathError::Empty);
    }
    Ok(parts.join("/"))
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    let numbered = (stem.starts_with("com") || stem.starts_with("lpt")) && stem.len() == 4 && stem.ends_with(|c: char| c.is_ascii_digit());
    numbered || DEVICES.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_naming_file() {
        assert_eq!(join("tenants/acme.toml", "users.csv").as_deref(), Ok("tenants/users.csv"));
        assert_eq!(join("tenants/acme/main.toml", "./lists//a.csv").as_deref(), Ok("tenants/acme/lists/a.csv"));
        assert_eq!(join("tenants/acme/main.toml", "../common.csv").as_deref(), Ok("tenants/common.csv"));
        assert_eq!(join("mailwright.toml", ".mailwright").as_deref(), Ok(".mailwright"));
    }

    #[test]
    fn what_leads_out_is_refused() {
        assert_eq!(join("tenants/acme.toml", "../../x.csv"), Err(PathError::Outside("../../x.csv".into())));
        assert_eq!(join("mailwright.toml", "a/../../tenants/x.csv"), Err(PathError::Outside("a/../../tenants/x.csv".into())));
        assert_eq!(join("a.toml", "/etc/passwd"), Err(PathError::Absolute("/etc/passwd".into())));
        assert_eq!(join("a.toml", "C:/users.csv"), Err(PathError::Absolute("C:/users.csv".into())));
        assert_eq!(join("a.toml", "~/users.csv"), Err(PathError::Absolute("~/users.csv".into())));
        assert_eq!(join("a.toml", "lists\\users.csv"), Err(PathError::Backslash));
        assert_eq!(join("a.toml", "NUL.csv"), Err(PathError::Device("NUL.csv".into())));
        assert_eq!(join("a.toml", "com1"), Err(PathError::Device("com1".into())));
        assert_eq!(join("a.toml", ""), Err(PathError::Empty));
        assert_eq!(join("a/b.toml", ".."), Err(PathError::Empty));
        assert_eq!(join("a.toml", "lists/"), Err(PathError::Empty));
        assert_eq!(join("a.toml", "us\u{200b}ers.csv"), Err(PathError::Invisible(0x200b)));
    }
}
