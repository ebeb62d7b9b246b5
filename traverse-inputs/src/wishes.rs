//! The constants of clauses, each with the parts of the document that it is held against.

use crate::path::{Bound, Path, Step, elements_of, path_of};
use std::collections::HashMap;
use traverse_contract::Contract;
use traverse_contract::contract::Rule;
use traverse_contract::lang::syntax::{Function, Literal};
use traverse_contract::lang::typed::{TypedExpr, TypedKind};
use traverse_contract::schema::{LengthBounds, NumberBounds, Schema, SchemaKind, resolve_value};

/// Values worth a try at one part of a document, and at the parts below it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wishes {
    /// Numbers, whole where the part is an integer.
    pub(crate) numbers: Vec<f64>,
    /// Whole numbers beyond what a double holds are kept apart.
    pub(crate) integers: Vec<i64>,
    pub(crate) texts: Vec<String>,
    /// Lengths of a text, a list or a map.
    pub(crate) lengths: Vec<u64>,
    pub(crate) fields: HashMap<String, Wishes>,
    pub(crate) element: Option<Box<Wishes>>,
}

/// Most constants kept for one part: a spec may hold very many.
const MAX_WISHES: usize = 256;

/// How deep the schema of another contract is looked into for its bounds.
const MAX_DEPTH: usize = 12;

impl Wishes {
    pub(crate) fn field(&self, name: &str) -> Option<&Wishes> {
        self.fields.get(name)
    }

    fn at(&mut self, steps: &[Step]) -> &mut Wishes {
        let mut node = self;
        for step in steps {
            node = match step {
                Step::Field(name) => node.fields.entry(name.clone()).or_default(),
                Step::Element | Step::Item(_) => node.element.get_or_insert_default(),
            };
        }
        node
    }

    fn number(&mut self, number: f64) {
        for near in [number, number.next_up(), number.next_down(), number + 1.0, number - 1.0] {
            if near.is_finite() && !self.numbers.contains(&near) && self.numbers.len() < MAX_WISHES {
                self.numbers.push(near);
            }
        }
    }

    fn integer(&mut self, integer: i64) {
        for near in [Some(integer), integer.checked_add(1), integer.checked_sub(1)].into_iter().flatten() {
            if !self.integers.contains(&near) && self.integers.len() < MAX_WISHES {
                self.integers.push(near);
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.texts.len() < MAX_WISHES && !self.texts.iter().any(|known| known == text) {
            self.texts.push(text.to_owned());
        }
    }

    fn length(&mut self, length: u64) {
        for near in [length, length.saturating_add(1), length.saturating_sub(1)] {
            if near <= MAX_LENGTH && !self.lengths.contains(&near) && self.lengths.len() < MAX_WISHES {
                self.lengths.push(near);
            }
        }
    }

    /// A constant of any kind, in every form that the part might have.
    fn constant(&mut self, constant: &Literal) {
        match constant {
            Literal::Int(integer) => {
                self.integer(*integer);
                self.number(*integer as f64);
                self.text(&integer.to_string());
            }
            Literal::Double(double) => {
                self.number(*double);
                for whole in [double.floor(), double.ceil()] {
                    if whole.abs() < 9.2e18 {
                        self.integer(whole as i64);
                    }
                }
                self.text(&traverse_contract::number::number_text(*double));
            }
            Literal::String(text) => {
                self.text(text);
                if let Ok(number) = text.parse::<f64>()
                    && number.is_finite()
                {
                    self.number(number);
                    self.integer(number as i64);
                }
                self.length(text.chars().count() as u64);
            }
            Literal::Null | Literal::Bool(_) => {}
        }
    }

    /// The bounds of a schema, which need not be the one that is drawn from.
    pub(crate) fn bounds_of(&mut self, schema: &Schema, types: &[(String, Schema)]) {
        self.bounds_below(schema, types, 0);
    }

    fn bounds_below(&mut self, schema: &Schema, types: &[(String, Schema)], depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match &resolve_value(types, schema).kind {
            SchemaKind::Tuple(items) => {
                let below = self.element.get_or_insert_default();
                items.iter().for_each(|item| below.bounds_below(item, types, depth + 1));
            }
            SchemaKind::Integer(bounds) | SchemaKind::Number(bounds) => self.number_bounds(bounds),
            SchemaKind::String(bounds) => self.length_bounds(&bounds.length),
            SchemaKind::Enum(members) => members.iter().for_each(|member| self.text(member)),
            SchemaKind::Array(items, bounds) => {
                self.length_bounds(&bounds.length);
                self.element.get_or_insert_default().bounds_below(items, types, depth + 1);
            }
            SchemaKind::Map(values, bounds) => {
                self.length_bounds(bounds);
                self.element.get_or_insert_default().bounds_below(values, types, depth + 1);
            }
            SchemaKind::Object(object) => {
                for property in &object.properties {
                    let below = self.fields.entry(property.name.clone()).or_default();
                    below.bounds_below(&property.schema, types, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn number_bounds(&mut self, bounds: &NumberBounds) {
        let all = [bounds.minimum, bounds.maximum, bounds.exclusive_minimum, bounds.exclusive_maximum];
        for bound in all.into_iter().flatten().chain(bounds.among.iter().copied()) {
            self.constant(&Literal::Double(bound));
        }
    }

    fn length_bounds(&mut self, bounds: &LengthBounds) {
        for bound in [bounds.min, bounds.max].into_iter().flatten() {
            self.length(bound);
        }
    }
}

/// A longer list or text is not drawn for a clause's sake.
const MAX_LENGTH: u64 = 2000;

/// The wishes of a contract: for the input and for the result.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mined {
    pub(crate) input: Wishes,
    pub(crate) output: Wishes,
}

impl Mined {
    pub(crate) fn add(&mut self, contract: &Contract) {
        for clause in &contract.clauses {
            if let Rule::Expression { expr, .. } = &clause.rule {
                self.rule(expr);
            }
        }
        for exception in &contract.exceptions {
            if let Some((expr, _)) = &exception.when {
                self.rule(expr);
            }
        }
    }

    pub(crate) fn rule(&mut self, expr: &TypedExpr) {
        let mut atoms = Atoms::default();
        atoms.walk(expr, &mut Vec::new());
        for atom in atoms.found {
            for (path, role) in &atom.paths {
                let root = if path.output { &mut self.output } else { &mut self.input };
                let wishes = root.at(&path.steps);
                for constant in &atom.constants {
                    match (role, constant) {
                        (Role::Size, Literal::Int(length)) => wishes.length((*length).max(0) as u64),
                        (Role::Size, Literal::Double(length)) => wishes.length(length.max(0.0) as u64),
                        (Role::Size, _) => {}
                        (Role::Value, constant) => wishes.constant(constant),
                    }
                }
            }
        }
    }
}

/// How an atom looks at a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// At its value.
    Value,
    /// At its length.
    Size,
}

/// The parts and constants that stand in one comparison, membership or call: what may decide it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Atom<'g> {
    /// In the order of the text, each once.
    pub(crate) paths: Vec<(Path, Role)>,
    pub(crate) constants: Vec<Literal>,
    /// The two sides of comparisons that are neither parts nor literals.
    pub(crate) sides: Vec<&'g TypedExpr>,
    /// Both sides of comparisons that compute.
    pub(crate) computed: Vec<(&'g TypedExpr, &'g TypedExpr)>,
}

impl Atom<'_> {
    fn reads(&mut self, path: Path, role: Role) {
        match self.paths.iter_mut().find(|(known, _)| *known == path) {
            Some((_, known)) => *known = role,
            None => self.paths.push((path, role)),
        }
    }
}

/// Every atom of a rule.
#[derive(Debug, Default)]
pub(crate) struct Atoms<'g> {
    pub(crate) found: Vec<Atom<'g>>,
}

impl<'g> Atoms<'g> {
    /// Splits a rule where logic joins its parts.
    pub(crate) fn walk(&mut self, expr: &'g TypedExpr, bound: &mut Bound) {
        match &expr.kind {
            TypedKind::Not(operand) => self.walk(operand, bound),
            TypedKind::And(left, right) | TypedKind::Or(left, right) | TypedKind::Implies(left, right) => {
                self.walk(left, bound);
                self.walk(right, bound);
            }
            TypedKind::Conditional { condition, then, otherwise } => {
                self.walk(condition, bound);
                self.walk(then, bound);
                self.walk(otherwise, bound);
            }
            TypedKind::Literal(_) | TypedKind::Pattern(_) => {}
            _ => {
                let mut atom = Atom::default();
                self.gather(expr, Role::Value, bound, &mut atom);
                self.found.push(atom);
            }
        }
    }

    fn gather(&mut self, expr: &'g TypedExpr, role: Role, bound: &mut Bound, atom: &mut Atom<'g>) {
        if let Some(path) = path_of(expr, bound) {
            atom.reads(path, role);
        }
        match &expr.kind {
            TypedKind::Literal(literal) => atom.constants.push(literal.clone()),
            TypedKind::Pattern(pattern) => {
                // A short text that matches; what is drawn beside it likely does not.
                let example = pattern.example(0, 200, |_| 0);
                atom.constants.extend(example.map(Literal::String));
            }
            TypedKind::Index { base, index } => {
                self.gather(base, Role::Size, bound, atom);
                self.gather(index, Role::Value, bound, atom);
            }
            TypedKind::List(elements) => {
                elements.iter().for_each(|element| self.gather(element, role, bound, atom));
            }
            TypedKind::Not(operand) | TypedKind::Negate(operand) | TypedKind::NotNull(operand) => {
                self.gather(operand, role, bound, atom)
            }
            TypedKind::Arithmetic { left, right, .. } | TypedKind::Compare { left, right, .. } => {
                if matches!(expr.kind, TypedKind::Compare { .. }) {
                    let made = |side: &TypedExpr| {
                        !matches!(side.kind, TypedKind::Literal(_)) && path_of(side, bound).is_none()
                    };
                    atom.sides.extend([&**left, &**right].into_iter().filter(|side| made(side)));
                    let computes = |side: &TypedExpr| matches!(side.kind, TypedKind::Arithmetic { .. });
                    if computes(left) || computes(right) {
                        atom.computed.push((left, right));
                    }
                }
                self.gather(left, role, bound, atom);
                self.gather(right, role, bound, atom);
            }
            TypedKind::In { element, list } => {
                self.gather(element, Role::Value, bound, atom);
                // What the list holds is compared, not the list.
                match elements_of(list, bound) {
                    Some(path) => atom.reads(path, Role::Value),
                    None => self.gather(list, Role::Value, bound, atom),
                }
            }
            TypedKind::Call { function, arguments } => {
                let role = if *function == Function::Size { Role::Size } else { role };
                arguments.iter().for_each(|argument| self.gather(argument, role, bound, atom));
            }
            TypedKind::Macro { list, variable, filter, body, .. } => {
                self.gather(list, Role::Size, bound, atom);
                bound.push((*variable, elements_of(list, bound)));
                // Conditions on elements decide on their own; a value made of them takes part in this atom.
                filter.iter().for_each(|filter| self.walk(filter, bound));
                match body.ty {
                    traverse_contract::lang::typed::Type::Bool => self.walk(body, bound),
                    _ => self.gather(body, role, bound, atom),
                }
                bound.pop();
            }
            TypedKind::And(..)
            | TypedKind::Or(..)
            | TypedKind::Implies(..)
            | TypedKind::Conditional { .. } => {
                self.walk(expr, bound);
                if let TypedKind::Conditional { then, otherwise, .. } = &expr.kind {
                    self.gather(then, role, bound, atom);
                    self.gather(otherwise, role, bound, atom);
                }
            }
            _ => {}
        }
    }
}
