//! The panel over real HTTP.
