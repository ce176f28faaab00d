//! A panel that says nothing of passwords: memory proves which token is applied, and without it nothing is set (S10.2, S11.2).

use crate::support::engine::{OneSecret, apply, plan};
use mailwright::base::{BoxFuture, PrintKey, TenantName};
use mailwright::config::Provider;
use mailwright::drivers::memory::{Injected, MemoryOptions, MemoryPanel};
use mailwright::engine::clock::SystemClock;
use mailwright::engine::{Connect, Engine, FolderMemory, Offline, Planned, Setup, Unwatched};
use mailwright::model::{Fault, Key, Kind, Value};
use mailwright::port::{Driver, Memory};
use mailwright::store::{MemoryFolder, MemorySource};
use std::path::Path;
use std::sync::Arc;

struct ToMemory(MemoryPanel);

impl Connect for ToMemory {
    fn connect<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        let driver: Box<dyn Driver> = Box::new(self.0.driver(&provider.name));
        Box::pin(async move { Ok(driver) })
    }
    fn offline(&self, _: &Provider) -> Option<Offline> {
        None
    }
    fn drivers(&self) -> Vec<&'static str> {
        vec!["memory"]
    }
}

/// The panel, and a folder in which memory may be.
struct Case {
    panel: MemoryPanel,
    dir: tempfile::TempDir,
}

const HEAD: &str = "schema = \"mailwright/v1\"\n\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n\n\
    [domains.\"acme.example\"]\ndestination = \"mx.acme.example:25\"\nrelay_check = \"control-panel\"\n";

impl Case {
    fn new() -> Self {
        let options = MemoryOptions { tells_access: false, ..MemoryOptions::default() };
        Self { panel: MemoryPanel::new(options, Arc::new(SystemClock)), dir: tempfile::tempdir().unwrap() }
    }
    fn memory(&self) -> std::path::PathBuf {
        self.dir.path().join("memory")
    }
    fn engine(&self, users: &str, memory: &Path, run: &str) -> Engine {
        let workspace = "schema = \"mailwright/v1\"\n\n[providers.edge]\ndriver = \"memory\"\nurl = \"embedded:memory.db\"\n";
        let files = [("mailwright.toml", workspace.to_owned()), ("tenants/acme.toml", format!("{HEAD}{users}"))];
        let (_, interrupted) = tokio::sync::watch::channel(false);
        Engine::new(Setup {
            source: Arc::new(MemorySource::new(files)),
            clock: Arc::new(SystemClock),
            secrets: Arc::new(OneSecret("Correct-Horse-7-Battery".into())),
            sinks: Arc::new(mailwright::store::MemorySinks::default()),
            unattended: false,
            memory: Arc::new(FolderMemory(memory.to_owned())),
            connect: Arc::new(ToMemory(self.panel.clone())),
            progress: Arc::new(Unwatched),
            key: PrintKey(11, 12),
            run: run.to_owned(),
            interrupted,
        })
    }
    fn writes(&self) -> u64 {
        self.panel.calls().1
    }
}

fn jane(password: &str) -> String {
    format!("\n[[users]]\naddress = \"jane@acme.example\"\npassword = {password}\n")
}

fn rotate(token: &str) -> String {
    jane(&format!("{{ env = \"JANE\", rotate = \"{token}\" }}"))
}

fn said(planned: &Planned) -> (usize, bool) {
    let plan = &planned.plans[0];
    (plan.steps.len(), plan.report.notes.iter().any(|n| n.text.contains("cannot be compared")))
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_2_memory_proves_which_token_is_applied() {
    let case = Case::new();
    let memory = case.memory();
    let made = apply(&case.engine(&rotate("2026-10"), &memory, "r1")).await;
    assert_eq!(made.exit.number(), 0, "{:?}", made.planned.plans);
    assert_eq!(said(&plan(&case.engine(&rotate("2026-10"), &memory, "r2")).await), (0, false), "it is applied, and memory knows");
    // somebody else has no memory of it
    let elsewhere = case.dir.path().join("elsewhere");
    assert_eq!(said(&plan(&case.engine(&rotate("2026-11"), &elsewhere, "r3")).await), (0, true));
    let before = case.writes();
    let set = apply(&case.engine(&rotate("2026-11"), &memory, "r4")).await;
    let step = &set.planned.plans[0].steps[0];
    assert_eq!((&step.changes[0].before, set.exit.number()), (&Some(Value::Token("2026-10".into())), 0));
    assert!(case.writes() > before);
    let before = case.writes();
    assert_eq!(apply(&case.engine(&rotate("2026-11"), &memory, "r5")).await.exit.number(), 0);
    assert_eq!(case.writes(), before, "never twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_2_a_set_whose_answer_was_lost_is_made_again_under_its_own_id() {
    let case = Case::new();
    let memory = case.memory();
    assert_eq!(apply(&case.engine(&rotate("1"), &memory, "r1")).await.exit.number(), 0);
    case.panel.inject(|call| {
        let lost = call.what.starts_with("update user/");
        lost.then(|| Injected::After(Fault::OutcomeUnknown { text: "lost".into() }))
    });
    let lost = apply(&case.engine(&rotate("2"), &memory, "r2")).await;
    assert_eq!(lost.exit.number(), 6, "{lost:?}");
    case.panel.heal();
    let open = MemoryFolder::read_only(&memory).recall().unwrap().open;
    assert_eq!(open.len(), 1);
    let again = apply(&case.engine(&rotate("2"), &memory, "r3")).await;
    assert_eq!((again.exit.number(), again.planned.plans[0].steps.len()), (0, 1), "the proof is of the token before");
    assert_eq!(said(&plan(&case.engine(&rotate("2"), &memory, "r4")).await), (0, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_goes_with_its_user_and_ends_with_him() {
    let case = Case::new();
    let memory = case.memory();
    assert_eq!(apply(&case.engine(&rotate("1"), &memory, "r1")).await.exit.number(), 0);
    let renamed = "\n[[renamed]]\nfrom = \"jane@acme.example\"\nto = \"joan@acme.example\"\n";
    let joan = rotate("1").replace("jane@", "joan@");
    let moved = apply(&case.engine(&format!("{joan}{renamed}"), &memory, "r2")).await;
    assert_eq!(moved.exit.number(), 0, "{:?}", moved.planned.plans);
    assert_eq!(said(&plan(&case.engine(&joan, &memory, "r3")).await), (0, false), "his proof went with him");
    // somebody else deletes him and makes another of his name, whose password is anybody's
    let tenant = case.panel.dump().into_keys().next().unwrap();
    let user = case.panel.dump()[&tenant].users["joan@acme.example"].clone();
    case.panel.lose_user(&tenant, "joan@acme.example");
    let born = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    case.panel.seed_user(&tenant, mailwright::drivers::memory::MemoryUser { created_at: born, ..user });
    let joan = rotate("2").replace("jane@", "joan@");
    assert_eq!(said(&plan(&case.engine(&joan, &memory, "r4")).await), (0, true), "of him nothing is proven");
    let key = Key::new(&TenantName::parse("acme").unwrap(), Kind::User, "joan@acme.example");
    assert!(MemoryFolder::read_only(&memory).recall().unwrap().passwords.contains_key(&key));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_asked_by_a_mail_is_not_asked_again() {
    let case = Case::new();
    let memory = case.memory();
    let invite = jane("\"invite\"");
    assert_eq!(apply(&case.engine(&invite, &memory, "r1")).await.exit.number(), 0);
    assert_eq!(said(&plan(&case.engine(&invite, &memory, "r2")).await), (0, false));
    assert_eq!(said(&plan(&case.engine(&rotate("1"), &memory, "r3")).await), (0, true), "the one that he chose is his");
}
