//! What Modoboa refuses of what is declared, said before anything is sent (wave four).
//!
//! Single values are refused by [`super::capabilities`]; here stands what two of them say together.

use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::model::{Authority, RelayCheck};
use crate::resolve::Desired;

/// A domain that would both pass mail on and host it, or neither.
pub const HOSTS_OR_RELAYS: RuleDoc = RuleDoc {
    id: RuleId("MW0410"),
    severity: Severity::Error,
    title: "a domain on Modoboa either hosts mailboxes or passes mail on",
    doc: "With `relay_check = \"control-panel\"` Modoboa delivers to its own mailboxes: there is no destination. With \
          `relay_check = \"smtp\"` it passes mail on to the destination and asks there for each recipient.",
    example: "[domains.\"acme.example\"]\ndestination = \"mx.acme.example:25\"\nrelay_check = \"control-panel\"",
    fix: "Remove `destination` where the mailboxes are on Modoboa, or write `relay_check = \"smtp\"`.",
};
/// All rules of this driver.
pub const RULES: &[RuleDoc] = &[HOSTS_OR_RELAYS];

/// Findings of what Modoboa refuses.
pub fn audit(desired: &Desired) -> Findings {
    let mut findings = Findings::new();
    let tenant = desired.heads.name();
    for (name, domain) in &desired.heads.domains {
        if desired.heads.heads_authority(Some(name)) == Authority::Observe {
            continue;
        }
        let sent_on = domain.destination.as_ref().filter(|list| !list.value.is_empty());
        let check = domain.relay_check.as_ref();
        match (sent_on, check.map(|c| c.value)) {
            (Some(list), Some(RelayCheck::ControlPanel)) => {
                let title = format!("{name} has a destination and `relay_check = \"control-panel\"`: on Modoboa it is one or the other");
                findings.push(HOSTS_OR_RELAYS.finding(title).at(list.span, "passed on").fix(HOSTS_OR_RELAYS.fix).of(tenant));
            }
            (None, Some(RelayCheck::Smtp)) if domain.destination.is_some() => {
                let title = format!("{name} has `relay_check = \"smtp\"` and no destination that could be asked");
                findings.push(HOSTS_OR_RELAYS.finding(title).at(domain.at, "").fix("Write its destination.").of(tenant));
            }
            (_, _) => {}
        }
    }
    findings
}
