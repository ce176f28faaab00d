//! A step: one change of one object, with all that is needed to judge, show and carry it out.

use crate::base::digest::{Digest, Encoder};
use crate::base::{ProviderName, SecretRef, Timestamp};
use crate::model::observed::SourcePos;
use crate::model::user::INVITE;
use crate::model::{Evidence, Field, Key, Kind, Origin, Reason, Sink, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The digest of a step (S5.2); the same step of another run has the same id.
pub type StepId = Digest;

/// What is done to the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It comes to be.
    Create,
    /// Attributes change.
    Update,
    /// An address moves to it from another declared object (S4.5): the key is the taker.
    Move,
    /// Its address changes and what hangs on it stays (S4.4).
    Rename,
    /// It goes.
    Delete,
    /// The panel mints an identity and a credential.
    Mint,
    /// A credential is replaced.
    Reset,
    /// It is blocked before it goes (S9.3).
    Block,
    /// It costs money by a term (later).
    Buy,
    /// A person must do it (S6.5).
    HandOff,
}

impl Action {
    /// The word in output and approvals.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Move => "move",
            Action::Rename => "rename",
            Action::Delete => "delete",
            Action::Mint => "mint",
            Action::Reset => "reset",
            Action::Block => "block",
            Action::Buy => "buy",
            Action::HandOff => "hand-off",
        }
    }
}

/// How dangerous (S7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Risk {
    /// Only reads.
    R0,
    /// Adds.
    R1,
    /// Changes, and can be changed back.
    R2,
    /// Deletes, stops mail or can lock people out.
    R3,
    /// Cannot be undone, mints an identity again, or costs money by a term.
    R4,
}

/// One attribute before and after. Secrets show as tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Which.
    pub field: Field,
    /// What is live; `None` where the object is not there yet or the attribute is write-only.
    pub before: Option<Value>,
    /// What shall be; `None` in a delete.
    pub after: Option<Value>,
}

impl Change {
    /// Whether it asks a user by a mail to choose a password.
    #[must_use]
    pub fn is_invite(&self) -> bool {
        self.field == Field::UserPassword && matches!(&self.after, Some(Value::Token(token)) if token == INVITE)
    }
}

/// Why the step is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "cause")]
pub enum Cause {
    /// It is declared there.
    Declared,
    /// A default reaches it (S2.3).
    Default,
    /// `add-delete-old`: the list is the whole list and does not name it.
    WholeList {
        /// The list in words.
        list: String,
    },
    /// A tombstone.
    Removed {
        /// Its day.
        since: String,
        /// Its reason.
        reason: Option<String>,
    },
    /// A declared rename.
    Renamed {
        /// The address before.
        from: String,
    },
    /// An address moves between declared objects.
    Moved {
        /// The object that has it now.
        from: Key,
    },
    /// It was accepted and did not become effective in its window (S6.3).
    Overdue,
}

/// The stage of another step that must be reached (S6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The panel took it.
    Accepted,
    /// It shows in reads.
    Visible,
    /// It acts.
    Effective,
}

/// An ordering edge with its cause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Edge {
    /// The step that must come first.
    #[schemars(with = "String")]
    pub step: StepId,
    /// How far it must have come.
    pub stage: Stage,
    /// Why, in a few words: "a domain before its users".
    pub why: String,
}

/// What must hold at the panel for the call to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Precondition {
    /// The version that was observed, for If-Match.
    pub version: Option<String>,
    /// The incarnation that was observed (S4.2); a namesake of another is not touched.
    pub incarnation: Option<String>,
    /// The object must not be there.
    pub absent: bool,
    /// The object is read again immediately before the call (every delete).
    pub reread: bool,
    /// A login must not have signed in after this moment, as read again (S9.3).
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub quiet_since: Option<Timestamp>,
}

/// What is known of the live object, for people; not in the digest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Facts {
    /// Where it came from.
    pub origin: Option<Origin>,
    /// Whether it costs money.
    pub billable: Option<bool>,
    /// Mails of the last 30 days.
    pub mails_30d: Option<u64>,
    /// The last mail.
    #[schemars(with = "Option<String>")]
    pub last_mail_at: Option<Timestamp>,
    /// When it was created.
    #[schemars(with = "Option<String>")]
    pub created_at: Option<Timestamp>,
    /// Number of aliases.
    pub aliases: Option<u64>,
    /// What an object that goes was: its backup (S11.3).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub was: BTreeMap<Field, Value>,
}

/// A step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Its digest.
    #[schemars(with = "String")]
    pub id: StepId,
    /// What is done.
    pub action: Action,
    /// To what.
    pub key: Key,
    /// The attributes that change, by field.
    pub changes: Vec<Change>,
    /// On which provider.
    #[schemars(with = "String")]
    pub provider: ProviderName,
    /// How dangerous.
    pub risk: Risk,
    /// Why it is there.
    pub why: Cause,
    /// What must come first.
    pub after: Vec<Edge>,
    /// What must hold.
    pub only_if: Precondition,
    /// Where it is declared.
    pub at: Option<SourcePos>,
    /// Addresses that stop receiving mail by it (S7.4), sorted.
    pub stops: BTreeSet<String>,
    /// Deletions that it counts for (S7.3): addresses.
    pub counted: BTreeSet<String>,
    /// Whether it always needs approval, however small (S7.3).
    pub always_approved: bool,
    /// Evidence that its approval must name, with what it says: (name, text).
    pub evidence: Vec<(Evidence, String)>,
    /// What is known of the live object.
    pub facts: Facts,
    /// Sentences for people: consequences, what is lost, gaps.
    pub notes: Vec<String>,
    /// For a hand-off: who does it and what to send.
    pub hand_off: Option<String>,
    /// Where the secrets of its changes are to be had when it is carried out; not in the digest, where their tokens are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
    pub secrets: BTreeMap<Field, SecretRef>,
    /// Where the credential goes that the step mints (S10.4). Not in the digest: it is no attribute of the panel.
    #[serde(default)]
    pub sink: Option<Sink>,
}

impl Step {
    /// The digest of S5.2: encoding version, panel origin, tenant, kind, key, incarnation, action and the changes
    /// (a delete: key and incarnation only).
    #[must_use]
    pub fn digest(origin: &str, key: &Key, incarnation: Option<&str>, action: Action, changes: &[Change]) -> StepId {
        let mut e = Encoder::new("mailwright step");
        e.text(origin).text(key.tenant.as_str()).text(key.kind.word()).text(&key.name);
        match incarnation {
            Some(id) => e.number(1).text(id),
            None => e.number(0),
        };
        e.text(action.word());
        if action != Action::Delete {
            let mut sorted: Vec<&Change> = changes.iter().collect();
            sorted.sort_by_key(|c| c.field);
            e.number(sorted.len() as u64);
            for change in sorted {
                e.text(&change.field.to_string());
                for side in [&change.before, &change.after] {
                    match side {
                        Some(value) => value.encode(e.number(1)),
                        None => drop_number(&mut e),
                    }
                }
            }
        }
        e.finish()
    }
    /// By what the object that this step mints is known again at the panel: the same text in every run that declares
    /// the same (S10.4).
    #[must_use]
    pub fn operation_tag(&self) -> String {
        operation_tag(self.id)
    }
    /// The object as a read port finds it: an SMTP user by the panel's id, because its name in files is ours alone.
    #[must_use]
    pub fn live_key(&self) -> Key {
        match (&self.only_if.incarnation, self.key.kind) {
            (Some(id), Kind::SmtpUser) => Key { name: id.clone(), ..self.key.clone() },
            (_, _) => self.key.clone(),
        }
    }
    /// For a rename: the address before.
    #[must_use]
    pub fn renamed_from(&self) -> Option<&str> {
        if let Cause::Renamed { from } = &self.why { Some(from) } else { None }
    }
    /// For a move: the object that has the address now.
    #[must_use]
    pub fn moved_from(&self) -> Option<&Key> {
        if let Cause::Moved { from } = &self.why { Some(from) } else { None }
    }
    /// Whether it sends its user a request-password mail.
    #[must_use]
    pub fn sends_mail(&self) -> bool {
        self.action != Action::HandOff && self.changes.iter().any(Change::is_invite)
    }
    /// Whether its effect deletes or stops something and so falls under budgets.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        !self.counted.is_empty()
    }
}

/// The operation tag of a step with this digest: half of it in hex, which is short enough for every panel.
#[must_use]
pub fn operation_tag(id: StepId) -> String {
    id.to_string()[..32].to_owned()
}

fn drop_number(e: &mut Encoder) {
    e.number(0);
}

/// Steps that go in one call. The id in journal and answer stays per step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Batch {
    /// Whether it is one bulk call (S14).
    pub bulk: bool,
    /// Its steps, in the order of the plan.
    pub steps: Vec<Step>,
}

impl Batch {
    /// Whether it is an import of the whole list (`add-delete-old`, S14): a bulk call that does more than create.
    #[must_use]
    pub fn replaces(&self) -> bool {
        self.bulk && self.steps.iter().any(|s| s.action != Action::Create)
    }
}

/// Until when or whom a step waits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "until")]
pub enum Until {
    /// Another step's stage.
    Edge {
        /// The step.
        #[schemars(with = "String")]
        step: StepId,
        /// Why.
        why: String,
        /// The latest moment, where a window tells.
        #[schemars(with = "Option<String>")]
        at: Option<Timestamp>,
    },
    /// A moment.
    Moment {
        /// When.
        #[schemars(with = "String")]
        at: Timestamp,
    },
    /// A person (S6.5).
    Person {
        /// Who, and what to do.
        who: String,
        /// Since when, by our clock; `None` where neither panel nor memory tells.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        since: Option<Timestamp>,
    },
}

/// Why an approval is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "gate")]
pub enum Gate {
    /// It always needs one (S7.3), or it is R4.
    Always {
        /// What in words: "change of relay check".
        what: String,
    },
    /// Over its budget, emptied or shrunk: the evidence to be named.
    Guard {
        /// What the approval must name.
        evidence: Evidence,
        /// Why.
        reason: Reason,
    },
}

/// What may become of a step (S5.3). Not in its digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Verdict {
    /// It goes, with a yes.
    Go,
    /// It is not sent yet.
    Waiting(Until),
    /// It needs an approval; all gates that hold it.
    Gated {
        /// The gates; at least one.
        gates: Vec<Gate>,
    },
    /// No approval can lift it.
    Blocked(Reason),
}
