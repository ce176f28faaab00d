//! Many seeds on a few threads, each with a runtime of its own; a seed that fails is named and can be run alone.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Fewer seeds, for a quick look.
const SEEDS: &str = "MAILWRIGHT_SIM_SEEDS";
/// One seed only: the number that a failure names.
pub const SEED: &str = "MAILWRIGHT_SIM_SEED";
/// Threads for cases that compute.
pub const COMPUTING: usize = 2;
/// Threads for cases that mostly wait for a disk.
pub const WAITING: usize = 6;
/// Longer than any case takes on a busy machine.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);
/// Failures that are shown.
const SHOWN: usize = 3;

/// Runs `one` for every seed of `seeds`, or for the one in the environment, on `threads`. Gives what each told.
///
/// # Panics
/// Where a seed fails, with the first of them.
pub fn sweep<T: Send, F: AsyncFn(u64) -> Result<T, String> + Sync>(threads: usize, seeds: std::ops::Range<u64>, one: F) -> Vec<T> {
    let alone = std::env::var(SEED).ok().map(|s| s.parse::<u64>().expect("a seed is a number"));
    let most = std::env::var(SEEDS).ok().map(|s| s.parse::<u64>().expect("a number of seeds"));
    let seeds = seeds.start..most.map_or(seeds.end, |most| seeds.end.min(seeds.start + most));
    let seeds = alone.map_or(seeds, |seed| seed..seed + 1);
    let (next, told, failed) = (AtomicU64::new(seeds.start), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return;
            }
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                runtime.block_on(async {
                    let ended = tokio::time::timeout(PATIENCE, one(seed)).await;
                    ended.unwrap_or_else(|_| Err("it does not end".to_owned()))
                })
            }));
            match done.unwrap_or_else(|_| Err("it panics".to_owned())) {
                Ok(value) => told.lock().expect("no panic").push(value),
                Err(text) => failed.lock().expect("no panic").push((seed, text)),
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut failed = failed.into_inner().expect("no panic");
    failed.sort();
    let shown: Vec<String> = failed.iter().take(SHOWN).map(|(seed, text)| format!("{SEED}={seed}: {text}")).collect();
    let kinds: Vec<String> = failed.iter().take(200).map(|(seed, text)| format!("{seed} {}", text.lines().next().unwrap_or(""))).collect();
    assert!(
        failed.is_empty(),
        "{} of {} seeds fail:\n{}\n\n{}",
        failed.len(),
        seeds.end - seeds.start,
        shown.join("\n\n"),
        kinds.join("\n")
    );
    told.into_inner().expect("no panic")
}
