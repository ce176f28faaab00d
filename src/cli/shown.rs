//! What the engine tells, as `render` takes it; findings and faults on stderr.

use crate::base::{TenantName, Timestamp};
use crate::cli::failure::Failure;
use crate::cli::output::{Format, as_json};
use crate::cli::terminal::Terminal;
use crate::engine::{Planned, Trouble};
use crate::render::text::TextOptions;
use crate::render::view::{self, Given, RunView};
use crate::render::{Styles, findings, json, markdown, text};
use std::collections::BTreeMap;

/// How a plan is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct Looks {
    /// Nothing is folded.
    pub full: bool,
    /// Undeclared addresses are listed.
    pub undeclared: bool,
    /// It is not part of an apply.
    pub nothing_written: bool,
}

/// A run as `render` takes it.
pub struct Shown<'a> {
    /// What was planned.
    pub planned: &'a Planned,
    troubles: BTreeMap<TenantName, String>,
    now: Timestamp,
}

impl<'a> Shown<'a> {
    /// At the present moment.
    #[must_use]
    pub fn new(planned: &'a Planned, now: Timestamp) -> Self {
        let troubles = planned.troubles.iter().map(|(name, trouble)| (name.clone(), words(trouble))).collect();
        Self { planned, troubles, now }
    }
    /// What a view is made from.
    #[must_use]
    pub fn given(&self) -> Given<'_> {
        let Planned { source, plans, findings, excerpts, exits, exit, elapsed, .. } = self.planned;
        Given { source, plans, troubles: &self.troubles, findings, excerpts, exits, exit: exit.0, elapsed: *elapsed, now: self.now }
    }
    /// The view of the plans.
    #[must_use]
    pub fn view(&self) -> RunView {
        view::run(&self.given())
    }
    /// Tenants without plan, in words.
    #[must_use]
    pub fn troubles(&self) -> &BTreeMap<TenantName, String> {
        &self.troubles
    }
    /// The plans in a form; `plain` for files.
    ///
    /// # Errors
    /// A defect of ours: JSON that cannot be written.
    pub fn draw(&self, terminal: Terminal, format: Format, plain: bool, looks: Looks) -> Result<String, Failure> {
        let Planned { plans, exits, findings: found, excerpts, .. } = self.planned;
        Ok(match format {
            Format::Text => text::plan(&self.view(), text_options(terminal, plain, looks)),
            Format::Json => as_json(&json::plan_file(plans, exits, self.now))?,
            Format::Markdown => markdown::plan(&self.view(), &findings::findings(found, excerpts, Styles::plain(), 110)),
        })
    }
    /// Findings, and why nothing could be planned, on stderr.
    pub fn tell(&self, terminal: Terminal) {
        let drawn = findings::findings(&self.planned.findings, &self.planned.excerpts, terminal.talk_styles(), terminal.width());
        if !drawn.is_empty() {
            terminal.complain(&drawn);
        }
        for name in &self.planned.vanished {
            terminal.error(&format!(
                "tenant {name} is known from earlier runs and no file names it now, so nothing is sent (S9.1)\n\
                 if its file was lost, bring it back; if it shall no longer be managed, write in mailwright.toml\n\n\
                 [[released]]\ntenant = \"{name}\"\nreason = \"…\"\n"
            ));
        }
        if let Some(fault) = &self.planned.fault {
            terminal.error(&fault.to_string());
        }
    }
}

/// How text is laid out here.
#[must_use]
pub fn text_options(terminal: Terminal, plain: bool, looks: Looks) -> TextOptions {
    let styles = if plain { Styles::plain() } else { terminal.styles() };
    let Looks { full, undeclared, nothing_written } = looks;
    TextOptions { width: terminal.width(), styles, full, undeclared, nothing_written }
}

fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Findings => "findings of severity error concern it; they are told above".to_owned(),
        Trouble::Local(fault) => fault.to_string(),
        Trouble::Provider(reason) => format!("its panel cannot be used: {reason}"),
        Trouble::Bug(text) => format!("a defect of mailwright was found and nothing was written, please report it: {text}"),
    }
}
