//! A case as the files of a workspace. The same wish can be written in many ways: one file or a folder, rows inline, in
//! lists of a domain or of the tenant, or half and half, in any order.

use crate::random::Random;
use crate::world::{Case, Defaults, Names, Want, WantDomain, WantPolicy, WantUser, domain_of};
use crate::world_kinds::WantPassword;
use mailwright::model::Authority;
use mailwright::store::MemorySource;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where the rows of a list go: the domain that names it, or the tenant.
type List = Option<String>;

/// One way of writing.
struct Writer<'a> {
    want: &'a Want,
    r: Random,
    /// Tables that go into tenant files.
    tables: Vec<String>,
    lists: BTreeMap<List, Vec<(String, WantUser, Option<String>)>>,
}

/// The workspace of a case. `way` chooses how it is written.
pub fn files(case: &Case, way: u64, provider: &str) -> MemorySource {
    let mut w = Writer { want: &case.want, r: Random::new(case.seed ^ (way << 32)), tables: Vec::new(), lists: BTreeMap::new() };
    let mut source = MemorySource::default();
    source.put("mailwright.toml", workspace(&case.want, provider));
    w.rows();
    w.history();
    w.policy();
    w.domains();
    let tenant = w.tenant();
    let folder = w.r.percent(40);
    w.tables.extend(crate::files_kinds::outbound(&case.want, if folder { "../../" } else { "../" }));
    w.r.shuffle(&mut w.tables);
    let base = if folder { "tenants/acme/" } else { "tenants/" };
    let parts = if folder { 1 + w.r.below(3) } else { 1 };
    let mut texts = vec!["schema = \"mailwright/v1\"\n".to_owned(); parts];
    let first = w.r.below(parts);
    texts[first].push_str(&tenant);
    let rest = std::mem::take(&mut w.tables);
    for table in rest {
        let at = w.r.below(parts);
        texts[at].push_str(&table);
    }
    for (at, text) in texts.into_iter().enumerate() {
        let name = if folder { format!("{base}part{at}.toml") } else { format!("{base}acme.toml") };
        source.put(name, text);
    }
    let lists = std::mem::take(&mut w.lists);
    for (list, rows) in lists {
        source.put(format!("{base}{}", file_of(&list)), csv(&mut w.r, rows));
    }
    source
}

fn file_of(list: &List) -> String {
    list.as_ref().map_or_else(|| "everybody.csv".to_owned(), |domain| format!("{domain}.csv"))
}

pub fn text(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

fn texts<'a>(all: impl IntoIterator<Item = &'a String>) -> String {
    let all: Vec<String> = all.into_iter().map(|t| text(t)).collect();
    format!("[{}]", all.join(", "))
}

fn workspace(want: &Want, provider: &str) -> String {
    let mut out = format!("schema = \"mailwright/v1\"\n[providers.edge]\n{provider}\n");
    // nobody publishes records over HTTP here; how long a person may take is no part of the law of pairs
    out.push_str("[guards]\nwaiting_days = 3650\n");
    out.push_str(&defaults(&want.defaults[1]));
    for pattern in &want.ignore {
        write!(out, "[[ignore]]\npattern = {}\nreason = \"by hand\"\n", text(pattern)).expect("memory");
    }
    out
}

fn defaults(d: &Defaults) -> String {
    let mut out = String::new();
    let mut line = |key: &str, value: Option<String>| value.iter().for_each(|v| writeln!(out, "{key} = {v}").expect("memory"));
    line("authority", d.authority.map(|a| text(a.word())));
    line("relay_check", d.relay_check.map(|v| text(v.word())));
    line("destination", d.destination.as_ref().map(texts));
    line("kind", d.kind.map(|v| text(v.word())));
    line("status", d.status.map(|v| text(v.word())));
    line("password_policy", d.policy.as_ref().map(|p| format!("{{ {} }}", policy_keys(p).join(", "))));
    if out.is_empty() { out } else { format!("[defaults]\n{out}") }
}

fn policy_keys(policy: &WantPolicy) -> Vec<String> {
    let mut all: Vec<String> = policy.min_length.iter().map(|n| format!("min_length = {n}")).collect();
    for (name, on) in ["upper", "lower", "digit", "special"].iter().zip(policy.switches) {
        all.extend(on.map(|on| format!("{name} = {on}")));
    }
    all
}

impl Writer<'_> {
    fn tenant(&mut self) -> String {
        let mut out = "[tenant]\nname = \"acme\"\nprovider = \"edge\"\n".to_owned();
        let mut line = |key: &str, value: Option<String>| value.iter().for_each(|v| writeln!(out, "{key} = {v}").expect("memory"));
        line("create", self.want.create.map(|c| c.to_string()));
        line("authority", self.want.authority.map(|a| text(a.word())));
        line("users_from", self.lists.contains_key(&None).then(|| text(&file_of(&None))));
        out + &defaults(&self.want.defaults[0])
    }

    fn policy(&mut self) {
        if let Some(policy) = &self.want.policy {
            self.tables.push(format!("[password_policy]\n{}\n", policy_keys(policy).join("\n")));
        }
    }

    fn domains(&mut self) {
        let inline = self.tables.iter().any(|t| t.starts_with("[[users]]"));
        for (name, domain) in &self.want.domains {
            let fed = inline || self.lists.keys().any(|l| l.as_ref().is_none_or(|d| d == name));
            // the whole list of nobody is still a list
            if self.want.users_authority(name) == Authority::AddDeleteOld && !fed {
                self.lists.insert(Some(name.clone()), Vec::new());
            }
            let from = self.lists.contains_key(&Some(name.clone()));
            self.tables.push(domain_table(name, domain, from));
        }
    }

    fn history(&mut self) {
        for r in &self.want.removed {
            let mut out = format!("[[removed]]\nuser = {}\nsince = {}\n", text(&r.user), r.since);
            r.on.iter().for_each(|on| writeln!(out, "on = {on}").expect("memory"));
            r.keep_address.iter().for_each(|heir| writeln!(out, "keep_address = {}", text(heir)).expect("memory"));
            self.tables.push(out);
        }
    }

    /// Rows and renames: a rename stands with its row or alone.
    fn rows(&mut self) {
        let inline = self.r.pick(&[0, 50, 100]);
        let mut rows: Vec<(&String, &WantUser)> = self.want.users.iter().collect();
        self.r.shuffle(&mut rows);
        for (address, user) in rows {
            let renamed = self.want.renamed.iter().find(|r| r.to == *address);
            let with_row = renamed.filter(|r| r.keep_old != Some(false) && self.r.percent(50));
            if let (Some(renamed), None) = (renamed, with_row) {
                let keep = renamed.keep_old.map(|k| format!("keep_old = {k}\n")).unwrap_or_default();
                self.tables.push(format!("[[renamed]]\nfrom = {}\nto = {}\n{keep}", text(&renamed.from), text(&renamed.to)));
            }
            let previous = with_row.map(|r| r.from.clone());
            // no column asks a user by mail
            if self.r.percent(inline) || user.password == Some(WantPassword::Invite) {
                self.tables.push(inline_row(address, user, previous.as_ref()));
                continue;
            }
            let list = self.r.percent(70).then(|| domain_of(address).to_owned());
            let (mut near, mut far) = (user.clone(), WantUser::default());
            let split = inline > 0 && self.r.percent(20);
            if split {
                // half of the row is written elsewhere; both add up (S3.4)
                std::mem::swap(&mut near.aliases, &mut far.aliases);
                std::mem::swap(&mut near.last, &mut far.last);
                self.tables.push(inline_row(address, &far, None));
            }
            self.lists.entry(list).or_default().push((address.clone(), near, previous));
        }
    }
}

fn domain_table(name: &str, d: &WantDomain, from: bool) -> String {
    let mut out = format!("[domains.{}]\n", text(name));
    let mut line = |key: &str, value: Option<String>| value.iter().for_each(|v| writeln!(out, "{key} = {v}").expect("memory"));
    line("destination", d.destination.as_ref().map(texts));
    line("relay_check", d.relay_check.map(|v| text(v.word())));
    line("alias_domains", d.aliases.as_ref().map(texts));
    line("authority", d.authority.map(|a| text(a.word())));
    if from || d.users_authority.is_some() || d.aliases_authority.is_some() {
        writeln!(out, "[domains.{}.users]", text(name)).expect("memory");
        let mut line = |key: &str, value: Option<String>| value.iter().for_each(|v| writeln!(out, "{key} = {v}").expect("memory"));
        line("authority", d.users_authority.map(|a| text(a.word())));
        line("aliases_authority", d.aliases_authority.map(|a| text(a.word())));
        line("from", from.then(|| text(&file_of(&Some(name.to_owned())))));
    }
    out + &crate::files_kinds::parts(name, d)
}

fn inline_row(address: &str, user: &WantUser, previous: Option<&String>) -> String {
    let mut out = format!("[[users]]\naddress = {}\n", text(address));
    let mut line = |key: &str, value: Option<String>| value.iter().for_each(|v| writeln!(out, "{key} = {v}").expect("memory"));
    line("first_name", user.first.as_ref().map(|t| text(t)));
    line("last_name", user.last.as_ref().map(|t| text(t)));
    line("aliases", user.aliases.as_ref().map(texts));
    line("kind", user.kind.map(|k| text(k.word())));
    line("status", user.status.map(|s| text(s.word())));
    line("previous_address", previous.map(|p| text(p)));
    line("password", user.password.as_ref().map(crate::files_kinds::password));
    out
}

/// A list; `-` clears, an empty cell says nothing (S2.2).
fn csv(r: &mut Random, rows: Vec<(String, WantUser, Option<String>)>) -> String {
    let mut columns = vec!["address", "first_name", "last_name", "aliases", "kind", "status", "previous_address", "password_env", "rotate"];
    if r.percent(60) {
        r.shuffle(&mut columns);
    }
    let between = r.pick(&[",", ";", "\t"]);
    let end = r.pick(&["\n", "\r\n"]);
    let clear = |t: &String| if t.is_empty() { "-".to_owned() } else { t.clone() };
    let mut out = columns.join(between) + end;
    for (address, user, previous) in rows {
        let glue = r.pick(&[" ", "|"]);
        let join = |a: &Names| if a.is_empty() { "-".to_owned() } else { a.iter().cloned().collect::<Vec<_>>().join(glue) };
        let cell = |column: &&str| match *column {
            "address" => address.clone(),
            "first_name" => user.first.as_ref().map(clear).unwrap_or_default(),
            "last_name" => user.last.as_ref().map(clear).unwrap_or_default(),
            "aliases" => user.aliases.as_ref().map(join).unwrap_or_default(),
            "kind" => user.kind.map(|k| k.word().to_owned()).unwrap_or_default(),
            "status" => user.status.map(|s| s.word().to_owned()).unwrap_or_default(),
            "password_env" => user.password.as_ref().map(|_| "PW".to_owned()).unwrap_or_default(),
            "rotate" => match &user.password {
                Some(WantPassword::Set(Some(rotate))) => rotate.clone(),
                Some(WantPassword::Set(None) | WantPassword::Invite) | None => String::new(),
            },
            _ => previous.clone().unwrap_or_default(),
        };
        let quoted = |cell: String| if cell.contains([',', ';', '\t', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell };
        let cells: Vec<String> = columns.iter().map(cell).map(quoted).collect();
        out.push_str(&cells.join(between));
        out.push_str(end);
    }
    out
}
