//! Import: files from what is live (S17.1). From complete scopes only; plans its own text again, which must be empty.

mod gather;
mod heads;
mod tenant;
mod text;
