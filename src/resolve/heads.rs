//! All tenants' heads: defaults, then every rule that needs no row. All findings at once (wave two).

use crate::base::Findings;
use crate::config::Declared;
use crate::resolve::Heads;
use crate::resolve::defaults::with_defaults;
use crate::resolve::rules::registry::{ACROSS_TENANTS, OF_HEADS};
use crate::resolve::rules::report::Case;

/// Resolves the heads of every tenant. A tenant with errors is among them, too; `Findings::stops` tells which may not go on.
#[must_use]
pub fn heads(declared: &Declared) -> (Vec<Heads>, Findings) {
    let mut findings = Findings::new();
    let workspace = &declared.workspace;
    let all: Vec<Heads> = declared.tenants.values().map(|tenant| with_defaults(workspace, tenant)).collect();
    for (heads, written) in all.iter().zip(declared.tenants.values()) {
        let case = Case { heads, written, workspace };
        OF_HEADS.iter().for_each(|check| check(&case, &mut findings));
    }
    ACROSS_TENANTS.iter().for_each(|check| check(&all, &mut findings));
    (all, findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::test_aid::{declared, ids_of_heads};

    #[test]
    fn a_plain_tenant_has_no_findings_and_an_empty_workspace_neither() {
        assert_eq!(ids_of_heads(|_, _| {}), [""; 0]);
        assert!(heads(&Declared::default()).1.is_empty());
        assert_eq!(heads(&declared(|_, _| {})).0.len(), 1);
    }
}
