//! Which part of a document an expression reads: `input.lines[].price`.

use crate::wishes::Atoms;
use traverse_contract::lang::syntax::Macro;
use traverse_contract::lang::typed::{Root, TypedExpr, TypedKind};

/// One step down from a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into a property of an object, or the value under a key of a map.
    Field(String),
    /// Into any element of a list.
    Element,
    /// Into one element of a tuple.
    Item(usize),
}

/// A part of the input or of the result; which element of a list is left open.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path {
    /// Of the result, not of the input.
    pub output: bool,
    /// From the root.
    pub steps: Vec<Step>,
}

impl Path {
    fn then(mut self, step: Step) -> Path {
        self.steps.push(step);
        self
    }
}

/// Every part of a document that a rule reads or asks for by `has()`, each once. Parts of what a macro makes are left out.
pub fn reads(rule: &TypedExpr) -> Vec<Path> {
    let mut atoms = Atoms::default();
    atoms.walk(rule, &mut Vec::new());
    let mut paths: Vec<Path> = Vec::new();
    for (path, _) in atoms.found.into_iter().flat_map(|atom| atom.paths) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// What the elements of the macros around stand for, by their id.
pub(crate) type Bound = Vec<(usize, Option<Path>)>;

/// The part that `expr` is, where it is one.
pub(crate) fn path_of(expr: &TypedExpr, bound: &Bound) -> Option<Path> {
    match &expr.kind {
        TypedKind::Root(root) => Some(Path { output: *root == Root::Output, steps: Vec::new() }),
        TypedKind::Field { base, name, .. } | TypedKind::Has { base, name, .. } => {
            Some(path_of(base, bound)?.then(Step::Field(name.clone())))
        }
        TypedKind::NotNull(read) => path_of(read, bound),
        TypedKind::Index { base, .. } => elements_of(base, bound),
        TypedKind::Variable { id, .. } => {
            bound.iter().rev().find(|(known, _)| known == id).and_then(|(_, path)| path.clone())
        }
        TypedKind::Macro { kind: Macro::Filter, list, .. } => path_of(list, bound),
        _ => None,
    }
}

/// What the elements of a list expression are parts of.
pub(crate) fn elements_of(list: &TypedExpr, bound: &Bound) -> Option<Path> {
    match &list.kind {
        TypedKind::Macro { kind: Macro::Filter, list, .. } => elements_of(list, bound),
        TypedKind::Macro { kind: Macro::Map, list, variable, body, .. } => {
            let mut inner = bound.clone();
            inner.push((*variable, elements_of(list, bound)));
            path_of(body, &inner)
        }
        _ => Some(path_of(list, bound)?.then(Step::Element)),
    }
}
