//! Which tenants and objects a command is about: names, selectors, the most dangerous step.

use crate::engine::Wish;
use crate::plan::Risk;
use clap::{Args, ValueEnum};

/// `--only`, `--exclude`, `--max-risk`.
#[derive(Debug, Clone, Default, Args)]
pub struct Choice {
    /// Only these objects: kind/name, with * as wildcard; may be repeated
    #[arg(long, value_name = "SELECTOR", help_heading = "Choice")]
    pub only: Vec<String>,
    /// Not these objects; may be repeated
    #[arg(long, value_name = "SELECTOR", help_heading = "Choice")]
    pub exclude: Vec<String>,
    /// Nothing more dangerous than this
    #[arg(long, value_name = "RISK", help_heading = "Choice", ignore_case = true)]
    pub max_risk: Option<MostRisk>,
}

/// A risk on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum MostRisk {
    /// Only reads
    R0,
    /// Adds
    R1,
    /// Changes that can be changed back
    R2,
    /// Deletes, stops mail or can lock people out
    R3,
    /// Cannot be undone
    R4,
}

impl Choice {
    /// The wish that the engine understands.
    #[must_use]
    pub fn wish(&self, tenants: &[String], undeclared: bool) -> Wish {
        let max_risk = self.max_risk.map(|risk| match risk {
            MostRisk::R0 => Risk::R0,
            MostRisk::R1 => Risk::R1,
            MostRisk::R2 => Risk::R2,
            MostRisk::R3 => Risk::R3,
            MostRisk::R4 => Risk::R4,
        });
        Wish { tenants: tenants.to_vec(), only: self.only.clone(), exclude: self.exclude.clone(), max_risk, undeclared, ..Wish::default() }
    }
}
