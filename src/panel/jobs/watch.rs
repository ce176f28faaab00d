//! The loop of a served panel.

use super::due::run_due;
use crate::panel::limits::JOB_TICK_SECONDS;
use crate::panel::open::Shared;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// Looks for due jobs until it is dropped. A failure is logged and tried again at the next tick.
pub(crate) async fn watch(app: Shared) {
    if app.options.read_only {
        return;
    }
    let mut ticks = tokio::time::interval(Duration::from_secs(JOB_TICK_SECONDS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(stop) = run_due(&app).await {
            tracing::error!(detail = stop.detail(), "a job of the panel failed");
        }
    }
}
