//! Looks minted records up in the DNS, by the resolver that the panel was started with.

use crate::base::printable::printable_short;
use crate::panel::limits::{DNS_SECONDS, PROBLEM_CHARS};
use crate::panel::stop::Stop;
use crate::wire::{Cname, Code, Problem, WrongCname};
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use hickory_resolver::{Resolver, TokioResolver};
use std::net::SocketAddr;
use std::time::Duration;

/// Where the system's resolvers stand (resolv.conf(5)).
const RESOLV_CONF: &str = "/etc/resolv.conf";

fn internal(error: impl std::fmt::Display) -> Stop {
    tracing::error!(%error, "the resolver could not be made");
    Problem::new(Code::Internal, "the resolver could not be made").into()
}

/// A resolver without memory: a person who has just published a record does not want an old answer.
fn resolver(server: SocketAddr) -> Result<TokioResolver, Stop> {
    let at_port = |mut connection: ConnectionConfig| {
        connection.port = server.port();
        connection
    };
    let connections = vec![at_port(ConnectionConfig::udp()), at_port(ConnectionConfig::tcp())];
    let server = NameServerConfig::new(server.ip(), true, connections);
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    let mut builder = Resolver::builder_with_config(config, TokioRuntimeProvider::default());
    let options = builder.options_mut();
    options.timeout = Duration::from_secs(DNS_SECONDS);
    options.attempts = 2;
    options.cache_size = 0;
    builder.build().map_err(internal)
}

/// The resolver to ask: the given one, else the system's first.
fn server(given: Option<SocketAddr>) -> Result<SocketAddr, Stop> {
    let system = || {
        let text = std::fs::read_to_string(RESOLV_CONF).ok()?;
        let address = text.lines().find_map(|line| line.strip_prefix("nameserver")?.trim().parse().ok())?;
        Some(SocketAddr::new(address, 53))
    };
    let none = || Problem::new(Code::NoResolver, "start the panel with `--resolver ADDRESS:PORT`").into();
    given.or_else(system).ok_or_else(none)
}

/// The records that are not as they must be.
pub(crate) async fn wrong(given: Option<SocketAddr>, cnames: &[Cname]) -> Result<Vec<WrongCname>, Stop> {
    let resolver = resolver(server(given)?)?;
    let mut wrong = Vec::new();
    for cname in cnames {
        let found = target(&resolver, &cname.name).await;
        if found.as_ref().is_ok_and(|target| *target == cname.target) {
            continue;
        }
        let found = found.map_or_else(|why| why, |target| format!("it points to {target}"));
        wrong.push(WrongCname { name: cname.name.clone(), target: cname.target.clone(), found: printable_short(&found, PROBLEM_CHARS) });
    }
    Ok(wrong)
}

/// Where a name points to, in lower case and without the dot at its end.
async fn target(resolver: &TokioResolver, name: &str) -> Result<String, String> {
    let looked = resolver.lookup(format!("{name}."), RecordType::CNAME).await;
    let looked = looked.map_err(|error| if error.is_no_records_found() { "no CNAME record".to_owned() } else { error.to_string() })?;
    let target = looked.answers().iter().find_map(|record| match &record.data {
        RData::CNAME(target) => Some(target.0.to_ascii().trim_end_matches('.').to_ascii_lowercase()),
        _ => None,
    });
    target.ok_or_else(|| "no CNAME record".to_owned())
}
