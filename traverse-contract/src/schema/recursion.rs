//! Types that contain themselves by way of `$ref`: this version has none (spec SCHEMA-14).

use super::{Schema, SchemaKind};
use crate::diagnostic::Diagnostic;
use crate::spec::section::MAX_ERRORS;
use std::collections::{HashSet, VecDeque};

/// Every cycle of references, once.
pub(super) fn check_recursion(types: &[(String, Schema)], errors: &mut Vec<Diagnostic>) {
    let references: Vec<Vec<usize>> = types
        .iter()
        .map(|(_, schema)| {
            let mut found = Vec::new();
            references_of(schema, &mut |name| {
                found.extend(types.binary_search_by(|(known, _)| known.as_str().cmp(name)));
            });
            found
        })
        .collect();
    let mut reported: HashSet<usize> = HashSet::new();
    for start in unsettled(&references).into_iter().take(MAX_CYCLE_SEARCHES) {
        if errors.len() >= MAX_ERRORS || reported.contains(&start) {
            continue;
        }
        let Some(cycle) = cycle_through(start, &references) else { continue };
        let name = |&member: &usize| types[member].0.as_str();
        let mut path: Vec<&str> = cycle.iter().chain([&start]).map(name).collect();
        if path.len() > 10 {
            path.splice(5..path.len() - 4, ["…"]);
        }
        errors.push(
            Diagnostic::error("schema-recursive", format!("type `{}` contains itself", name(&start)))
                .at(types[start].1.span, "")
                .note(format!("by way of {}", path.join(" → ")))
                .help("this version has no recursive types; write the levels out"),
        );
        reported.extend(cycle);
    }
}

/// From how many types a cycle is looked for: each search may walk every reference.
const MAX_CYCLE_SEARCHES: usize = 1000;

/// The types that cannot be taken down to types without references: those on a cycle, and those that lead into one.
fn unsettled(references: &[Vec<usize>]) -> Vec<usize> {
    let mut open: Vec<usize> = references.iter().map(Vec::len).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); references.len()];
    for (user, targets) in references.iter().enumerate() {
        for &target in targets {
            users[target].push(user);
        }
    }
    let mut settled: Vec<usize> = (0..open.len()).filter(|&index| open[index] == 0).collect();
    while let Some(target) = settled.pop() {
        for &user in &users[target] {
            open[user] -= 1;
            if open[user] == 0 {
                settled.push(user);
            }
        }
    }
    (0..open.len()).filter(|&index| open[index] > 0).collect()
}

/// The shortest cycle that leads from `start` back to it.
fn cycle_through(start: usize, references: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut came_from: Vec<Option<usize>> = vec![None; references.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(from) = queue.pop_front() {
        for &to in &references[from] {
            if to == start {
                let mut cycle = vec![from];
                while let Some(before) = cycle.last().and_then(|&member| came_from[member]) {
                    cycle.push(before);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if came_from[to].is_none() {
                came_from[to] = Some(from);
                queue.push_back(to);
            }
        }
    }
    None
}

fn references_of(schema: &Schema, found: &mut impl FnMut(&str)) {
    match &schema.kind {
        SchemaKind::Ref(name) => found(name),
        SchemaKind::Array(items, _) | SchemaKind::Map(items, _) => references_of(items, found),
        SchemaKind::Object(object) => {
            for property in &object.properties {
                references_of(&property.schema, found);
            }
        }
        _ => {}
    }
}
