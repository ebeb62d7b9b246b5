//! `cargo traverse build --timings`: where the time of a build went.

use crate::error::CommandError;
use crate::report::{Screen, Style, printable_line};
use serde::Serialize;
use std::path::Path;
use std::time::Duration;

/// `{stages, crates}`: stages one after the other, crates some of them side by side.
#[derive(Debug, Serialize)]
pub(crate) struct Timings {
    stages: Vec<Stage>,
    crates: Vec<CrateTime>,
}

/// `{name, seconds}`
#[derive(Debug, Serialize)]
struct Stage {
    name: &'static str,
    seconds: f64,
}

/// `{name, of, seconds}`: `of` is `module`, or `host` for what runs during the build. What was compiled before is not here.
#[derive(Debug, Serialize)]
struct CrateTime {
    name: String,
    of: String,
    seconds: f64,
}

impl Timings {
    /// The stages as measured, and what the compiler's wrapper wrote of the crates, the longest first.
    ///
    /// # Errors
    ///
    /// `timings-unreadable`.
    pub(super) fn read(stages: Vec<(&'static str, Duration)>, file: &Path) -> Result<Timings, CommandError> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| CommandError::io("timings-unreadable", "read", file, &error))?;
        let mut crates: Vec<CrateTime> = text.lines().filter_map(crate_time).collect();
        crates.sort_by(|one, other| other.seconds.total_cmp(&one.seconds));
        let milliseconds = |time: Duration| (time.as_secs_f64() * 1000.0).round() / 1000.0;
        let stages = stages.into_iter().map(|(name, time)| Stage { name, seconds: milliseconds(time) });
        Ok(Timings { stages: stages.collect(), crates })
    }

    /// A table for people.
    pub(super) fn render(&self, screen: &mut Screen) {
        screen.line(screen.paint(Style::Strong, "stages"));
        for stage in &self.stages {
            screen.line(format!("  {:>8.2} s  {}", stage.seconds, stage.name));
        }
        screen.line(screen.paint(Style::Strong, "crates compiled"));
        for found in &self.crates {
            screen.line(format!(
                "  {:>8.2} s  {} ({})",
                found.seconds,
                printable_line(&found.name),
                found.of
            ));
        }
        if self.crates.is_empty() {
            screen.line("  none: all were there already");
        }
    }
}

fn crate_time(line: &str) -> Option<CrateTime> {
    let mut words = line.split(' ');
    let (name, of, seconds) = (words.next()?, words.next()?, words.next()?);
    Some(CrateTime { name: name.to_owned(), of: of.to_owned(), seconds: seconds.parse().ok()? })
}
