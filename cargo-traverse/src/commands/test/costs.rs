//! What calls cost, against the limits and against what was recorded (spec TEST-40 to TEST-42).

use crate::error::CommandError;
use crate::probe::Cost;
use crate::project::Project;
use crate::write::write_beside;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file of recorded costs, in a package.
pub(super) const FILE: &str = "traverse.costs.json";

/// A cost may rise by so much, in percent, before it is reported.
const TOLERATED_PERCENT: u64 = 5;

/// What each case cost when it was recorded.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recorded {
    /// By the case's name.
    pub(super) cases: BTreeMap<String, Cost>,
}

/// `{case, what, from, to}`: a cost that rose by more than is tolerated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Rise {
    /// The case.
    pub(super) case: String,
    /// `fuel`, `memory_bytes` or `output_bytes`.
    pub(super) what: &'static str,
    /// When it was recorded.
    pub(super) from: u64,
    /// Now.
    pub(super) to: u64,
}

/// What was recorded, if anything was.
///
/// # Errors
/// `costs-invalid`.
pub(super) fn read(project: &Project) -> Result<Option<Recorded>, CommandError> {
    if !project.path(FILE).is_file() {
        return Ok(None);
    }
    let source = project.read(FILE)?;
    let invalid = |error: serde_json::Error| {
        CommandError::new("costs-invalid", format!("`{}` holds no recorded costs: {error}", source.name))
            .help("`cargo traverse test --bless-cost` writes it anew")
    };
    serde_json::from_str(&source.text).map(Some).map_err(invalid)
}

/// Records what the cases cost.
///
/// # Errors
/// `costs-unwritable`.
pub(super) fn write(project: &Project, cases: BTreeMap<String, Cost>) -> Result<(), CommandError> {
    let path = project.path(FILE);
    // Numbers and names always serialize.
    let mut text = serde_json::to_string_pretty(&Recorded { cases }).unwrap_or_default();
    text.push('\n');
    write_beside(&path, text.as_bytes())
        .map_err(|error| CommandError::io("costs-unwritable", "write", &path, &error))
}

/// Of cases of one name the dearest of each.
pub(super) fn by_name<'a>(costs: impl Iterator<Item = (&'a str, Cost)>) -> BTreeMap<String, Cost> {
    let mut all: BTreeMap<String, Cost> = BTreeMap::new();
    for (name, cost) in costs {
        all.entry(name.to_owned()).or_default().include(cost);
    }
    all
}

/// What became dearer.
pub(super) fn rises(recorded: &Recorded, case: &str, now: Cost) -> Vec<Rise> {
    let Some(before) = recorded.cases.get(case) else { return Vec::new() };
    let parts = [
        ("fuel", before.fuel, now.fuel),
        ("memory_bytes", before.memory_bytes, now.memory_bytes),
        ("output_bytes", before.output_bytes, now.output_bytes),
    ];
    parts
        .into_iter()
        .filter(|(_, from, to)| to.saturating_mul(100) > from.saturating_mul(100 + TOLERATED_PERCENT))
        .map(|(what, from, to)| Rise { case: case.to_owned(), what, from, to })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: TEST-42
    #[test]
    fn a_rise_of_more_than_five_percent_is_one() {
        let cost = |fuel| Cost { fuel, memory_bytes: 65_536, output_bytes: 10 };
        let recorded = Recorded { cases: [("a".to_owned(), cost(1000))].into() };
        assert!(rises(&recorded, "a", cost(1050)).is_empty());
        let risen = rises(&recorded, "a", cost(1051));
        assert_eq!(risen, [Rise { case: "a".into(), what: "fuel", from: 1000, to: 1051 }]);
        assert!(rises(&recorded, "b", cost(9000)).is_empty());
    }
}
