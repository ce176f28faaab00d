//! The one row per driver. A new driver is a line here and a line in `mod.rs`; everything else finds it through this table.

use crate::drivers::{DriverRow, modoboa, panel};

/// Every driver, in the order in which the matrix shows them.
pub const REGISTRY: &[DriverRow] = &[panel::ROW, modoboa::ROW];

/// The driver of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static DriverRow> {
    REGISTRY.iter().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_unique_and_say_who_they_are() {
        for row in REGISTRY {
            assert_eq!(REGISTRY.iter().filter(|r| r.name == row.name).count(), 1);
            let capabilities = (row.capabilities)();
            assert_eq!((capabilities.driver, capabilities.origin.as_str()), (row.name, ""));
            assert!(find(row.name).is_some() && !row.about.is_empty());
        }
        assert!(find("nobody").is_none());
    }
}
