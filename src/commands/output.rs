//! Shows what commands that write files do, and asks whether they may.

use anyhow::Result;

use crate::apply::apply;
use crate::error::{Exit, Failure};
use crate::plan::Plan;
use crate::{prompt, ui};

/// The flags of a command that carries a plan out.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Output {
    /// Show what would be written and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print what is written as JSON
    #[arg(long)]
    pub json: bool,
}

impl Output {
    /// Carries `plan` out, or only shows it, and tells so: to people under `title`, or to programs as JSON.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub fn carry_out(self, plan: &Plan, title: &str) -> Result<()> {
        if !self.dry_run {
            apply(plan)?;
        }
        if self.json {
            ui::data(format!("{:#}", ui::plan_as_json(plan, !self.dry_run)));
        } else if self.dry_run {
            ui::preview(plan);
        } else {
            ui::done(title, plan);
            ui::next_steps(&plan.next);
        }
        Ok(())
    }
}

/// Shows `plan` and asks `question`.
///
/// # Errors
///
/// If nobody may be asked (exit code 3): `open` says what is to be decided.
pub fn ask(plan: &Plan, may_ask: bool, open: &str, question: &str) -> Result<bool> {
    if !may_ask || !prompt::is_possible() {
        return Err(
            Failure::new(format!("{open}, and nobody is there to say so"))
                .hint("--dry-run shows it, --yes does it")
                .exit(Exit::Unanswered)
                .into(),
        );
    }
    ui::changes(plan);
    prompt::confirm(question)
}
