//! What a directory's answer makes of the users that it has brought before. Pure.
//!
//! The key is the directory's own id, so a person who is renamed there is renamed here. Names that somebody else has are
//! left to whoever has them, and counted.

use crate::panel::directory::Person;
use crate::wire::StoppingAddress;
use std::collections::{BTreeMap, BTreeSet};

/// A user that the directory has brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) id: String,
    /// As the directory last had it.
    pub(crate) person: Person,
}

impl Kept {
    /// Its address and its aliases.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.person.aliases.iter().chain([&self.person.address]).map(String::as_str)
    }
}

/// What shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) create: Vec<Person>,
    /// By id of the user.
    pub(crate) update: Vec<(String, Person)>,
    /// Ids and addresses of users that the directory no longer has.
    pub(crate) delete: Vec<(String, String)>,
    /// Users whose address somebody else has.
    pub(crate) held_users: u64,
    /// Aliases that somebody else has.
    pub(crate) held_aliases: u64,
}

/// Names that are not this directory's to give: taken by users that it did not bring.
pub(crate) type Held = BTreeSet<String>;

/// Compares. `people` has no address twice.
pub(crate) fn compare(people: &[Person], kept: &[Kept], held: &Held) -> Wanted {
    let mut wanted = Wanted::default();
    let before: BTreeMap<&str, &Kept> = kept.iter().map(|k| (k.person.guid.as_str(), k)).collect();
    let held = with_stuck(people, &before, held);
    let mut stays: BTreeSet<&str> = BTreeSet::new();
    // an address is stronger than an alias, and of two aliases the first wins
    let mut taken: BTreeSet<&str> = people.iter().filter(|p| !held.contains(&p.address)).map(|p| p.address.as_str()).collect();
    for said in people {
        let live = before.get(said.guid.as_str()).filter(|k| stays.insert(k.person.guid.as_str()));
        if held.contains(&said.address) {
            wanted.held_users += 1;
            continue;
        }
        let is_free = |alias: &&String| !held.contains(*alias) && !taken.contains(alias.as_str());
        let aliases: BTreeSet<String> = said.aliases.iter().filter(is_free).cloned().collect();
        wanted.held_aliases += (said.aliases.len() - aliases.len()) as u64;
        let person = Person { aliases, ..said.clone() };
        match live {
            Some(kept) if kept.person == person => {}
            Some(kept) => wanted.update.push((kept.id.clone(), person)),
            None => wanted.create.push(person),
        }
        taken.extend(said.aliases.iter().map(String::as_str));
    }
    let gone = kept.iter().filter(|k| !stays.contains(k.person.guid.as_str()));
    wanted.delete = gone.map(|k| (k.id.clone(), k.person.address.clone())).collect();
    wanted
}

/// Somebody who cannot have the new address keeps the old names, which then are held as well.
fn with_stuck(people: &[Person], before: &BTreeMap<&str, &Kept>, held: &Held) -> Held {
    let mut held = held.clone();
    loop {
        let known = held.len();
        for stuck in people.iter().filter(|p| held.contains(&p.address)).filter_map(|p| before.get(p.guid.as_str())).collect::<Vec<_>>() {
            held.extend(stuck.names().map(str::to_owned));
        }
        if held.len() == known {
            return held;
        }
    }
}

impl Wanted {
    /// Whether nothing is to be done.
    pub(crate) fn is_nothing(&self) -> bool {
        self.create.is_empty() && self.update.is_empty() && self.delete.is_empty()
    }
    /// Names that these users have now and that none of them has afterwards, by name.
    pub(crate) fn stopping(&self, kept: &[Kept]) -> Vec<StoppingAddress> {
        let gone: BTreeSet<&str> = self.delete.iter().map(|(id, _)| id.as_str()).collect();
        let becomes: BTreeMap<&str, &Person> = self.update.iter().map(|(id, person)| (id.as_str(), person)).collect();
        let mut after: BTreeSet<&str> = BTreeSet::new();
        for person in self.create.iter().chain(becomes.values().copied()) {
            after.extend(person.aliases.iter().chain([&person.address]).map(String::as_str));
        }
        for same in kept.iter().filter(|k| !gone.contains(k.id.as_str()) && !becomes.contains_key(k.id.as_str())) {
            after.extend(same.names());
        }
        let ends = kept.iter().flat_map(|k| k.names().map(move |name| (name, k.person.address.as_str())));
        let ends: BTreeMap<&str, &str> = ends.filter(|(name, _)| !after.contains(name)).collect();
        ends.into_iter().map(|(address, user)| StoppingAddress { address: address.to_owned(), user: user.to_owned() }).collect()
    }
    /// What is left to others, in words.
    pub(crate) fn left_out(&self) -> Vec<String> {
        let say = |n: u64, what: &str| (n > 0).then(|| format!("{n} {what}"));
        [
            say(self.held_users, "users whose address somebody else has on the panel"),
            say(self.held_aliases, "aliases that somebody else has"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(guid: &str, address: &str, aliases: &[&str]) -> Person {
        Person {
            guid: guid.into(),
            address: address.into(),
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
            first_name: String::new(),
            last_name: String::new(),
            is_active: true,
            is_group: false,
        }
    }

    fn kept(id: &str, person: &Person) -> Kept {
        Kept { id: id.into(), person: person.clone() }
    }

    #[test]
    fn the_id_is_the_key() {
        let (a, b) = (person("1", "a@x.example", &[]), person("2", "b@x.example", &[]));
        let renamed = person("1", "anna@x.example", &["a@x.example"]);
        let wanted = compare(std::slice::from_ref(&renamed), &[kept("u1", &a), kept("u2", &b)], &Held::new());
        assert_eq!(wanted.update, [("u1".to_owned(), renamed)]);
        assert_eq!(wanted.delete, [("u2".to_owned(), "b@x.example".to_owned())]);
        assert!(wanted.create.is_empty() && compare(&[a.clone(), b.clone()], &[kept("u1", &a), kept("u2", &b)], &Held::new()).is_nothing());
    }

    #[test]
    fn names_of_others_stay_theirs() {
        let people = [person("1", "a@x.example", &["info@x.example"]), person("2", "info@x.example", &[]), person("3", "c@x.example", &[])];
        let wanted = compare(&people, &[], &["c@x.example".to_owned()].into());
        assert_eq!(wanted.create.iter().map(|p| p.address.as_str()).collect::<Vec<_>>(), ["a@x.example", "info@x.example"]);
        assert!(wanted.create[0].aliases.is_empty());
        assert_eq!((wanted.held_users, wanted.held_aliases, wanted.left_out().len()), (1, 1, 2));
    }

    #[test]
    fn who_cannot_have_the_new_address_keeps_the_old_names() {
        let before = [kept("u1", &person("1", "a@x.example", &["aa@x.example"])), kept("u2", &person("2", "b@x.example", &[]))];
        let people = [person("2", "a@x.example", &[]), person("1", "held@x.example", &["aa@x.example"])];
        let wanted = compare(&people, &before, &["held@x.example".to_owned()].into());
        assert!(wanted.is_nothing() && wanted.held_users == 2, "{wanted:?}");
    }

    #[test]
    fn what_stops_is_named_with_whose_it_was() {
        let before = [
            kept("u1", &person("1", "a@x.example", &["aa@x.example"])),
            kept("u2", &person("2", "b@x.example", &["bb@x.example", "passes@x.example"])),
            kept("u3", &person("3", "c@x.example", &["cc@x.example"])),
        ];
        // one goes, one loses an alias and takes one over, one is renamed and keeps its old name as alias
        let people = [person("1", "a@x.example", &["passes@x.example"]), person("3", "carla@x.example", &["c@x.example", "cc@x.example"])];
        let wanted = compare(&people, &before, &Held::new());
        let said: Vec<(String, String)> = wanted.stopping(&before).into_iter().map(|s| (s.address, s.user)).collect();
        let want = [("aa@x.example", "a@x.example"), ("b@x.example", "b@x.example"), ("bb@x.example", "b@x.example")];
        assert_eq!(said, want.map(|(a, u)| (a.to_owned(), u.to_owned())));
        assert!(compare(&people, &[], &Held::new()).stopping(&[]).is_empty());
    }

    #[test]
    fn of_two_who_claim_an_alias_the_first_has_it() {
        let people = [person("1", "a@x.example", &["i@x.example"]), person("2", "b@x.example", &["i@x.example"])];
        let wanted = compare(&people, &[], &Held::new());
        assert_eq!((wanted.create[0].aliases.len(), wanted.create[1].aliases.len(), wanted.held_aliases), (1, 0, 1));
    }
}
