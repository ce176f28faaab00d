//! `mailwright panel serve`: the control panel over HTTP, until Ctrl-C or SIGTERM.

use crate::base::{ExitCode, Timestamp};
use crate::cli::failure::{Ended, Failure};
use crate::cli::terminal::Terminal;
use crate::engine::clock::SystemClock;
use crate::panel::{self, LdapReach, PanelClock, PanelOptions, SettableClock};
use clap::Args;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

const EXAMPLES: &str = "Examples:
  mailwright panel serve --db panel.db
  mailwright panel serve --db panel.db --listen 127.0.0.1:0      a free port; its address is told on stdout
  mailwright panel serve --db test.db --clock 2026-12-01T08:00:00Z --test-endpoints";

/// Options of `panel serve`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ServeArgs {
    /// The database file; made if it is not there
    #[arg(long, value_name = "PATH", default_value = "panel.db")]
    pub db: PathBuf,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Also listen where others can reach it. It speaks plain HTTP: put a TLS proxy before it
    #[arg(long)]
    pub allow_remote: bool,
    /// A clock that stands still at this moment until a test sets it
    #[arg(long, value_name = "RFC3339")]
    pub clock: Option<Timestamp>,
    /// The zone of the panel's day: users are created at 23:00 there under relay check `smtp`
    #[arg(long, value_name = "IANA ZONE", value_parser = zone)]
    pub time_zone: Option<TimeZone>,
    /// Offer /v1/test/: set the clock, feed mail counts, make users of any origin
    #[arg(long)]
    pub test_endpoints: bool,
    /// Who is asked for the records of sending domains; otherwise the system's resolver
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub resolver: Option<SocketAddr>,
    /// Refuse every write
    #[arg(long)]
    pub read_only: bool,
    /// Certificates (PEM) of the authorities that LDAP directories are trusted by, instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ldap_ca: Option<PathBuf>,
    /// Reach a configured directory at another address, as HOST:PORT=ADDRESS:PORT; its certificate is still checked
    /// against HOST
    #[arg(long, value_name = "HOST:PORT=ADDRESS:PORT", value_parser = connect_to)]
    pub ldap_connect: Vec<(String, SocketAddr)>,
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| format!("`{name}` is no time zone; write it like Europe/Berlin"))
}

/// Serves until it is told to stop.
///
/// # Errors
/// An address that is not this machine's or is taken; a database that cannot be opened.
pub async fn serve(args: &ServeArgs, terminal: Terminal) -> Ended {
    if !args.listen.ip().is_loopback() && !args.allow_remote {
        return Err(Failure::new(format!(
            "{} can be reached by others, and tokens would go in clear; listen on 127.0.0.1, or say --allow-remote behind a TLS proxy",
            args.listen
        )));
    }
    let clock: PanelClock = match args.clock {
        Some(at) => Arc::new(SettableClock::new(at)).into(),
        None => PanelClock::Given(Arc::new(SystemClock)),
    };
    let options = PanelOptions {
        read_only: args.read_only,
        test_endpoints: args.test_endpoints,
        time_zone: args.time_zone.clone(),
        ldap: reach(args)?,
        resolver: args.resolver,
    };
    let fail = |e: panel::PanelError| Failure::new(format!("{}: {e}", args.db.display()));
    let opened = panel::open(&args.db, clock, options).await.map_err(fail)?;
    let listener = tokio::net::TcpListener::bind(args.listen).await;
    let listener = listener.map_err(|e| Failure::new(format!("{} cannot be listened on: {e}", args.listen)))?;
    let handle = opened.serve(listener).map_err(fail)?;
    terminal.print(&format!("{}\n", handle.url()));
    terminal.say(&format!("serving {}; Ctrl-C stops it", args.db.display()));
    crate::cli::interrupt::told().await;
    handle.shutdown().await.map_err(fail)?;
    Ok(ExitCode::Done)
}

/// How directories are reached. A panel for tests reaches what it was told of and nothing else.
fn reach(args: &ServeArgs) -> Result<LdapReach, Failure> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|e| Failure::new(format!("{}: {e}", path.display())));
    let ca_pem = args.ldap_ca.as_ref().map(read).transpose()?;
    let connect_to = args.ldap_connect.iter().cloned().collect();
    Ok(LdapReach { ca_pem, connect_to, only_known: args.test_endpoints, unpaged: false })
}

fn connect_to(text: &str) -> Result<(String, SocketAddr), String> {
    let (from, to) = text.split_once('=').ok_or("write HOST:PORT=ADDRESS:PORT")?;
    let to = to.parse().map_err(|_| format!("`{to}` is no ADDRESS:PORT"))?;
    match from.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok((from.to_ascii_lowercase(), to)),
        Some(_) | None => Err(format!("`{from}` is no HOST:PORT")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_reached_elsewhere() {
        let (from, to) = connect_to("DC1.corp.example:636=127.0.0.1:13636").unwrap();
        assert_eq!((from.as_str(), to.port()), ("dc1.corp.example:636", 13636));
        for bad in ["dc1:636", "dc1=127.0.0.1:1", ":636=127.0.0.1:1", "dc1:x=127.0.0.1:1", "dc1:636=127.0.0.1"] {
            assert!(connect_to(bad).is_err(), "{bad}");
        }
    }
}
