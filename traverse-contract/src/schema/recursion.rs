//! Types that contain themselves by way of `$ref`: a value of such a type must come to an end (spec SCHEMA-14), and an
//! object must stand somewhere on the way (spec SCHEMA-35).

use super::{Schema, SchemaKind};
use crate::diagnostic::Diagnostic;
use crate::spec::section::MAX_ERRORS;
use std::collections::{HashSet, VecDeque};

/// Every cycle of references that no value can end, and every cycle without an object, once.
pub(super) fn check_recursion(types: &[(String, Schema)], errors: &mut Vec<Diagnostic>) {
    let mut reported: HashSet<usize> = HashSet::new();
    let endless = edges(types, needed);
    report(types, &endless, &mut reported, errors, |name| {
        Diagnostic::error("schema-recursive", format!("no value of type `{name}` ever ends")).help(
            "leave a property on the way out of `required`, let it be null, or let a list on it be empty",
        )
    });
    let unnamed = edges(types, beside_objects);
    report(types, &unnamed, &mut reported, errors, |name| {
        Diagnostic::error(
            "schema-recursive",
            format!("type `{name}` contains itself without an object between"),
        )
        .help("Rust has a type for it only by way of an object: put the list into a property of one")
    });
}

fn report(
    types: &[(String, Schema)],
    edges: &[Vec<usize>],
    reported: &mut HashSet<usize>,
    errors: &mut Vec<Diagnostic>,
    error: impl Fn(&str) -> Diagnostic,
) {
    for start in unsettled(edges).into_iter().take(MAX_CYCLE_SEARCHES) {
        if errors.len() >= MAX_ERRORS || reported.contains(&start) {
            continue;
        }
        let Some(cycle) = cycle_through(start, edges) else { continue };
        let name = |&member: &usize| types[member].0.as_str();
        let mut path: Vec<&str> = cycle.iter().chain([&start]).map(name).collect();
        if path.len() > 10 {
            path.splice(5..path.len() - 4, ["…"]);
        }
        let error = error(name(&start)).at(types[start].1.span, "");
        errors.push(error.note(format!("it contains itself by way of {}", path.join(" → "))));
        reported.extend(cycle);
    }
}

/// Hands each of certain references of a schema to the function.
type Find = fn(&Schema, &mut dyn FnMut(&str));

/// For each type the types that `find` finds in it.
fn edges(types: &[(String, Schema)], find: Find) -> Vec<Vec<usize>> {
    let edges_of = |schema: &Schema| {
        let mut found = Vec::new();
        find(schema, &mut |name| {
            found.extend(types.binary_search_by(|(known, _)| known.as_str().cmp(name)));
        });
        found
    };
    types.iter().map(|(_, schema)| edges_of(schema)).collect()
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

/// References without whose values there is no value of `schema`.
fn needed(schema: &Schema, found: &mut dyn FnMut(&str)) {
    match &schema.kind {
        SchemaKind::Ref(name) => found(name),
        SchemaKind::Array(items, bounds) if bounds.length.min.is_some_and(|least| least > 0) => {
            needed(items, found);
        }
        SchemaKind::Map(values, bounds) if bounds.min.is_some_and(|least| least > 0) => {
            needed(values, found);
        }
        SchemaKind::Tuple(items) => items.iter().for_each(|item| needed(item, found)),
        SchemaKind::Object(object) => {
            for property in object.properties.iter().filter(|property| property.required) {
                needed(&property.schema, found);
            }
        }
        _ => {}
    }
}

/// References that are reached without going into an object.
fn beside_objects(schema: &Schema, found: &mut dyn FnMut(&str)) {
    match &schema.kind {
        SchemaKind::Ref(name) => found(name),
        SchemaKind::Array(items, _) | SchemaKind::Map(items, _) | SchemaKind::Nullable(items) => {
            beside_objects(items, found);
        }
        SchemaKind::Tuple(items) => items.iter().for_each(|item| beside_objects(item, found)),
        _ => {}
    }
}

/// Which types hold a value of themselves in place, not in a list: for each the others of its kind with which it does so.
/// In Rust such a type needs a `Box` on the way.
pub struct InPlace {
    names: Vec<String>,
    /// Equal numbers: each contains the other.
    groups: Vec<Option<usize>>,
}

impl InPlace {
    /// Looks at the named types of a checked contract, which are sorted by name.
    pub fn of(types: &[(String, Schema)]) -> InPlace {
        let edges = edges(types, in_place);
        let mut groups = vec![None; types.len()];
        // Only what is on a cycle, or leads into one, is walked.
        for start in unsettled(&edges) {
            if groups[start].is_none() && cycle_through(start, &edges).is_some() {
                let (there, back) = (reached(start, &edges), reached(start, &reversed(&edges)));
                for member in there.intersection(&back) {
                    groups[*member] = Some(start);
                }
            }
        }
        InPlace { names: types.iter().map(|(name, _)| name.clone()).collect(), groups }
    }

    /// Whether the type `inner` may hold an `outer` again, in place.
    pub fn meet(&self, outer: &str, inner: &str) -> bool {
        let group = |name: &str| {
            let at = self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
            self.groups[at]
        };
        group(outer).is_some() && group(outer) == group(inner)
    }
}

/// References to what stands in the value itself.
fn in_place(schema: &Schema, found: &mut dyn FnMut(&str)) {
    match &schema.kind {
        SchemaKind::Ref(name) => found(name),
        SchemaKind::Object(object) => {
            object.properties.iter().for_each(|property| in_place(&property.schema, found));
        }
        SchemaKind::Nullable(value) => in_place(value, found),
        SchemaKind::Tuple(items) => items.iter().for_each(|item| in_place(item, found)),
        _ => {}
    }
}

fn reached(start: usize, edges: &[Vec<usize>]) -> HashSet<usize> {
    let (mut seen, mut open) = (HashSet::from([start]), vec![start]);
    while let Some(from) = open.pop() {
        open.extend(edges[from].iter().copied().filter(|to| seen.insert(*to)));
    }
    seen
}

fn reversed(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        targets.iter().for_each(|&to| reversed[to].push(from));
    }
    reversed
}
