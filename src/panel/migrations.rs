//! The steps that bring a panel's database to this version: the files of `migrations/`, in the order of their numbers.
//!
//! They are listed by hand and not through sqlx's macro: the macro makes every build compile SQLite and the driver a second
//! time, for the compiler's own use. A file that stands in the folder and not here fails a test.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Number, what it brings, and its text. What was once released is never edited: sqlx compares checksums.
const STEPS: [(i64, &str, &str); 6] = [
    (1, "panel", include_str!("migrations/0001_panel.sql")),
    (2, "outbound", include_str!("migrations/0002_outbound.sql")),
    (3, "directory", include_str!("migrations/0003_directory.sql")),
    (4, "filter", include_str!("migrations/0004_filter.sql")),
    (5, "continuity", include_str!("migrations/0005_continuity.sql")),
    (10, "frozen", include_str!("migrations/0010_frozen.sql")),
];

/// All steps, ready to be run.
#[must_use]
pub(crate) fn all() -> Migrator {
    let step = |(version, brings, text): (i64, &'static str, &'static str)| {
        Migration::new(version, brings.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(STEPS.into_iter().map(step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_step() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/panel/migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let named: Vec<String> = STEPS.iter().map(|(version, brings, _)| format!("{version:04}_{brings}.sql")).collect();
        assert_eq!(files, named);
    }
}
