//! Floor 4: the one HTTP client of all drivers, with its rules: one origin, no redirects, limits, deadlines, retries.
