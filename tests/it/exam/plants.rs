//! Mistakes that are planted, so that it is known that the exam finds them.

use crate::exam::bench::Bench as _;
use crate::exam::chapter::{State, all};
use crate::exam::expected::{contradictions, differences, kind_of};
use crate::exam::in_memory::InMemory;
use crate::exam::picture::Picture;
use crate::exam::run::{only, picture, reach};
use crate::exam::stand::{SharedMemory, Stand};
use crate::exam::wrong::writes;
use mailwright::model::Kind;
use mailwright::plan::Plan;
use serde_json::json;

/// The plan to a state, what was live before, and after.
async fn passage(chapter: &str, name: &str) -> (Plan, Picture, Picture, Picture) {
    let bench = InMemory { small: false };
    let stand = Stand::new(&bench, bench.open(None).await, SharedMemory::new());
    let caps = stand.driver().await.unwrap().capabilities().clone();
    let chapter = all().into_iter().find(|c| c.name == chapter).unwrap();
    let to: State = chapter.states.iter().find(|s| s.name == name).unwrap().clone();
    for state in chapter.states.iter().take_while(|s| s.name != name) {
        reach(&stand, &caps, state).await.unwrap();
    }
    let before = stand.live().await.unwrap();
    let planned = stand.plan(stand.files(&to)).await;
    reach(&stand, &caps, &to).await.unwrap();
    (only(&planned).unwrap().clone(), before, stand.live().await.unwrap(), picture(&stand, &caps, &to))
}

const PASSAGES: [(&str, &str); 6] = [
    ("01-relay-domains", "a domain is removed by a tombstone"),
    ("02-alias-domains", "an alias domain moves to the other domain"),
    ("04-users", "an alias moves, another comes, a third goes"),
    ("04-users", "an alias becomes the address of a new user"),
    ("06-renames", "a rename keeps the old address as an alias"),
    ("07-authority", "one who is ignored stays under add-delete-old"),
];

#[tokio::test]
async fn whatever_a_plan_does_not_name_is_a_wrong_write() {
    for (chapter, name) in PASSAGES {
        let (plan, before, after, expected) = passage(chapter, name).await;
        assert_eq!(writes(Some(&plan), &before, &after), [""; 0], "{name}");
        assert!(!writes(None, &before, &after).is_empty(), "{name}: it changes something");
        assert_eq!(differences(&expected, &after), [""; 0]);
        for key in after.keys() {
            planted(&plan, &before, &after, &expected, key);
        }
        let stray = after.clone().into_iter().chain([("user/stray@acme.example".to_owned(), Default::default())]).collect();
        assert_eq!(writes(Some(&plan), &before, &stray).len(), 1, "{name}: one came that nobody named");
        assert_eq!((differences(&expected, &stray).len(), contradictions(&after, &stray).len()), (1, 1));
    }
}

/// One object gone, and each of its attributes changed.
fn planted(plan: &Plan, before: &Picture, after: &Picture, expected: &Picture, key: &str) {
    let mut gone = after.clone();
    gone.remove(key);
    if before.contains_key(key) {
        assert_eq!(writes(Some(plan), before, &gone).len(), 1, "{key} is gone");
    }
    let exact = matches!(kind_of(key), Kind::Domain | Kind::User);
    assert_eq!(contradictions(after, &gone).len(), usize::from(exact), "{key} is seen by one only");
    assert_eq!(differences(expected, &gone).len(), usize::from(expected.contains_key(key)), "{key} is expected");
    for name in after[key].keys().filter(|_| before.contains_key(key)) {
        let mut changed = after.clone();
        let value = changed.get_mut(key).and_then(|attrs| attrs.get_mut(name)).unwrap();
        *value = match value.as_array() {
            Some(all) => json!(all.iter().cloned().chain([json!("stray.example")]).collect::<Vec<_>>()),
            None => json!("stray"),
        };
        assert_eq!(writes(Some(plan), before, &changed).len(), 1, "{key} {name} changed");
        assert_eq!(contradictions(after, &changed).len(), 1, "{key} {name} is told otherwise");
    }
}
