//! A real directory for one test: OpenLDAP with the attributes of Active Directory (`tests/peers/slapd.sh`).

use crate::support::binary::repository;
use mailwright::panel::{LdapReach, PanelOptions};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};

/// A running directory.
pub struct Slapd {
    folder: tempfile::TempDir,
    port: u16,
    tls_port: u16,
}

/// Where people are.
pub const PEOPLE: &str = "ou=people,dc=corp,dc=example";

/// A directory as the panel takes it: everybody of [`PEOPLE`].
pub fn settings(host: &str, tls: &str) -> serde_json::Value {
    let port = if tls == "ldaps" { 636 } else { 389 };
    serde_json::json!({ "host": host, "port": port, "tls": tls, "bind_dn": "cn=sync,ou=service,dc=corp,dc=example",
        "bind_password": "sync-password", "bind_password_label": "initial", "search_base": PEOPLE })
}

impl Slapd {
    /// Starts one with so many people; `None` where slapd is not installed, which is told.
    pub fn start(users: usize) -> Option<Self> {
        if std::env::var_os("MAILWRIGHT_SLAPD").is_none() {
            if let Some(log) = std::env::var_os("MAILWRIGHT_SKIP_LOG") {
                let mut file = std::fs::OpenOptions::new().append(true).create(true).open(log).expect("the skip log");
                writeln!(file, "slapd: not installed").expect("the skip log");
            }
            return None;
        }
        // below those that outgoing connections are given, so that a server which was stopped gets its port back
        let free = || loop {
            let port = fastrand::u16(10_000..30_000);
            if TcpListener::bind(("127.0.0.1", port)).is_ok() {
                break port;
            }
        };
        let mut one = Self { folder: tempfile::tempdir().expect("a folder"), port: free(), tls_port: free() };
        one.script(&["make", one.path(), &users.to_string()]);
        // a port that was free a moment ago may be somebody's by now
        for _ in 0..4 {
            if one.try_up() {
                return Some(one);
            }
            (one.port, one.tls_port) = (free(), free());
        }
        one.up();
        Some(one)
    }
    fn path(&self) -> &str {
        self.folder.path().to_str().expect("a name")
    }
    fn succeeds(args: &[&str]) -> bool {
        let done = Command::new("bash").arg(repository("tests/peers/slapd.sh")).args(args).stdout(Stdio::null()).status();
        done.expect("bash runs").success()
    }
    fn script(&self, args: &[&str]) {
        assert!(Self::succeeds(args), "slapd.sh {args:?}");
    }
    fn try_up(&self) -> bool {
        Self::succeeds(&["start", self.path(), &self.port.to_string(), &self.tls_port.to_string()])
    }
    /// Starts it again.
    pub fn up(&self) {
        assert!(self.try_up(), "slapd.sh start {} {}", self.port, self.tls_port);
    }
    /// Stops it.
    pub fn down(&self) {
        self.script(&["stop", self.path()]);
    }
    /// Changes it as its administrator, in LDIF.
    pub fn modify(&self, ldif: &str) {
        let mut command = Command::new("ldapmodify");
        command.args(["-x", "-H", &format!("ldap://127.0.0.1:{}", self.port), "-D", "cn=admin,dc=corp,dc=example", "-w", "admin-password"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("ldapmodify runs");
        child.stdin.take().expect("a pipe").write_all(ldif.as_bytes()).expect("it reads");
        assert!(child.wait().expect("it ends").success(), "{ldif}");
    }
    /// Options of a panel for tests that reaches it, and nothing else, as dc1 (whom its certificate names) and as dc2.
    pub fn options(&self) -> PanelOptions {
        let at = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        let names = ["dc1.corp.example", "dc2.corp.example"];
        let known = |name: &str| [(format!("{name}:389"), at(self.port)), (format!("{name}:636"), at(self.tls_port))];
        let connect_to: BTreeMap<String, SocketAddr> = names.into_iter().flat_map(known).collect();
        let ca_pem = Some(std::fs::read(self.ca()).expect("a certificate"));
        PanelOptions {
            test_endpoints: true,
            ldap: LdapReach { ca_pem, connect_to, only_known: true, unpaged: false },
            ..PanelOptions::default()
        }
    }
    /// The certificate of its authority.
    pub fn ca(&self) -> std::path::PathBuf {
        self.folder.path().join("certs/ca.pem")
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        if Path::new(self.path()).join("slapd.pid").exists() {
            self.down();
        }
    }
}
