//! Tests of the planner, a file for each subject; the names say which sentence of the law is shown.

mod continuity;
mod converge;
mod directories;
mod flights;
mod generate;
mod growth;
mod heads;
mod looks;
mod names;
mod order;
mod outbound;
mod passwords;
mod people;
mod reading;
mod renames;
mod tombstones;

use looks::{all_go, blocked, brief, step, texts};
