//! Properties of prints and tables over random users: what is pushed, read again and seen live agrees exactly when it must.

use crate::base::span::{FileId, Place, Span};
use crate::base::{Address, Findings};
use crate::config::{Cell, RawRow};
use crate::model::{Field, FieldMask, LiveUser, Origin, RowId, User, UserKind, UserStatus};
use crate::resolve::test_aid::{ALL_FIELDS, CSV, INLINE, KEY, acme, password, renamed_head, s};
use crate::resolve::{AllowedSecrets, Desired, Heads, Resolver, add_up, print_live, print_user, row_user};
use proptest::prelude::*;
use std::borrow::Cow;

/// A random user, and for each field whether the CSV row has it rather than the inline table.
#[derive(Debug, Clone)]
struct Random {
    texts: [Option<String>; 3],
    aliases: Option<Vec<String>>,
    kind: Option<UserKind>,
    status: Option<UserStatus>,
    password: bool,
    in_csv: u8,
    renamed: u8,
    defaults: (Option<UserKind>, Option<UserStatus>),
    comparable: u8,
}

fn random() -> impl Strategy<Value = Random> {
    let text = || proptest::option::of("[A-Za-zäß ]{0,6}");
    let kind = || proptest::option::of(proptest::sample::select(UserKind::ALL));
    let status = || proptest::option::of(proptest::sample::select(UserStatus::ALL));
    let aliases = proptest::option::of(proptest::collection::vec("[a-cA-C]{1,2}@[aA]cme[.]example", 0..5));
    let first = ([text(), text(), text()], aliases, kind(), status(), any::<bool>());
    (first, any::<u8>(), 0..4u8, (kind(), status()), 0..0x80u8).prop_map(|(first, in_csv, renamed, defaults, comparable)| {
        let (texts, aliases, kind, status, password) = first;
        Random { texts, aliases, kind, status, password, in_csv, renamed, defaults, comparable: comparable & ALL_FIELDS.0 }
    })
}

fn cell(text: impl Into<String>, offset: u64) -> Cell<'static> {
    Cell { text: Cow::Owned(text.into()), span: Span { place: Place::new(FileId(0), offset), len: 1 } }
}

impl Random {
    fn heads(&self) -> Heads {
        acme(|t| {
            t.defaults.kind = self.defaults.0.map(|k| s(k, 900));
            t.defaults.status = self.defaults.1.map(|k| s(k, 901));
            if self.renamed == 2 {
                t.renamed.push(renamed_head("old@acme.example", "jane@acme.example", true));
            }
        })
    }
    /// The fields of one of the two rows.
    fn row(&self, csv: bool) -> RawRow<'static> {
        let here = |bit: u8| (self.in_csv >> bit & 1 == 1) == csv;
        let mut row = RawRow::new(Place::new(FileId(u32::from(csv)), 10));
        row.address = Some(cell("Jane@acme.example", 11));
        let text = |i: u8| self.texts[usize::from(i)].clone().filter(|_| here(i)).map(|t| cell(t, 12));
        (row.first_name, row.last_name, row.group) = (text(0), text(1), text(2));
        row.aliases = self.aliases.as_ref().filter(|_| here(3)).map(|all| all.iter().map(|a| cell(a, 13)).collect());
        row.kind = self.kind.filter(|_| here(4)).map(|k| cell(k.word(), 14));
        row.status = self.status.filter(|_| here(5)).map(|k| cell(k.word(), 15));
        row.password = (self.password && here(6)).then(|| password("JANE_PW", Some("2026-11")));
        row.previous_address = (self.renamed == 1 && here(7)).then(|| cell("Old@acme.example", 16));
        row
    }
    fn desired(&self, csv_first: bool) -> Result<(Desired, Findings), Findings> {
        let mut resolver = Resolver::new(&self.heads(), FieldMask(self.comparable), KEY).with_secrets(AllowedSecrets::Anything);
        for csv in [csv_first, !csv_first] {
            resolver.push_row(&self.row(csv), if csv { CSV } else { INLINE });
        }
        resolver.finish()
    }
    fn full(&self, heads: &Heads, csv_first: bool) -> (User, FieldMask) {
        let mut full = row_user(&self.row(csv_first), heads).unwrap();
        assert!(add_up(&mut full, row_user(&self.row(!csv_first), heads).unwrap()));
        full
    }
}

/// A live user with the declared fields of `user` and other values elsewhere; aliases in reverse, the first one twice.
fn live(user: &User) -> LiveUser<'static> {
    let text = |t: &Option<String>| Cow::Owned(t.clone().unwrap_or_else(|| "of the panel".into()));
    let mut aliases: Vec<Cow<'static, str>> = user.aliases.iter().flatten().rev().map(|a| Cow::Owned(a.to_string())).collect();
    aliases.extend(aliases.first().cloned());
    LiveUser {
        address: Cow::Owned(user.address.to_string()),
        incarnation: None,
        version: None,
        first_name: text(&user.first_name),
        last_name: text(&user.last_name),
        aliases,
        kind: user.kind.unwrap_or(UserKind::List),
        status: user.status.unwrap_or(UserStatus::Inactive),
        group: text(&user.group),
        origin: Origin::Manual,
        billable: true,
        created_at: None,
        mails_30d: None,
        last_mail_at: None,
        access: None,
    }
}

fn change(live: &mut LiveUser<'_>, field: Field) {
    match field {
        Field::UserFirstName => live.first_name.to_mut().push('x'),
        Field::UserLastName => live.last_name.to_mut().push('x'),
        Field::UserGroup => live.group.to_mut().push('x'),
        Field::UserAliases if live.aliases.len() > 2 => live.aliases.truncate(1),
        Field::UserAliases => live.aliases.push(Cow::Borrowed("new@acme.example")),
        Field::UserKind => live.kind = UserKind::ALL[(live.kind as usize + 1) % UserKind::ALL.len()],
        Field::UserStatus => live.status = UserStatus::ALL[(live.status as usize + 1) % UserStatus::ALL.len()],
        other => panic!("{other} is not compared"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_pushed_is_what_is_read_again_in_any_order(random in random(), csv_first: bool) {
        let (one, findings) = random.desired(csv_first).unwrap();
        prop_assert!(findings.errors() == 0);
        let (other, _) = random.desired(!csv_first).unwrap();
        let row = RowId(0);
        prop_assert_eq!((one.users.len(), one.users.print(row)), (1, other.users.print(row)));
        let (user, by_default) = random.full(&one.heads, csv_first);
        prop_assert_eq!(&(user.clone(), by_default), &random.full(&one.heads, !csv_first));
        prop_assert_eq!(print_user(&user, FieldMask(random.comparable), KEY), one.users.print(row));
        prop_assert_eq!(user.mask(), one.users.mask(row));
        prop_assert_eq!(by_default.has(Field::UserKind), random.kind.is_none() && random.defaults.0.is_some());
        for alias in user.aliases.iter().flatten() {
            prop_assert_eq!(one.users.find(alias.as_str()).map(|u| (u.row, u.alias)), Some((row, true)));
        }
    }

    #[test]
    fn a_live_user_prints_alike_exactly_when_it_is_alike(random in random()) {
        let (desired, _) = random.desired(false).unwrap();
        let (user, _) = random.full(&desired.heads, false);
        let mask = desired.users.mask(RowId(0)).and(FieldMask(random.comparable));
        let want = desired.users.print(RowId(0));
        prop_assert_eq!(print_live(&live(&user), mask, KEY), want);
        for field in ALL_FIELDS.fields() {
            let mut changed = live(&user);
            change(&mut changed, field);
            prop_assert_eq!(print_live(&changed, mask, KEY) == want, !mask.has(field), "{}", field);
        }
    }
}

#[test]
fn rows_that_do_not_add_up_are_told() {
    let heads = acme(|_| {});
    let user = |address: &str, status| {
        let mut user = User::bare(Address::parse(address).unwrap());
        user.status = status;
        (user, FieldMask::NONE)
    };
    let mut jane = user("jane@acme.example", Some(UserStatus::Active));
    assert!(!add_up(&mut jane, user("bob@acme.example", None)));
    assert!(!add_up(&mut jane, user("jane@acme.example", Some(UserStatus::Active))));
    assert!(add_up(&mut jane, user("jane@acme.example", None)));
    assert_eq!(jane, user("jane@acme.example", Some(UserStatus::Active)));
    let bad = RawRow { kind: Some(cell("mailbx", 1)), ..crate::resolve::test_aid::row("jane@acme.example", &[], 0) };
    assert_eq!(row_user(&bad, &heads), None);
}
