//! What is neither schema nor clause nor exception: names, limits, placement (spec `CHANGE-9`).

use super::Change;
use super::version::Judgement;
use traverse_contract::Contract;
use traverse_contract::spec::{Limits, Placement, Text};

/// `[capability]` without its version.
pub(crate) fn identity(old: &Contract, new: &Contract) -> Vec<Change> {
    let mut changes = Vec::new();
    let (one, other) = (&old.spec.capability, &new.spec.capability);
    if one.id.value != other.id.value {
        changes.push(
            Change::new("capability.id", Judgement::Breaking, "another capability")
                .between(Some(one.id.value.clone()), Some(other.id.value.clone())),
        );
    }
    let runtime = (Some(one.runtime.clone()), Some(other.runtime.clone()));
    for (place, was, is) in [
        // The two names of the runtime mean the same.
        ("capability.runtime", &runtime.0, &runtime.1),
        ("capability.summary", &one.summary, &other.summary),
        ("capability.description", &one.description, &other.description),
        ("capability.owner", &one.owner, &other.owner),
    ] {
        let (was, is) = (text(was), text(is));
        if was != is {
            changes.push(Change::new(place, Judgement::Text, "changed").between(was, is));
        }
    }
    changes
}

/// `[limits]` and `[placement]`.
pub(crate) fn surroundings(old: &Contract, new: &Contract) -> Vec<Change> {
    let mut changes = Vec::new();
    let (one, other) = (&old.spec.limits, &new.spec.limits);
    // More of what a call may use lets no call fail; results may grow, which callers have to hold.
    for (place, was, is, more) in [
        ("limits.fuel", one.fuel, other.fuel, (Limits::DEFAULT_FUEL, Judgement::Compatible)),
        (
            "limits.memory_bytes",
            one.memory_bytes,
            other.memory_bytes,
            (Limits::DEFAULT_MEMORY_BYTES, Judgement::Compatible),
        ),
        (
            "limits.input_bytes",
            one.input_bytes,
            other.input_bytes,
            (Limits::DEFAULT_INPUT_BYTES, Judgement::Compatible),
        ),
        (
            "limits.output_bytes",
            one.output_bytes,
            other.output_bytes,
            (Limits::DEFAULT_OUTPUT_BYTES, Judgement::Breaking),
        ),
        (
            "limits.stack_bytes",
            one.stack_bytes,
            other.stack_bytes,
            (Limits::DEFAULT_STACK_BYTES, Judgement::Compatible),
        ),
    ] {
        let (default, if_more) = more;
        let (was, is) = (was.unwrap_or(default), is.unwrap_or(default));
        if was != is {
            let if_less = match if_more {
                Judgement::Breaking => Judgement::Compatible,
                _ => Judgement::Breaking,
            };
            let (judgement, what) = if is > was { (if_more, "raised") } else { (if_less, "lowered") };
            changes.push(
                Change::new(place, judgement, what).between(Some(was.to_string()), Some(is.to_string())),
            );
        }
    }
    if one.initial_memory_bytes != other.initial_memory_bytes {
        let written = |bytes: Option<u64>| bytes.map(|bytes| bytes.to_string());
        changes.push(
            Change::new("limits.initial_memory_bytes", Judgement::Text, "changed")
                .between(written(one.initial_memory_bytes), written(other.initial_memory_bytes)),
        );
    }
    changes.extend(placement(old.spec.placement.as_ref(), new.spec.placement.as_ref()));
    changes
}

fn placement(old: Option<&Placement>, new: Option<&Placement>) -> Vec<Change> {
    let targets = |placement: Option<&Placement>| -> Vec<String> {
        let targets =
            placement.map(|placement| placement.targets.iter().map(|target| target.value.clone()).collect());
        targets.unwrap_or_default()
    };
    let (was, is) = (targets(old), targets(new));
    let mut changes = Vec::new();
    let gone = was.iter().filter(|target| !is.contains(target));
    changes.extend(
        gone.map(|target| Change::new(format!("placement.targets {target}"), Judgement::Breaking, "removed")),
    );
    let come = is.iter().filter(|target| !was.contains(target));
    changes.extend(
        come.map(|target| Change::new(format!("placement.targets {target}"), Judgement::Compatible, "added")),
    );
    for (place, pick) in [
        ("placement.prefer", (|p: &Placement| text(&p.prefer)) as fn(&Placement) -> Option<String>),
        ("placement.fallback", |p: &Placement| text(&p.fallback)),
    ] {
        let (was, is) = (old.and_then(pick), new.and_then(pick));
        if was != is {
            changes.push(Change::new(place, Judgement::Text, "changed").between(was, is));
        }
    }
    changes
}

fn text(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|text| text.value.clone())
}
