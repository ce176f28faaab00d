//! The panel on a listener: routes, layers, and a handle that stops it.

use crate::panel::jobs;
use crate::panel::limits::REQUEST_SECONDS;
use crate::panel::open::{Panel, PanelError, Shared};
use crate::panel::routes;
use crate::panel::stop::Stop;
use crate::panel::traffic::Traffic;
use crate::wire::{Code, Problem};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt as _;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower_http::catch_panic::CatchPanicLayer;

/// A panel that is being served.
pub struct ServerHandle {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
    jobs: JoinHandle<()>,
    app: Shared,
}

impl Panel {
    /// Serves the panel until [`ServerHandle::shutdown`]. The listener is the caller's: `127.0.0.1:0` for `embedded:`.
    ///
    /// # Errors
    /// [`PanelError::Listener`] if the listener has no address.
    pub fn serve(self, listener: tokio::net::TcpListener) -> Result<ServerHandle, PanelError> {
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let service = router(self.app.clone());
        // without it an answer waits up to 40 ms for the client's delayed ACK
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
            // a dropped handle stops the panel too
            let _ = stopped.await;
        });
        let task = tokio::spawn(serving.into_future());
        let jobs = tokio::spawn(jobs::watch(self.app.clone()));
        Ok(ServerHandle { address, stop: Some(stop), task, jobs, app: self.app })
    }
}

impl ServerHandle {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
    /// The base URL of the API, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
    /// Runs every job that is due by the panel's clock, for a test that moved the clock itself.
    ///
    /// # Errors
    /// [`PanelError::Jobs`].
    pub async fn run_due(&self) -> Result<(), PanelError> {
        jobs::run_due(&self.app).await.map_err(|stop| PanelError::Jobs(stop.detail()))
    }
    /// Requests seen since the panel was opened.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.app.traffic.now()
    }
    /// Takes no new request, finishes those in hand and closes the database.
    ///
    /// # Errors
    /// [`PanelError::Listener`] if the listener had failed.
    pub async fn shutdown(mut self) -> Result<(), PanelError> {
        if let Some(stop) = self.stop.take() {
            // the receiver is gone only if the listener has failed already, which the task tells
            let _ = stop.send(());
        }
        let served = (&mut self.task).await;
        // a job under way is finished first
        drop(self.app.jobs.lock().await);
        self.jobs.abort();
        self.app.close().await;
        match served {
            Ok(result) => Ok(result?),
            Err(error) => Err(PanelError::Listener(std::io::Error::other(error))),
        }
    }
}

fn router(app: Shared) -> Router {
    let (router, _) = routes::all().split_for_parts();
    router
        .fallback(async || Stop::not_found("path"))
        .method_not_allowed_fallback(async || Stop::from(Problem::new(Code::MethodNotAllowed, "see the header Allow")))
        .layer(from_fn_with_state(app.clone(), gate))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app)
}

/// Counts, refuses writes on a read-only panel, and ends a request that takes too long.
async fn gate(State(app): State<Shared>, request: Request, next: Next) -> Response {
    // a connection test has a body and changes nothing
    let asks = request.uri().path().starts_with("/v1/tenants/") && request.uri().path().ends_with("/test");
    if asks || matches!(*request.method(), Method::GET | Method::HEAD) {
        app.traffic.read();
    } else {
        app.traffic.write();
        if app.options.read_only {
            app.traffic.refused();
            return Stop::from(Problem::new(Code::ReadOnly, "this panel was started read-only")).into_response();
        }
    }
    match tokio::time::timeout(Duration::from_secs(REQUEST_SECONDS), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Stop::from(Problem::new(Code::Busy, "the answer took too long; ask for the operation's outcome")).into_response(),
    }
}

fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a handler of the panel panicked");
    Stop::from(Problem::new(Code::Internal, "a defect of the panel; please report it")).into_response()
}
