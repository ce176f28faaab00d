//! Good files, and files that add up.

use super::support::OPEN;
use crate::base::{FileId, Findings, SecretRef};
use crate::config::{Declared, HeadText, TenantText, assemble, unused_csv};
use crate::model::{Authority, Evidence, Kind, RelayCheck};

const ROOT: &str = include_str!("good/mailwright.toml");
const ACME: &str = include_str!("good/acme.toml");
const APPROVALS: &str = include_str!("good/approvals.toml");

fn tenant_text(file: u32, name: &str, text: &str) -> TenantText {
    TenantText { name: name.into(), head: HeadText::new_whole(FileId(file), text.into()), ranges: Vec::new() }
}

fn good() -> (Declared, Findings) {
    let mut acme = tenant_text(1, "tenants/acme.toml", ACME);
    acme.ranges = vec![900..950, 1000..1200];
    assemble(Some((FileId(0), ROOT)), vec![acme], &[(FileId(2), "approvals/a.toml", APPROVALS)])
}

#[test]
fn the_contract_of_the_design_is_read() {
    let (declared, findings) = good();
    assert!(findings.is_empty(), "{:#?}", findings.sorted());
    let edge = declared.workspace.providers.values().next().unwrap();
    assert_eq!(edge.token.as_ref().map(|t| &t.value), Some(&SecretRef::Env("MAILWRIGHT_TOKEN".into())));
    assert_eq!(declared.workspace.policy.guards.percent, 4);
    assert_eq!(declared.workspace.policy.guards.shrink_percent, 20);
    let acme = declared.tenants.values().next().unwrap();
    assert_eq!(acme.tenant.inbound.value.as_str(), "edge");
    let domain = acme.domains.values().next().unwrap();
    assert_eq!(domain.destination.as_ref().map(|d| d.value.clone()), Some(vec!["mx.acme.example:25".into()]));
    assert_eq!(domain.relay_check.as_ref().map(|r| r.value), Some(RelayCheck::ControlPanel));
    assert_eq!(domain.users_authority.as_ref().map(|a| a.value), Some(Authority::AddDeleteOld));
    assert_eq!(domain.directories["default"].port.as_ref().map(|p| p.value), Some(636));
    assert_eq!(domain.continuity.as_ref().and_then(|c| c.term.as_ref()).map(|t| t.value.months), Some(12));
    assert_eq!(acme.smtp_users["crm"].credential.as_ref().map(|c| &c.value), Some(&SecretRef::File("tenants/secrets/crm.json".into())));
    assert_eq!(acme.removed.iter().map(|r| (r.kind, r.name.value.as_str())).collect::<Vec<_>>(), [(Kind::SmtpUser, "old-shop")]);
    let lists: Vec<(&str, bool, bool)> = acme.lists.iter().map(|l| (l.file.as_str(), l.csv, l.tombstone.is_some())).collect();
    assert_eq!(lists, [("tenants/acme.toml", false, false), ("tenants/users.csv", true, false), ("tenants/gone.csv", true, true)]);
    assert_eq!(acme.lists[0].ranges, [900..950, 1000..1200]);
    assert_eq!(acme.lists[1].domain.as_ref().map(|d| d.as_str()), Some("acme.example"));
    let hand = &declared.approvals.all[1];
    assert_eq!(hand.by_hand.as_ref().map(|h| h.action.as_str()), Some("delete"));
    assert!(declared.approvals.all[0].evidence.contains(&Evidence::Rejects));
}

#[test]
fn a_csv_that_nothing_names_is_a_warning() {
    let names = [(FileId(3), "tenants/users.csv"), (FileId(4), "tenants/old.csv"), (FileId(5), "tenants/acme.toml")];
    let findings = unused_csv(&good().0, names);
    assert_eq!(findings.sorted().iter().map(|f| f.rule.0).collect::<Vec<_>>(), ["MW0027"]);
    assert!(findings.sorted()[0].title.starts_with("tenants/old.csv") && !findings.has_errors());
}

#[test]
fn the_files_of_a_tenant_add_up_in_any_order() {
    let a =
        format!("{OPEN}[tenant]\nname = \"acme\"\nprovider = \"edge\"\n[domains.\"acme.example\"]\ndestination = \"mx.acme.example\"\n");
    let b = format!(
        "{OPEN}[domains.\"ACME.example\"]\nrelay_check = \"smtp\"\n[domains.\"b.example\"]\n[[renamed]]\nfrom = \"a@acme.example\"\nto = \"b@acme.example\"\n"
    );
    let files = || vec![tenant_text(1, "tenants/acme/a.toml", &a), tenant_text(2, "tenants/acme/b.toml", &b)];
    let (one, findings) = assemble(Some((FileId(0), ROOT)), files(), &[]);
    assert!(findings.is_empty(), "{:#?}", findings.sorted());
    let acme = one.tenants.values().next().unwrap();
    assert_eq!((acme.domains.len(), acme.renamed.len()), (2, 1));
    let domain = acme.domains.values().next().unwrap();
    assert!(domain.relay_check.is_some() && domain.destination.is_some());
    let mut turned = files();
    turned.reverse();
    assert_eq!(assemble(Some((FileId(0), ROOT)), turned, &[]).0, one);
}

#[test]
fn a_key_in_two_files_shows_both_places() {
    let a = format!("{OPEN}[tenant]\nname = \"acme\"\nprovider = \"edge\"\n[domains.\"acme.example\".users]\nauthority = \"add\"\n");
    let b = format!("{OPEN}[domains.\"acme.example\".users]\nauthority = \"observe\"\n");
    let files = vec![tenant_text(1, "tenants/acme/a.toml", &a), tenant_text(2, "tenants/acme/b.toml", &b)];
    let (_, findings) = assemble(Some((FileId(0), ROOT)), files, &[]);
    let sorted = findings.sorted();
    let [finding] = sorted.as_slice() else { panic!("{sorted:#?}") };
    assert_eq!((finding.rule.0, finding.title.as_str()), ("MW0024", "`domains.\"acme.example\".users.authority` is set twice"));
    let files: Vec<u32> = [finding.at.as_ref().unwrap(), &finding.also[0]].iter().map(|l| l.span.place.file().0).collect();
    assert_eq!(files, [2, 1]);
}

#[test]
fn trouble_stays_with_its_tenant() {
    let broken = tenant_text(1, "tenants/beta.toml", "schema = \"mailwright/v1\"\n[tenant\n");
    let (declared, findings) = assemble(Some((FileId(0), ROOT)), vec![broken, tenant_text(2, "tenants/acme.toml", ACME)], &[]);
    let name = |n| crate::base::TenantName::parse(n).unwrap();
    assert!(findings.stops(&name("beta")) && !findings.stops(&name("acme")));
    assert_eq!(findings.errors(), 1, "{:#?}", findings.sorted());
    assert_eq!(declared.tenants.keys().map(|n| n.as_str()).collect::<Vec<_>>(), ["acme"]);
}

#[test]
fn a_file_and_a_folder_and_a_bad_name_are_named() {
    let part = format!("{OPEN}[password_policy]\nupper = true\n");
    let texts = vec![
        tenant_text(1, "tenants/acme.toml", ACME),
        tenant_text(2, "tenants/acme/more.toml", &part),
        tenant_text(3, "tenants/Acme Inc.toml", ACME),
    ];
    let (_, findings) = assemble(None, texts, &[]);
    let rules: Vec<&str> = findings.sorted().iter().map(|f| f.rule.0).collect();
    assert_eq!(rules, ["MW0034", "MW0024", "MW0021", "MW0038"]);
}
