//! How few users an answer may hold before it is taken for a mistake.

/// The floor: what is configured, else four fifths of the users that the directory has brought, and never none.
/// Percentages are rounded up: one of two is not enough.
pub(crate) fn floor(min_users: u64, users: u64) -> u64 {
    if min_users > 0 { min_users } else { (users * 4).div_ceil(5).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_never_none() {
        assert_eq!([floor(0, 0), floor(0, 2), floor(0, 10), floor(0, 2500)], [1, 2, 8, 2000]);
        assert_eq!([floor(5, 2500), floor(5, 0)], [5, 5]);
    }
}
