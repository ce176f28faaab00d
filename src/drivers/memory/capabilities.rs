//! What the panel in memory offers: as much as its options say.

use crate::model::capability::{BulkRule, KindSupport, Offer, Operation, PageRule, ProofRule, Support, UsersBy};
use crate::model::{Capabilities, Field, ImportRule, Kind, Rate, Timetable, Value, Window};
use std::collections::BTreeMap;

/// How the panel behaves. `Default` is the embedded panel's behaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryOptions {
    /// Its origin.
    pub origin: String,
    /// Users listed by domain or by tenant.
    pub users_by: UsersBy,
    /// How listings prove that they are complete.
    pub proof: ProofRule,
    /// Objects of a page.
    pub page_size: u32,
    /// From so many creates a bulk call is made, and how many it takes; `None`: there is none.
    pub bulk: Option<(u32, u32)>,
    /// Lists that are taken at once and act later; `None`: there are none.
    pub imports: Option<ImportRule>,
    /// Whether there are leases.
    pub lease: bool,
    /// Whether users can be renamed natively.
    pub rename: bool,
    /// Whether tenants may be created without being asked to.
    pub creates_tenants: bool,
    /// Whether it tells how users sign in: label and day of a password.
    pub tells_access: bool,
    /// Windows per kind (S6.1).
    pub windows: BTreeMap<Kind, Window>,
    /// How many requests it says that it takes.
    pub rate: Option<Rate>,
}

impl Default for MemoryOptions {
    fn default() -> Self {
        Self {
            origin: "memory".into(),
            users_by: UsersBy::Domain,
            proof: ProofRule::Total,
            page_size: 1000,
            bulk: Some((20, 10_000)),
            imports: None,
            lease: true,
            rename: true,
            creates_tenants: true,
            tells_access: true,
            windows: BTreeMap::new(),
            rate: None,
        }
    }
}

/// The capabilities of a panel with these options.
#[must_use]
pub fn capabilities(options: &MemoryOptions) -> Capabilities {
    let later = Support::HandOff { text: "this panel cannot yet".into() };
    let kind = |support: &Support, whole: bool, rename: bool, incarnation: bool| KindSupport {
        support: support.clone(),
        create: whole,
        delete: whole,
        rename,
        incarnation,
    };
    let managed = Support::Managed;
    let mut kinds: BTreeMap<Kind, KindSupport> = Kind::ALL.into_iter().map(|k| (k, kind(&later, false, false, false))).collect();
    kinds.insert(Kind::Tenant, kind(&managed, true, false, true));
    kinds.insert(Kind::PasswordPolicy, kind(&managed, false, false, false));
    kinds.insert(Kind::Domain, kind(&managed, true, false, true));
    kinds.insert(Kind::Continuity, kind(&managed, false, false, true));
    kinds.insert(Kind::Directory, kind(&managed, true, false, true));
    kinds.insert(Kind::Discovery, kind(&managed, true, false, false));
    kinds.insert(Kind::User, kind(&managed, true, options.rename, true));
    kinds.insert(Kind::SendingDomain, kind(&managed, true, false, true));
    kinds.insert(Kind::SmtpUser, kind(&managed, true, false, true));
    let exact = Offer { idempotency_key: true, precondition: true, proof_of_call: true, atomic: true };
    let mut operations: BTreeMap<Operation, Offer> =
        [Operation::Create, Operation::Update, Operation::Delete, Operation::Move].into_iter().map(|o| (o, exact)).collect();
    if options.rename {
        operations.insert(Operation::Rename, exact);
    }
    if options.bulk.is_some() {
        operations.insert(Operation::Bulk, exact);
    }
    Capabilities {
        origin: options.origin.clone(),
        kinds,
        fields: BTreeMap::from([
            (Field::UserGroup, Support::Absent { text: "this panel has no groups".into() }),
            (Field::SmtpUserDomain, Support::Readable),
            (Field::SmtpUserUsername, Support::Readable),
        ]),
        canonical: same,
        pages: PageRule { size: options.page_size.max(1), proof: options.proof, users_by: options.users_by, in_flight: 4 },
        bulk: options.bulk.map(|(from_creates, most)| BulkRule { from_creates, most, replaces_safely: true }),
        operations,
        windows: options.windows.clone(),
        timetable: Timetable { imports: options.imports.clone(), ..Timetable::default() },
        rate: options.rate,
        lease: options.lease,
        creates_tenants: options.creates_tenants,
        bills_mailboxes: true,
        names_in_alias_domains: true,
        counts_mail: true,
        asks_directories: true,
        probes_catch_all: true,
        tells_access: options.tells_access,
        ..Capabilities::nothing("memory")
    }
}

fn same(_: Field, value: Value) -> Value {
    value
}
