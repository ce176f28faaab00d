//! [`Live`]: a pure model of a panel, with the refusals of a careful one. The interpreter of steps for properties.

use crate::base::address::domain_part;
use crate::base::{DomainName, TenantName};
use crate::model::observed::LiveTenant;
use crate::model::{Field, Key, Kind, LiveFacts, LiveHead, LiveUser, Object, Origin, UserKind, UserStatus, Value};
use crate::plan::build::texts;
use crate::plan::testing::case::{full, moment};
use crate::plan::{Action, Cause, Plan, Step, Verdict};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Everything live of one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// The tenant.
    pub tenant: Option<LiveTenant>,
    /// Its password policy.
    pub policy: Option<LiveHead>,
    /// Its domains by name.
    pub domains: BTreeMap<String, LiveHead>,
    /// Continuity by domain.
    pub continuity: BTreeMap<String, LiveHead>,
    /// Its users by address.
    pub users: BTreeMap<String, LiveUser<'static>>,
    next: u64,
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

impl Live {
    /// A tenant `acme` without anything in it.
    pub fn new() -> Self {
        let created_at = Some(moment("2025-01-01T00:00:00Z"));
        let tenant = LiveTenant { id: "4711".into(), name: "acme".into(), change_mark: Some("1".into()), created_at, frozen: false };
        Self { tenant: Some(tenant), policy: None, domains: BTreeMap::new(), continuity: BTreeMap::new(), users: BTreeMap::new(), next: 1 }
    }
    fn id(&mut self) -> String {
        self.next += 1;
        format!("id{}", self.next)
    }
    fn head(&mut self, kind: Kind, name: &str, attrs: BTreeMap<Field, Value>) -> LiveHead {
        let key = Key::new(&TenantName::parse("acme").unwrap(), kind, name);
        LiveHead {
            key,
            incarnation: Some(self.id()),
            version: Some("1".into()),
            attrs,
            created_at: Some(moment("2025-06-01T00:00:00Z")),
            facts: LiveFacts::None,
        }
    }
    /// Adds a domain with the destination that the fixture declares.
    pub fn add_domain(&mut self, name: &str, relay_check: &str, aliases: &[&str]) {
        let attrs = BTreeMap::from([
            (Field::DomainDestination, Value::List(vec!["mx.test.example:25".into()])),
            (Field::DomainRelayCheck, Value::text(relay_check)),
            (Field::DomainAliasDomains, Value::Set(aliases.iter().map(|a| (*a).to_owned()).collect())),
        ]);
        let head = self.head(Kind::Domain, name, attrs);
        self.domains.insert(name.to_owned(), head);
    }
    /// Continuity of a domain: what is switched on and bought.
    pub fn add_continuity(&mut self, domain: &str, enabled: bool, term: Option<&str>) {
        let mut attrs =
            BTreeMap::from([(Field::ContinuityEnabled, Value::Switch(enabled)), (Field::ContinuityOutgoing, Value::Switch(true))]);
        attrs.extend(term.map(|t| (Field::ContinuityTerm, Value::text(t))));
        let head = self.head(Kind::Continuity, domain, attrs);
        self.continuity.insert(domain.to_owned(), head);
    }
    /// Adds a mailbox of manual origin.
    pub fn add_user(&mut self, name: &str, aliases: &[&str]) -> &mut LiveUser<'static> {
        let address = full(name);
        let live = LiveUser {
            address: Cow::Owned(address.clone()),
            incarnation: Some(Cow::Owned(self.id())),
            version: Some("1".into()),
            first_name: "".into(),
            last_name: "".into(),
            aliases: aliases.iter().map(|a| Cow::Owned(full(a))).collect(),
            kind: UserKind::Mailbox,
            status: UserStatus::Active,
            group: "".into(),
            origin: Origin::Manual,
            billable: true,
            created_at: Some(moment("2025-06-01T00:00:00Z")),
            mails_30d: Some(0),
            last_mail_at: None,
            access: None,
        };
        self.users.entry(address).or_insert(live)
    }
    /// A live user.
    pub fn user(&mut self, name: &str) -> &mut LiveUser<'static> {
        self.users.get_mut(&full(name)).unwrap()
    }
    /// What a listing shows.
    pub fn objects(&self, kind: Kind, domain: Option<&DomainName>) -> Vec<Object<'static>> {
        match kind {
            Kind::Tenant => self.tenant.iter().cloned().map(Object::Tenant).collect(),
            Kind::PasswordPolicy => self.policy.iter().cloned().map(Object::Head).collect(),
            Kind::Domain => self.domains.values().cloned().map(Object::Head).collect(),
            Kind::User => {
                let here = |u: &&LiveUser<'static>| domain.is_none_or(|d| domain_part(&u.address) == d.as_str());
                self.users.values().filter(here).cloned().map(Object::User).collect()
            }
            Kind::Continuity => domain.and_then(|d| self.continuity.get(d.as_str())).into_iter().cloned().map(Object::Head).collect(),
            Kind::Directory | Kind::Discovery | Kind::SendingDomain | Kind::SmtpUser => Vec::new(),
        }
    }
    /// All accepted addresses: users and aliases.
    pub fn names(&self) -> BTreeSet<String> {
        let all = self.users.values().flat_map(|u| std::iter::once(&u.address).chain(&u.aliases));
        all.map(|n| n.clone().into_owned()).collect()
    }

    /// Carries out every step that goes, in the order of the plan's batches. Returns the steps that were made.
    ///
    /// # Panics
    /// Where the panel would refuse a step: then the plan is wrong.
    pub fn apply(&mut self, plan: &Plan) -> Vec<Step> {
        self.apply_first(plan, usize::MAX)
    }
    /// As [`Live::apply`], cut short after so many steps.
    pub fn apply_first(&mut self, plan: &Plan, most: usize) -> Vec<Step> {
        let mut made = Vec::new();
        for step in plan.batched().into_iter().flat_map(|b| b.steps) {
            if made.len() == most {
                break;
            }
            if plan.verdict(step.id) == Verdict::Go {
                self.make(&step).unwrap_or_else(|why| {
                    panic!(
                        "{} {}: {why}\n{:#?}",
                        step.action.word(),
                        step.key,
                        plan.steps
                            .iter()
                            .map(|s| (
                                s.action.word(),
                                s.key.to_string(),
                                s.why.clone(),
                                s.changes.iter().filter(|c| c.field == Field::UserAliases).map(|c| format!("{:?}", c)).collect::<String>()
                            ))
                            .collect::<Vec<_>>()
                    )
                });
                made.push(step);
            }
        }
        made
    }

    fn make(&mut self, step: &Step) -> Result<(), String> {
        match step.key.kind {
            Kind::Tenant => {
                self.tenant = Live::new().tenant;
                Ok(())
            }
            Kind::PasswordPolicy => {
                let mut head = self.policy.take().unwrap_or_else(|| self.head(Kind::PasswordPolicy, "acme", BTreeMap::new()));
                head.attrs.extend(step.changes.iter().filter_map(|c| Some((c.field, c.after.clone()?))));
                self.policy = Some(head);
                Ok(())
            }
            Kind::Domain => self.make_domain(step),
            Kind::User => self.make_user(step),
            other => Err(format!("no steps on a {other}")),
        }
    }

    fn make_domain(&mut self, step: &Step) -> Result<(), String> {
        let name = step.key.name.clone();
        let attrs = step.changes.iter().filter_map(|c| Some((c.field, c.after.clone()?)));
        match step.action {
            Action::Create => {
                let attrs = attrs.collect();
                let head = self.head(Kind::Domain, &name, attrs);
                refuse(self.domains.insert(name, head).is_some(), "the domain is there")
            }
            Action::Update => {
                let head = self.domains.get_mut(&name).ok_or("no such domain")?;
                check(step, head.incarnation.as_deref(), head.version.as_deref())?;
                head.attrs.extend(attrs);
                head.version = Some(format!("{}+", head.version.clone().unwrap_or_default()));
                Ok(())
            }
            Action::Delete => {
                self.users.retain(|a, _| domain_part(a) != name);
                refuse(self.domains.remove(&name).is_none(), "no such domain")
            }
            other => Err(format!("no {} of a domain", other.word())),
        }
    }

    fn make_user(&mut self, step: &Step) -> Result<(), String> {
        let name = step.key.name.clone();
        match (&step.action, &step.why) {
            (Action::Create, _) => {
                self.free(&name, None)?;
                self.add_user(&name, &[]);
                self.set(&name, step)
            }
            (Action::Update, _) => {
                self.expect(&name, step)?;
                self.set(&name, step)
            }
            (Action::Delete, _) => {
                self.expect(&name, step)?;
                self.users.remove(&name);
                Ok(())
            }
            (Action::Rename, Cause::Renamed { from }) => {
                self.expect(from, step)?;
                self.free(&name, Some(from))?;
                let mut user = self.users.remove(from).ok_or("no such user")?;
                user.address = Cow::Owned(name.clone());
                user.aliases.retain(|a| *a != name);
                self.users.insert(name.clone(), user);
                self.set(&name, step)
            }
            (Action::Move, Cause::Moved { from }) => {
                self.expect(&name, step)?;
                let moved = texts(step.changes[0].after.as_ref());
                let giver = self.users.get_mut(&from.name).ok_or("no such giver")?;
                let before = giver.aliases.len();
                giver.aliases.retain(|a| !moved.contains(a.as_ref()));
                refuse(giver.aliases.len() + moved.len() != before, "the giver has it not")?;
                giver.version = giver.version.clone().map(|v| v + "+");
                let taker = self.user(&name);
                taker.aliases.extend(moved.into_iter().map(Cow::Owned));
                taker.version = taker.version.clone().map(|v| v + "+");
                Ok(())
            }
            (other, why) => Err(format!("no {} of a user because of {why:?}", other.word())),
        }
    }

    fn expect(&self, name: &str, step: &Step) -> Result<(), String> {
        let user = self.users.get(name).ok_or("no such user")?;
        check(step, user.incarnation.as_deref(), user.version.as_deref())
    }

    /// Whether a name is nobody's, or `of`'s own; and in a domain that is there.
    fn free(&self, name: &str, of: Option<&str>) -> Result<(), String> {
        let holds = |u: &&LiveUser<'_>| u.address == name || u.aliases.iter().any(|a| a == name);
        let taken = self.users.values().find(holds).filter(|u| Some(u.address.as_ref()) != of);
        refuse(taken.is_some(), &format!("{name} is taken"))?;
        let part = domain_part(name);
        let alias = |h: &LiveHead| matches!(h.attrs.get(&Field::DomainAliasDomains), Some(Value::Set(s)) if s.contains(part));
        refuse(!self.domains.contains_key(part) && !self.domains.values().any(alias), &format!("{name} is in no domain"))
    }

    fn set(&mut self, name: &str, step: &Step) -> Result<(), String> {
        for change in &step.changes {
            let after = change.after.clone().ok_or("nothing to set")?;
            let Value::Set(aliases) = &after else {
                let user = self.user(name);
                let Value::Text(text) = after else { return Err("no text".into()) };
                match change.field {
                    Field::UserFirstName => user.first_name = text.into(),
                    Field::UserLastName => user.last_name = text.into(),
                    Field::UserKind => user.kind = UserKind::parse(&text).ok_or("no kind")?,
                    Field::UserStatus => user.status = UserStatus::parse(&text).ok_or("no status")?,
                    other => return Err(format!("cannot set {other}")),
                }
                continue;
            };
            for alias in aliases {
                self.free(alias, Some(name))?;
            }
            self.user(name).aliases = aliases.iter().cloned().map(Cow::Owned).collect();
        }
        let user = self.user(name);
        user.version = user.version.clone().map(|v| v + "+");
        Ok(())
    }
}

fn check(step: &Step, incarnation: Option<&str>, version: Option<&str>) -> Result<(), String> {
    let only_if = &step.only_if;
    refuse(only_if.incarnation.is_some() && only_if.incarnation.as_deref() != incarnation, "another incarnation")?;
    refuse(only_if.version.is_some() && only_if.version.as_deref() != version, "another version")
}

fn refuse(wrong: bool, why: &str) -> Result<(), String> {
    if wrong { Err(why.to_owned()) } else { Ok(()) }
}
