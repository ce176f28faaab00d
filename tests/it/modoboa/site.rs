//! A workspace with one tenant on a real Modoboa, and the program run on it.

use crate::support::binary::{Ran, command};
use crate::support::modoboa::Modoboa;
use std::path::{Path, PathBuf};

/// A Modoboa, and a folder with files about it.
pub struct Site {
    pub panel: Modoboa,
    dir: tempfile::TempDir,
}

const HEAD: &str = "schema = \"mailwright/v1\"\n\n[tenant]\nname = \"acme\"\nprovider = \"mail\"\n";

impl Site {
    /// On the server of this process, which has no limits; `None` where Modoboa cannot be had.
    pub fn new() -> Option<Self> {
        Modoboa::take().map(|panel| Self::of(panel, "requests_per_minute = 0\n"))
    }
    /// On a server, with one more line about it.
    pub fn of(panel: Modoboa, line: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("tenants")).unwrap();
        let text = format!(
            "schema = \"mailwright/v1\"\n\n[providers.mail]\ndriver = \"modoboa\"\nurl = \"{}\"\ntoken = {{ env = \"MODOBOA_TOKEN\" }}\n{line}",
            panel.url()
        );
        std::fs::write(dir.path().join("mailwright.toml"), text).unwrap();
        Self { panel, dir }
    }
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }
    /// What the tenant is to have, without the head of its file.
    pub fn write(&self, text: &str) {
        std::fs::write(self.tenant_file(), format!("{HEAD}\n{text}")).unwrap();
    }
    pub fn tenant_file(&self) -> PathBuf {
        self.dir.path().join("tenants/acme.toml")
    }
    pub async fn run(&self, args: &[&str]) -> Ran {
        let mut command = command(self.dir.path(), args);
        command.env("MODOBOA_TOKEN", self.panel.token()).env("JANE_PW", "Correct-Horse-7").env("WEAK_PW", "abc12").env("COLUMNS", "120");
        tokio::task::spawn_blocking(move || Ran::from(command.output().expect("it runs"))).await.unwrap()
    }
    /// The plan of what is declared, which is not carried out.
    pub async fn plan(&self, text: &str) -> Ran {
        self.write(text);
        self.run(&["plan"]).await
    }
    /// Carries out what is declared, approved where that is needed; then nothing is left to do.
    pub async fn apply(&self, text: &str) -> Ran {
        let planned = self.plan(text).await;
        if planned.code == 4 {
            let id = planned.out.lines().find_map(|line| line.strip_prefix("Plan acme ")).and_then(|l| l.split(' ').next()).unwrap();
            let approved = self.run(&["approve", "acme", id, "--approver", "ann", "--reason", "a test"]).await;
            assert_eq!(approved.code, 0, "{}{}\n{}", approved.out, approved.err, planned.out);
        }
        let applied = self.run(&["apply", "--yes"]).await;
        assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);
        self.settled().await;
        applied
    }
    /// Nothing is left to do.
    pub async fn settled(&self) {
        let again = self.run(&["plan"]).await;
        assert!(again.code == 0 && again.out.contains("nothing to do"), "{}{}", again.out, again.err);
    }
}

/// A domain with mailboxes here: lines of its head, then its users.
pub fn hosted(head: &str, users: &str) -> String {
    format!("[domains.\"acme.example\"]\nrelay_check = \"control-panel\"\n{head}\n{users}")
}

/// A user of acme.example; its aliases as a list of TOML holds them.
pub fn user(address: &str, aliases: &str) -> String {
    format!("[[users]]\naddress = \"{address}@acme.example\"\naliases = [{aliases}]\n")
}

/// A decision of today to remove something.
pub fn removed(kind: &str, name: &str) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    format!("[[removed]]\n{kind} = \"{name}\"\nsince = {today}\nreason = \"a test\"\n")
}
