//! Tests of reading files as a person meets them: typical mistakes with place and remedy, good files, schemas.

mod assembled;
mod mistakes;
mod mistakes_syntax;
mod schema_walk;
mod support;
