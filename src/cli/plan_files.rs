//! Plan files on disk: `apply FILE` and `approve FILE` read what `plan --output json=FILE` wrote.

use crate::base::TenantName;
use crate::cli::failure::Failure;
use crate::plan::{PLAN_FILE_SCHEMA, PlanFile};
use std::path::Path;

/// Largest plan file that is read, in bytes: a plan of a million steps takes less.
const PLAN_FILE_BYTES: u64 = 2 << 30;

/// Whether a word of the command line means a file: no tenant can have a dot or a slash in its name.
#[must_use]
pub fn is_plan_file(word: &str) -> bool {
    TenantName::parse(word).is_err() || (Path::new(word).is_file() && word.contains(['.', '/']))
}

/// Reads one.
///
/// # Errors
/// A file that cannot be read, is none of ours, or is of another version.
pub fn read(path: &str) -> Result<PlanFile, Failure> {
    let file = Path::new(path);
    let fail = |e: &std::io::Error| Failure::file(file, "read as plan file", e);
    if std::fs::metadata(file).map_err(|e| fail(&e))?.len() > PLAN_FILE_BYTES {
        return Err(Failure::new(format!("{path} is larger than {PLAN_FILE_BYTES} bytes: this is no plan file")));
    }
    let text = std::fs::read_to_string(file).map_err(|e| fail(&e))?;
    #[derive(serde::Deserialize)]
    struct Head {
        schema: String,
    }
    let head: Head = serde_json::from_str(&text).map_err(|e| Failure::new(format!("{path} is no plan file: {e}")))?;
    if head.schema != PLAN_FILE_SCHEMA {
        let said = crate::base::printable::printable_short(&head.schema, 60);
        return Err(Failure::new(format!("{path} says `{said}` and this program reads `{PLAN_FILE_SCHEMA}`; plan again")));
    }
    serde_json::from_str(&text).map_err(|e| Failure::new(format!("{path} is a damaged plan file: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_and_files_are_told_apart() {
        assert!(is_plan_file("plan.json") && is_plan_file("./out/plan") && !is_plan_file("acme"));
    }

    #[test]
    fn what_is_no_plan_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("plan.json");
        let read_text = |text: &str| {
            std::fs::write(&file, text).unwrap();
            read(file.to_str().unwrap()).unwrap_err().text
        };
        assert!(read_text("nonsense").contains("is no plan file"));
        assert!(read_text(r#"{"schema":"mailwright/plan/v9"}"#).contains("plan again"));
        assert!(read_text(r#"{"schema":"mailwright/plan/v1"}"#).contains("damaged"));
        assert!(read("/no/such/plan.json").is_err());
    }
}
