//! What benchmarks share: the ratios of a run, which are what can be compared between machines.

use criterion::Criterion;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A goal: one measured thing as a multiple of another.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    /// What it is about.
    pub what: &'static str,
    /// `group/function` of what is measured.
    pub of: &'static str,
    /// `group/function` of what it is compared with.
    pub to: &'static str,
    /// The ratio's bound.
    pub bound: Bound,
}

/// A bound of a ratio.
#[derive(Debug, Clone, Copy)]
pub enum Bound {
    /// No more than this many times the other.
    AtMost(f64),
    /// The other takes at least this many times as long.
    FasterBy(f64),
}

/// Prints what criterion measured in this run as ratios, each beside its goal. What was filtered out is passed over.
pub fn print_ratios(goals: &[Goal]) {
    println!();
    for goal in goals {
        let (Some(of), Some(to)) = (median(goal.of), median(goal.to)) else { continue };
        let (ratio, said, met) = match goal.bound {
            Bound::AtMost(most) => (of / to, format!("at most {most} x"), of / to <= most),
            Bound::FasterBy(least) => (to / of, format!("faster by at least {least} x"), to / of >= least),
        };
        let met = if met { "met" } else { "NOT MET" };
        println!(
            "{}: {ratio:.2} x ({}: {of:.0} ns, {}: {to:.0} ns); goal {said}: {met}",
            goal.what, goal.of, goal.to
        );
    }
}

/// Prints a measured time beside its goal, in microseconds.
pub fn print_time(what: &str, of: &str, most_microseconds: f64) {
    let Some(nanoseconds) = median(of) else { return };
    let met = if nanoseconds <= most_microseconds * 1e3 { "met" } else { "NOT MET" };
    println!("{what}: {:.1} µs; goal at most {most_microseconds} µs: {met}", nanoseconds / 1e3);
}

/// The median that criterion wrote for `group/function`, in nanoseconds.
fn median(id: &str) -> Option<f64> {
    let text = std::fs::read_to_string(folder().join(id).join("new/estimates.json")).ok()?;
    let estimates: Value = serde_json::from_str(&text).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}

/// Criterion as every benchmark here runs it. What an earlier run measured is removed, so that no ratio is of two runs.
pub fn criterion() -> Criterion {
    // Where there is nothing, there is nothing to remove.
    let _ = std::fs::remove_dir_all(folder());
    Criterion::default().configure_from_args()
}

fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    target.join("criterion")
}
