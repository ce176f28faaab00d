//! `mailwright approve`: writes an approval of a plan's gated steps into `approvals/`.

use crate::base::ExitCode;
use crate::cli::args::Global;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::write;
use crate::cli::plan_files;
use crate::cli::session::{Session, Wanted, with_session};
use crate::cli::shown::Shown;
use crate::cli::terminal::Terminal;
use crate::engine::Wish;
use crate::plan::{Plan, Verdict, approval_for};
use clap::Args;

const EXAMPLES: &str = "Examples:
  mailwright approve plan.json --reason 'mailboxes moved to the new host'
  mailwright approve acme 7f3a91c2 --reason 'agreed with the customer' --days 3
Then commit approvals/: review makes the approver's name true.";

/// Fewest digits of a plan id: what a plan shows (S5.2).
const ID_DIGITS: usize = 8;

/// Options of `approve`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ApproveArgs {
    /// A plan file, or a tenant with the id of its plan
    #[arg(value_name = "PLANFILE|TENANT")]
    pub what: String,
    /// The plan's id as `plan` shows it; the tenant is planned again to find it
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// Who; otherwise the user of this machine
    #[arg(long)]
    pub approver: Option<String>,
    /// Days for which it holds; 3 at most for what cannot be undone
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=14))]
    pub days: u32,
}

/// Writes it.
///
/// # Errors
/// A plan that is not found or has no gated step; no approver; a file that is there already.
pub fn run(args: &ApproveArgs, global: &Global, terminal: Terminal) -> Ended {
    let by_user = || std::env::var("USER").ok().filter(|u| !u.is_empty());
    let approver = args.approver.clone().or_else(by_user).ok_or_else(|| Failure::new("say who approves: --approver NAME"))?;
    if args.reason.trim().is_empty() {
        return Err(Failure::new("say why: --reason TEXT"));
    }
    with_session(global, terminal, &Wanted::default(), async |session| {
        let plans = find(args, &session, terminal).await?;
        let gated = |p: &&Plan| p.steps.iter().any(|s| matches!(p.verdict(s.id), Verdict::Gated { .. }));
        let gated: Vec<&Plan> = plans.iter().filter(gated).collect();
        if gated.is_empty() {
            return Err(Failure::new("no step of it needs an approval"));
        }
        for plan in gated {
            let file = session.root.join("approvals").join(format!("{}-{}.toml", plan.tenant, plan.id.short()));
            if file.exists() {
                return Err(Failure::new(format!("{} is there already; remove it to approve anew", file.display())));
            }
            let folder = session.root.join("approvals");
            std::fs::create_dir_all(&folder).map_err(|e| Failure::file(&folder, "made", &e))?;
            let head = "#:schema ../schemas/approvals.schema.json\nschema = \"mailwright/v1\"\n\n";
            let text = approval_for(plan, args.reason.trim(), approver.trim(), session.now(), args.days);
            write(&file, &format!("{head}{text}"))?;
            terminal.print(&format!("{}\n", file.strip_prefix(&session.root).unwrap_or(&file).display()));
        }
        terminal.say("look at what it approves and commit it; then: mailwright apply");
        Ok(ExitCode::Done)
    })
}

async fn find(args: &ApproveArgs, session: &Session, terminal: Terminal) -> Result<Vec<Plan>, Failure> {
    let Some(id) = &args.id else {
        if !plan_files::is_plan_file(&args.what) {
            return Err(Failure::new(format!("name the plan, too: mailwright approve {} ID; `mailwright plan` shows it", args.what)));
        }
        let saved = plan_files::read(&args.what)?;
        if session.now() > saved.expires {
            return Err(Failure { text: format!("the plan file expired at {}; plan again", saved.expires), code: ExitCode::Stale });
        }
        return Ok(saved.plans);
    };
    if id.len() < ID_DIGITS {
        return Err(Failure::new(format!("a plan id has at least {ID_DIGITS} digits")));
    }
    let planned = session.engine.plan(&Wish { tenants: vec![args.what.clone()], ..Wish::default() }).await;
    Shown::new(&planned, session.now()).tell(terminal);
    match planned.plans.into_iter().next() {
        Some(plan) if plan.id.to_string().starts_with(id.as_str()) => Ok(vec![plan]),
        Some(plan) => {
            let text = format!("the plan of {} is {} now, not {id}: look at it again", plan.tenant, plan.id.short());
            Err(Failure { text, code: ExitCode::Stale })
        }
        None => Err(Failure { text: format!("{} could not be planned", args.what), code: planned.exit.0 }),
    }
}
