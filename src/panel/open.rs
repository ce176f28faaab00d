//! Opening a panel's database, and the tokens that its opener may mint.

use crate::base::Secret;
use crate::panel::auth::{Caller, Sessions, fresh};
use crate::panel::clock::PanelClock;
use crate::panel::directory::LdapReach;
use crate::panel::jobs;
use crate::panel::limits::{BUSY_SECONDS, READERS};
use crate::panel::migrations;
use crate::panel::store;
use crate::panel::store::counts::Counts;
use crate::panel::traffic::{Counters, Traffic};
use crate::wire::TokenScope;
use jiff::tz::TimeZone;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How a panel is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PanelOptions {
    /// Refuse every mutating verb with 403 `read_only`, and count them.
    pub read_only: bool,
    /// Offer `/v1/test/…`: set the clock, feed mail counts, make users of any origin.
    pub test_endpoints: bool,
    /// How directories are reached.
    pub ldap: LdapReach,
    /// The zone of the panel's day: the nightly creation of users runs at 23:00 there. UTC where none is given.
    pub time_zone: Option<TimeZone>,
    /// Who is asked for the records of sending domains; none: the system's resolver.
    pub resolver: Option<SocketAddr>,
}

/// Why a panel could not be opened, served or asked for a token.
#[derive(Debug, thiserror::Error)]
pub enum PanelError {
    /// The database could not be opened or written.
    #[error("the panel's database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database is newer than this program, or damaged.
    #[error("the panel's database cannot be brought to this version: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Jobs that were due could not be run.
    #[error("the panel's jobs: {0}")]
    Jobs(String),
    /// The listener failed.
    #[error("the panel's listener: {0}")]
    Listener(#[from] std::io::Error),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(#[from] getrandom::Error),
    /// A token was asked for a tenant that does not exist, or without a scope or a proper name.
    #[error("the token cannot be minted: {0}")]
    Token(String),
}

/// An open panel; [`Panel::serve`] puts it on a listener.
pub struct Panel {
    pub(crate) app: Shared,
}

/// Everything that handlers share.
pub(crate) struct App {
    /// One connection: SQLite has one writer.
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    pub(crate) clock: PanelClock,
    pub(crate) options: PanelOptions,
    /// The instance, from the database.
    pub(crate) id: String,
    pub(crate) counts: Counts,
    pub(crate) sessions: Sessions,
    pub(crate) traffic: Counters,
    /// Held while jobs run, so that they run one after another.
    pub(crate) jobs: tokio::sync::Mutex<()>,
}

pub(crate) type Shared = Arc<App>;

/// Opens the database at `path`, making it if it is not there, and brings it to this version.
///
/// # Errors
/// [`PanelError`] if it cannot be opened, is newer than this program, or is no such database.
pub async fn open(path: &Path, clock: impl Into<PanelClock>, options: PanelOptions) -> Result<Panel, PanelError> {
    let connect = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(BUSY_SECONDS))
        .pragma("cache_size", "-65536");
    let writer = SqlitePoolOptions::new().max_connections(1).connect_with(connect.clone()).await?;
    migrations::all().run(&writer).await?;
    let id = store::meta::instance(&writer).await?;
    let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(connect.read_only(true)).await?;
    let app = App {
        writer,
        readers,
        clock: clock.into(),
        options,
        id,
        counts: Counts::default(),
        sessions: Sessions::default(),
        traffic: Counters::default(),
        jobs: tokio::sync::Mutex::default(),
    };
    if !app.options.read_only {
        // what was due while nobody had the panel open
        jobs::run_due(&app).await.map_err(|stop| PanelError::Jobs(stop.detail()))?;
    }
    Ok(Panel { app: Arc::new(app) })
}

impl Panel {
    /// The panel's origin: minted once into its database.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.app.id
    }

    /// Runs every job that is due by the panel's clock, in order of time; a served panel does so about once a second.
    ///
    /// # Errors
    /// [`PanelError::Jobs`].
    pub async fn run_due(&self) -> Result<(), PanelError> {
        jobs::run_due(&self.app).await.map_err(|stop| PanelError::Jobs(stop.detail()))
    }

    /// Requests seen until now.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.app.traffic.now()
    }

    /// Mints a token into the database, as `POST /v1/tokens` does, for `mailwright panel`.
    /// `tenant` is the id of the only tenant it may see; `ttl` is counted by the panel's clock.
    ///
    /// # Errors
    /// [`PanelError::Token`] if a value is refused; the database's own errors.
    pub async fn mint_token(
        &self,
        name: &str,
        scopes: &[TokenScope],
        tenant: Option<&str>,
        ttl: Option<Duration>,
    ) -> Result<Secret, PanelError> {
        let request = crate::wire::TokenCreate {
            name: name.to_owned(),
            scopes: scopes.to_vec(),
            tenant: tenant.map(str::to_owned),
            ttl_seconds: ttl.map(|t| t.as_secs()),
        };
        let mut tx = self.app.writer.begin_with("BEGIN IMMEDIATE").await?;
        let minted = store::tokens::mint(&mut tx, &request, self.app.clock.now()).await;
        let (_, secret) = minted.map_err(|stop| PanelError::Token(stop.detail()))?;
        tx.commit().await?;
        Ok(secret)
    }

    /// A token for all tenants that lives in the memory of this process only, for `embedded:PATH`.
    ///
    /// # Errors
    /// [`PanelError::Random`].
    pub fn session_token(&self, name: &str, scopes: &[TokenScope]) -> Result<Secret, PanelError> {
        let (secret, hash) = fresh()?;
        let caller = Caller { name: name.to_owned(), scopes: scopes.iter().copied().collect(), tenant: None, expires_at: None };
        self.app.sessions.add(hash, caller);
        Ok(secret)
    }

    /// Closes the database of a panel that was not served.
    pub async fn close(self) {
        self.app.close().await;
    }
}

impl App {
    /// Waits for the writes under way and closes the database files.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
