//! Drivers that sit the exam.

use crate::exam::bench::Bench;
use crate::exam::chapter::all;
use crate::exam::http_modoboa::HttpModoboa;
use crate::exam::http_panel::HttpPanel;
use crate::exam::in_memory::InMemory;
use crate::exam::run::{Report, chapter};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Fewest states in the data.
const STATES: usize = 60;

/// All chapters on a bench, as many at a time as it allows; prints the table.
pub async fn sit(bench: Arc<dyn Bench>) -> Report {
    let (mut running, turn) = (JoinSet::new(), Arc::new(Semaphore::new(bench.at_a_time())));
    for (number, one) in all().into_iter().enumerate() {
        let (bench, turn) = (bench.clone(), turn.clone());
        running.spawn(async move {
            let _turn = turn.acquire_owned().await.expect("open");
            (number, chapter(bench.as_ref(), &one).await)
        });
    }
    let mut came = running.join_all().await;
    came.sort_by_key(|(number, _)| *number);
    let (states, wrong): (Vec<_>, Vec<_>) = came.into_iter().partition(|(_, result)| result.is_ok());
    let wrong: Vec<String> = wrong.into_iter().filter_map(|(_, result)| result.err()).collect();
    let report = Report { driver: bench.name(), states: states.into_iter().filter_map(|(_, result)| result.ok()).flatten().collect() };
    println!("{}", report.table());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    report
}

/// Fewest states that a panel reaches which has relay domains and mailboxes and nothing else.
const SMALL: usize = 35;

#[tokio::test(flavor = "multi_thread")]
async fn exam_small() {
    let report = sit(Arc::new(InMemory { small: true })).await;
    assert!(report.reached() >= SMALL, "{} of {}", report.reached(), report.states.len());
    let of = |word: &str| report.table().matches(&format!("\n  {word}")).count();
    assert!(of("refused") >= 10 && of("handed over") >= 2 && of("skipped") >= 2, "{}", report.table());
}

#[tokio::test(flavor = "multi_thread")]
async fn exam_memory() {
    let report = sit(Arc::new(InMemory { small: false })).await;
    assert!(report.states.len() >= STATES && report.reached() >= STATES, "{} of {}", report.reached(), report.states.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn exam_panel() {
    let report = sit(Arc::new(HttpPanel)).await;
    assert!(report.reached() >= STATES, "{} of {}", report.reached(), report.states.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn exam_modoboa() {
    if !HttpModoboa::is_here() {
        return;
    }
    let report = sit(Arc::new(HttpModoboa)).await;
    assert!(report.reached() >= SMALL, "{} of {}", report.reached(), report.states.len());
}
