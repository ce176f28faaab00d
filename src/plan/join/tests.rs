//! What the join keeps, counts and takes back.

use crate::model::{Authority, Completeness, Kind, Object, Origin, Reason, Seen};
use crate::plan::testing::{Case, domain, user};

fn acme() -> crate::base::DomainName {
    domain("acme.example")
}

#[test]
fn equal_users_are_not_kept_and_missing_rows_are_named() {
    let case = Case::new().declare(user("a", &["x"])).declare(user("b", &[])).live("a", &["x"]);
    let desired = case.desired();
    let seen = case.observed(&desired);
    assert!(seen.kept.is_empty());
    assert_eq!(seen.missing.iter().map(|r| r.0).collect::<Vec<_>>(), [1]);
    let tally = seen.tally[&acme()];
    assert_eq!((tally.live, tally.equal, tally.own, tally.addresses, tally.undeclared), (1, 1, 1, 2, 0));
}

#[test]
fn s1_3_a_user_listed_twice_makes_its_scope_a_part() {
    let case = Case::new().declare(user("a", &[])).live("a", &[]).live("z", &[]);
    let desired = case.desired();
    for twice in ["a@acme.example", "z@acme.example"] {
        let mut join = crate::plan::Join::new(&desired, case.comparable(), "2026-11-22T10:00:00Z".parse().unwrap(), 10);
        let scope = crate::model::Scope {
            provider: case.heads.tenant.inbound.value.clone(),
            tenant: Some(case.heads.tenant.name.clone()),
            domain: Some(acme()),
            kind: Kind::User,
        };
        let mut objects = case.live.objects(Kind::User, Some(&acme()));
        objects.push(Object::User(case.live.users[twice].clone()));
        for object in objects {
            join.live(&scope, object);
        }
        let whole = Completeness::Whole { count: 2, proof: crate::model::Proof::Total };
        let seen = join.finish([(scope.clone(), whole)].into(), 1);
        let why = vec![Reason::ListedTwice { name: twice.into() }];
        assert_eq!(seen.scopes[&scope], Completeness::Part { read: 2, why });
        assert_eq!(seen.tally[&acme()].live, 2, "counted once");
    }
}

#[test]
fn s1_3_a_total_that_does_not_fit_makes_a_part() {
    let case = Case::new().live("z", &[]);
    let desired = case.desired();
    let mut join = crate::plan::Join::new(&desired, case.comparable(), "2026-11-22T10:00:00Z".parse().unwrap(), 10);
    let scope = crate::model::Scope {
        provider: case.heads.tenant.inbound.value.clone(),
        tenant: Some(case.heads.tenant.name.clone()),
        domain: Some(acme()),
        kind: Kind::User,
    };
    for object in case.live.objects(Kind::User, None) {
        join.live(&scope, object);
    }
    let whole = Completeness::Whole { count: 5, proof: crate::model::Proof::Total };
    let seen = join.finish([(scope.clone(), whole)].into(), 1);
    assert_eq!(seen.scopes[&scope], Completeness::Part { read: 1, why: vec![Reason::CountMismatch { said: 5, seen: 1 }] });
    assert!(matches!(seen.tenant, Seen::Unknown(_)), "the list of tenants was never read");
}

#[test]
fn undeclared_users_are_counted_under_add_and_kept_under_add_delete_old() {
    let mut case = Case::new().live("z", &["zz"]);
    case.live.add_user("dir", &[]).origin = Origin::Directory;
    let seen = case.observed(&case.desired());
    assert!(seen.kept.is_empty());
    assert_eq!(seen.undeclared.len(), 2);
    let tally = seen.tally[&acme()];
    assert_eq!((tally.undeclared, tally.undeclared_own, tally.directory, tally.own), (2, 1, 1, 1));
    let case = Case { heads: Case::new().authority(Authority::AddDeleteOld).heads, ..case };
    let seen = case.observed(&case.desired());
    assert_eq!(seen.kept.iter().map(|k| k.live.address.as_ref()).collect::<Vec<_>>(), ["z@acme.example"]);
}

#[test]
fn the_smallest_undeclared_names_are_kept_in_any_order() {
    let mut case = Case::new();
    for name in ["d", "b", "a", "c"] {
        case.live.add_user(name, &[]);
    }
    let desired = case.desired();
    for seed in 0..5 {
        case.shuffle = seed;
        let mut join = crate::plan::Join::new(&desired, case.comparable(), "2026-11-22T10:00:00Z".parse().unwrap(), 2);
        let scope = crate::model::Scope {
            provider: case.heads.tenant.inbound.value.clone(),
            tenant: Some(case.heads.tenant.name.clone()),
            domain: Some(acme()),
            kind: Kind::User,
        };
        let mut objects = case.live.objects(Kind::User, None);
        fastrand::Rng::with_seed(seed).shuffle(&mut objects);
        for object in objects {
            join.live(&scope, object);
        }
        let seen = join.finish([].into(), 1);
        assert_eq!(seen.undeclared.into_iter().collect::<Vec<_>>(), ["a@acme.example", "b@acme.example"]);
    }
}

#[test]
fn s4_5_live_names_that_other_rows_claim_are_kept_with_their_claims() {
    let case = Case::new().declare(user("a", &["x"])).declare(user("b", &[])).live("a", &[]).live("b", &["x"]);
    let seen = case.observed(&case.desired());
    let claims: Vec<_> = seen.kept.iter().map(|k| (k.live.address.as_ref(), k.claims.clone())).collect();
    assert_eq!(claims[1], ("b@acme.example", vec![("x@acme.example".to_owned(), crate::model::RowId(0))]));
    let case = Case::new().declare(user("a", &["z"])).live("a", &[]).live("z", &[]);
    let seen = case.observed(&case.desired());
    assert_eq!(seen.kept.len(), 2, "an undeclared user whose address is a declared alias is kept");
}

#[test]
fn s13_2_recipients_are_those_whom_nobody_knows_and_only_where_all_were_read() {
    let mut case = Case::new().declare(user("a", &["x"])).live("a", &["x"]).live("z", &["zz"]);
    case.live.domains.clear();
    case.live.add_domain("acme.example", "smtp", &["acme.test"]);
    let all = ["a@acme.example", "x@acme.example", "z@acme.example", "zz@acme.example", "a@acme.test", "q@acme.example", "q@acme.test"];
    case.recipients.insert(acme(), all.iter().map(|a| ((*a).to_owned(), 3)).collect());
    let seen = case.observed(&case.desired());
    assert_eq!(seen.recipients[&acme()].keys().collect::<Vec<_>>(), ["q@acme.example", "q@acme.test"]);
}

#[test]
fn s4_3_a_tenant_is_bound_by_id_or_by_the_only_one_of_its_name() {
    let mut case = Case::new();
    assert!(matches!(case.observed(&case.desired()).tenant, Seen::Present(_)));
    case.heads.tenant.remote = Some(crate::plan::testing::case::at("99".to_owned()));
    assert!(matches!(case.observed(&case.desired()).tenant, Seen::Absent(_)));
    let tenant = &Case::new().heads.tenant;
    let one = case.live.tenant.clone().unwrap();
    let two = crate::model::LiveTenant { id: "5".into(), ..one.clone() };
    let whole = Completeness::Whole { count: 2, proof: crate::model::Proof::Total };
    let part = Completeness::Part { read: 1, why: vec![Reason::TimedOut { seconds: 1 }] };
    let bind = crate::plan::join::bind;
    assert_eq!(bind(tenant, &[one.clone(), two], Some(&whole)), Seen::Unknown(Reason::TenantAmbiguous { count: 2 }));
    assert_eq!(bind(tenant, std::slice::from_ref(&one), Some(&part)), Seen::Unknown(Reason::TimedOut { seconds: 1 }));
}
