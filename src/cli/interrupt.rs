//! Ctrl-C and SIGTERM, as a moment to wait for and as a flag to watch (S12.3).

use tokio::sync::watch;

/// Becomes true when the process is asked to stop. Must be called on a runtime.
pub fn watched() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        told().await;
        // Without a receiver the run is over and nobody needs to know.
        let _ = sender.send(true);
        std::future::pending::<()>().await;
    });
    receiver
}

/// Returns when the process is asked to stop.
pub async fn told() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = term.recv() => {}
            }
            return;
        }
    }
    // Where signals cannot be listened to nobody can ask; whoever waits goes on.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
