//! Who holds a domain name at the panel: as a domain of its own, or as alias domain of another.

use crate::model::{Field, Reason};
use crate::plan::build::draft::texts;
use crate::plan::build::ground::Ground;

/// The state of a name that a domain wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// Nobody in this tenant has it.
    Free,
    /// It is an alias domain of a declared domain whose alias domains are written without it: freed first.
    FreedBy(String),
    /// Somebody has it, and it is not ours to take.
    Held(Reason),
}

impl Ground<'_> {
    /// Who holds `name`, asked for `taker`.
    pub(super) fn domain_name(&self, name: &str, taker: &str) -> Name {
        for head in self.live_domains().filter(|h| h.key.name != taker) {
            if head.key.name == name {
                let remedy = "it is a domain of its own there; remove that first".to_owned();
                return Name::Held(Reason::NameHeld { name: name.into(), holder: head.key.to_string(), remedy });
            }
            if texts(head.attrs.get(&Field::DomainAliasDomains)).contains(name) {
                return self.alias_domain_of(name, &head.key.name);
            }
        }
        Name::Free
    }

    fn alias_domain_of(&self, name: &str, holder: &str) -> Name {
        let declared = self.heads().domains.iter().find(|(n, _)| n.as_str() == holder);
        let written = declared.and_then(|(_, d)| d.alias_domains.as_ref());
        let frees = written.is_some_and(|w| w.value.iter().all(|a| a.as_str() != name));
        let observed = declared.is_some_and(|(n, _)| self.heads_authority(Some(n)) == crate::model::Authority::Observe);
        if frees && !observed && !self.is_ignored(&self.key(crate::model::Kind::Domain, holder)) {
            return Name::FreedBy(holder.to_owned());
        }
        let remedy = if observed {
            "that domain is under `observe`".to_owned()
        } else {
            "write `alias_domains` of that domain without it".to_owned()
        };
        Name::Held(Reason::NameHeld { name: name.into(), holder: format!("domain/{holder}"), remedy })
    }
}
