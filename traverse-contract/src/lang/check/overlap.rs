//! Conditions of exceptions that can hold together (spec SPEC-35 to SPEC-37): what shows it is an input, found by trying
//! the constants of the conditions and their neighbours. Nothing is said of two of which neither that nor its opposite
//! is found.

use super::certain::Analysis;
use super::decided::{Judged, Place, shown};
use super::range::{Doubles, Ints, Known, Lists, Sizes, Texts, Truth};
use crate::diagnostic::Diagnostic;
use crate::lang::syntax::{BinaryOp, Literal};
use crate::lang::typed::{Root, Type, TypedExpr, TypedKind};
use crate::number::number_text;
use crate::schema::{Schema, SchemaKind, Schemas};
use crate::spec::ClauseKind;

/// Pairs that are looked at, in the author's order.
const MOST_PAIRS: usize = 500;
/// Tries for one pair, and for all of them: a rule evaluated, a long one more than once.
const MOST_TRIES: usize = 4_000;
const MOST_TRIES_OF_ALL: usize = 60_000;
/// Preconditions beside which overlaps are looked for.
const MOST_BEFORE: usize = 200;
/// Bytes of a rule that make one try of its evaluation.
const BYTES_A_TRY: usize = 64;
/// Values that are tried for one path.
const MOST_VALUES: usize = 24;
/// Paths that an input is made of.
const MOST_PATHS: usize = 24;
/// Constants of the rules, and values that a schema lists, among which those for one path are looked for.
const MOST_LISTED: usize = 256;
/// The longest text that is made up.
const LONGEST_TEXT: u64 = 64;

/// Overlapping conditions among `rules`, with places in the file.
pub(super) fn overlapping(schemas: &Schemas, rules: &[Judged<'_>]) -> Vec<Diagnostic> {
    let conditions: Vec<(&str, &Judged<'_>)> = rules
        .iter()
        .filter_map(|rule| if let Place::When(name) = rule.place { Some((name, rule)) } else { None })
        .collect();
    let before: Vec<&TypedExpr> = rules
        .iter()
        .filter(|rule| rule.place == Place::Clause(ClauseKind::Precondition))
        .map(|rule| rule.expr)
        .collect();
    if conditions.len() < 2 || before.len() > MOST_BEFORE {
        return Vec::new();
    }
    let pairs = (1..conditions.len()).flat_map(|at| (0..at).map(move |earlier| (earlier, at)));
    let mut tries = MOST_TRIES_OF_ALL;
    let mut found = Vec::new();
    for (earlier, at) in pairs.take(MOST_PAIRS) {
        if tries == 0 {
            break;
        }
        let (first, second) = (conditions[earlier], conditions[at]);
        let given = Given { schemas, first: first.1.expr, second: second.1.expr, before: &before };
        if let Some(overlap) = overlap(&given, &mut tries) {
            found.push(told(first, second, &overlap));
        }
    }
    found
}

/// Two conditions, and what holds of every input that they are asked of.
pub(super) struct Given<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) first: &'a TypedExpr,
    pub(super) second: &'a TypedExpr,
    pub(super) before: &'a [&'a TypedExpr],
}

/// How two conditions overlap.
#[derive(Debug)]
pub(super) enum Overlap {
    /// Each holds where the other does.
    Same,
    /// Both hold on this input, whatever else is in it; `true`: wherever the first holds, the second does.
    Example(Vec<(Slot, Known)>, bool),
}

/// What an input is made of: the value of a path, its size, or whether it is there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// Properties, from the input down.
    pub(super) path: Vec<String>,
    key: String,
    values: Vec<Known>,
    /// Whether the conditions read it, and not the preconditions alone.
    own: bool,
}

pub(super) fn overlap(given: &Given<'_>, tries: &mut usize) -> Option<Overlap> {
    let mut analysis = Analysis::new(given.schemas, true);
    if !given.before.iter().all(|rule| analysis.assume(rule, true)) {
        return None;
    }
    let implies = |from: &TypedExpr, to: &TypedExpr| {
        let mut analysis = analysis.clone();
        let possible = analysis.assume(from, true);
        let truth = analysis.outcome(to);
        (possible && truth.0.yes, possible && truth == (Truth::only(true), false))
    };
    let ((possible, forward), (back_possible, backward)) =
        (implies(given.first, given.second), implies(given.second, given.first));
    if !possible || !back_possible {
        return None;
    }
    if forward && backward {
        return Some(Overlap::Same);
    }
    analysis.assume(given.first, true);
    analysis.assume(given.second, true);
    let mut rules = vec![given.first, given.second];
    rules.extend(given.before);
    let slots = slots(given.schemas, &rules, &mut analysis)?;
    let mut search = Search {
        analysis: Analysis::new(given.schemas, true),
        rules,
        slots: &slots,
        tries: MOST_TRIES.min(*tries),
    };
    let allowed = search.tries;
    let example = search.find(0, &mut Vec::new());
    *tries -= allowed - search.tries;
    example.map(|example| Overlap::Example(example, forward))
}

struct Search<'a> {
    analysis: Analysis<'a>,
    rules: Vec<&'a TypedExpr>,
    slots: &'a [Slot],
    tries: usize,
}

impl Search<'_> {
    /// Values for the slots from `at` on with which all rules hold.
    fn find(&mut self, at: usize, chosen: &mut Vec<(Slot, Known)>) -> Option<Vec<(Slot, Known)>> {
        let mut all_hold = true;
        for rule in &self.rules {
            let length = rule.span.end.saturating_sub(rule.span.start);
            self.tries = self.tries.checked_sub(1 + length / BYTES_A_TRY)?;
            let (truth, fails) = self.analysis.outcome(rule);
            if !truth.yes {
                return None;
            }
            all_hold &= !truth.no && !fails;
        }
        if all_hold {
            return Some(chosen.clone());
        }
        let slot = self.slots.get(at)?;
        for value in &slot.values {
            let mark = self.analysis.set(slot.key.clone(), value.clone());
            chosen.push((slot.clone(), value.clone()));
            let found = self.find(at + 1, chosen);
            chosen.pop();
            self.analysis.reset(mark);
            if found.is_some() {
                return found;
            }
        }
        // A slot of which nothing is known stays open.
        if slot.values.is_empty() { self.find(at + 1, chosen) } else { None }
    }
}

/// The paths that `rules` read and the values to try; `None` if there are too many.
fn slots(schemas: &Schemas, rules: &[&TypedExpr], likely: &mut Analysis<'_>) -> Option<Vec<Slot>> {
    let mut constants = Constants::default();
    rules.iter().for_each(|rule| constants.collect(rule));
    let mut slots: Vec<Slot> = Vec::new();
    let mut any = Analysis::new(schemas, true);
    for (at, rule) in rules.iter().enumerate() {
        let mut reads = Vec::new();
        collect_reads(rule, &mut reads);
        for (path, read) in reads {
            let asked = matches!(read.kind, TypedKind::Has { .. });
            let keys = super::certain::keys(read);
            let Some(key) = keys.into_iter().find(|key| key.starts_with("has ") == asked) else { continue };
            if slots.iter().any(|slot| slot.key == key) {
                continue;
            }
            let values = match asked {
                true if matches!(&read.kind, TypedKind::Has { optional: true, .. }) => {
                    vec![Known::Bool(Truth::only(true)), Known::Bool(Truth::only(false))]
                }
                true => continue,
                false => {
                    let schema = schema_at(schemas, &path)?;
                    let known = any.known_of(read);
                    // The likely ones first: those that the rules admit as far as they can be told one by one.
                    let narrowed = likely.known_of(read);
                    let mut values = constants.values(schemas, schema, &known, &narrowed);
                    values.sort_by_key(|value| !admits(&narrowed, value));
                    values
                }
            };
            slots.push(Slot { path, key, values: first_of_each(values), own: at < 2 });
        }
    }
    (slots.len() <= MOST_PATHS).then_some(slots)
}

/// The first [`MOST_VALUES`] that differ.
fn first_of_each(values: Vec<Known>) -> Vec<Known> {
    let mut kept: Vec<Known> = Vec::new();
    for value in values {
        if kept.len() == MOST_VALUES {
            break;
        }
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

fn admits(known: &Known, value: &Known) -> bool {
    match (known, value) {
        (Known::List(lists), Known::List(value)) => {
            lists.size.low <= value.size.low && value.size.high <= lists.size.high
        }
        _ => known.narrowed(BinaryOp::Equal, value).is_some(),
    }
}

/// Reads of the input outside of macros: properties down from it, and questions for them.
fn collect_reads<'e>(expr: &'e TypedExpr, found: &mut Vec<(Vec<String>, &'e TypedExpr)>) {
    let scalar_or_list = matches!(
        expr.ty,
        Type::Bool | Type::Int | Type::Number | Type::String | Type::Enum(_) | Type::List(_)
    );
    match &expr.kind {
        TypedKind::Has { base, name, .. } => {
            if let Some(mut path) = path_of(base) {
                path.push(name.clone());
                found.push((path, expr));
            }
        }
        TypedKind::Field { .. } if scalar_or_list => {
            if let Some(path) = path_of(expr) {
                found.push((path, expr));
            }
        }
        _ => {}
    }
    expr.operands().into_iter().for_each(|operand| collect_reads(operand, found));
}

fn path_of(expr: &TypedExpr) -> Option<Vec<String>> {
    match &expr.kind {
        TypedKind::Root(Root::Input) => Some(Vec::new()),
        TypedKind::Field { base, name, .. } if matches!(base.ty, Type::Object(_)) => {
            let mut path = path_of(base)?;
            path.push(name.clone());
            Some(path)
        }
        _ => None,
    }
}

fn schema_at<'s>(schemas: &'s Schemas, path: &[String]) -> Option<&'s Schema> {
    path.iter().try_fold(&schemas.input, |schema, name| match &schemas.resolve(schema).kind {
        SchemaKind::Object(object) => object.property(name).map(|property| &property.schema),
        _ => None,
    })
}

/// What the rules compare with.
#[derive(Default)]
struct Constants {
    numbers: Vec<f64>,
    ints: Vec<i64>,
    texts: Vec<String>,
}

/// Adds a constant, if it is another one and there are not too many.
fn add<T: PartialEq + Clone>(constants: &mut Vec<T>, constant: &T) {
    if constants.len() < MOST_LISTED && !constants.contains(constant) {
        constants.push(constant.clone());
    }
}

impl Constants {
    fn collect(&mut self, expr: &TypedExpr) {
        match &expr.kind {
            TypedKind::Literal(Literal::Int(value)) => add(&mut self.ints, value),
            TypedKind::Literal(Literal::Double(value)) => add(&mut self.numbers, value),
            TypedKind::Literal(Literal::String(text)) => add(&mut self.texts, text),
            _ => expr.operands().into_iter().for_each(|operand| self.collect(operand)),
        }
    }

    /// Values of this schema near the constants, those in the middle of nowhere last.
    fn values(&self, schemas: &Schemas, schema: &Schema, known: &Known, likely: &Known) -> Vec<Known> {
        let kind = &schemas.resolve(schema).kind;
        let mut values = match (kind, known) {
            (SchemaKind::Boolean(_), _) => {
                vec![Known::Bool(Truth::only(true)), Known::Bool(Truth::only(false))]
            }
            (SchemaKind::Integer(bounds), Known::Int(ints)) => {
                let among = bounds.among.get(..MOST_LISTED).unwrap_or(&bounds.among);
                let mut values: Vec<i64> = among.iter().map(|value| *value as i64).collect();
                for constant in
                    self.ints.iter().copied().chain(self.numbers.iter().map(|value| *value as i64))
                {
                    values.extend([constant, constant.saturating_add(1), constant.saturating_sub(1)]);
                }
                if let Known::Int(likely) = likely {
                    values.extend([likely.low, likely.high]);
                }
                values.extend([ints.low, ints.high, 0, 1]);
                // What the range does not tell.
                let listed = |value: i64| among.is_empty() || among.contains(&(value as f64));
                let multiple =
                    |value: i64| bounds.multiple_of.is_none_or(|of| value % (of as i64).max(1) == 0);
                values.retain(|value| listed(*value) && multiple(*value));
                values.into_iter().map(|value| Known::Int(Ints { low: value, high: value })).collect()
            }
            (SchemaKind::Number(bounds), Known::Double(doubles)) => {
                let among = bounds.among.get(..MOST_LISTED).unwrap_or(&bounds.among);
                let mut values = among.to_vec();
                for constant in
                    self.numbers.iter().copied().chain(self.ints.iter().map(|value| *value as f64))
                {
                    values.extend([constant, constant + 1.0, constant - 1.0, constant + 0.5]);
                }
                if let Known::Double(likely) = likely {
                    values.extend([likely.low / 2.0 + likely.high / 2.0, likely.low, likely.high]);
                }
                values.extend([0.0, 1.0, doubles.low, doubles.high]);
                values.retain(|value| value.is_finite());
                values.retain(|value| among.is_empty() || among.contains(value));
                let single = |value: f64| Known::Double(Doubles { low: value, high: value, nan: false });
                values.into_iter().map(single).collect()
            }
            (SchemaKind::Enum(members), _) => {
                // Of a long list those that the rules name, and the first.
                let named =
                    self.texts.iter().filter(|text| members.len() > MOST_LISTED && members.contains(text));
                let first = members.iter().take(MOST_LISTED);
                named.chain(first).map(|text| Known::Text(Texts::exactly(text))).collect()
            }
            (SchemaKind::String(bounds), Known::Text(texts)) => {
                let mut values = self.texts.clone();
                let sizes = self.ints.iter().filter_map(|size| u64::try_from(*size).ok());
                let near = sizes.flat_map(|size| [size, size.saturating_add(1), size.saturating_sub(1)]);
                for size in near.chain([texts.size.low, 1]).filter(|size| *size <= LONGEST_TEXT) {
                    values.push("x".repeat(size as usize));
                }
                values.retain(|text| bounds.pattern.as_ref().is_none_or(|pattern| pattern.is_match(text)));
                values.into_iter().map(|text| Known::Text(Texts::exactly(&text))).collect()
            }
            (SchemaKind::Array(_, bounds), Known::List(lists)) if !bounds.unique => {
                let sizes = self.ints.iter().filter_map(|size| u64::try_from(*size).ok());
                let near = sizes.flat_map(|size| [size, size.saturating_add(1), size.saturating_sub(1)]);
                let sized = |size| {
                    let size = Sizes { low: size, high: size };
                    Known::List(Lists { size, element: lists.element.clone(), members: None })
                };
                near.chain([lists.size.low, 1, 0]).filter(|size| *size <= 1_000_000).map(sized).collect()
            }
            _ => Vec::new(),
        };
        values.retain(|value| admits(known, value));
        values
    }
}

fn told(first: (&str, &Judged<'_>), second: (&str, &Judged<'_>), overlap: &Overlap) -> Diagnostic {
    let ((first_name, first), (second_name, second)) = (first, second);
    let open = format!("so it is open which of `{first_name}` and `{second_name}` is raised");
    let (own, other) = (shown(second.text, second.expr.span), shown(first.text, first.expr.span));
    let message = match overlap {
        Overlap::Same => format!("`{own}` holds exactly where `{other}` does, {open}"),
        Overlap::Example(_, true) => format!("`{own}` holds wherever `{other}` does, {open}"),
        Overlap::Example(..) => format!("`{own}` and `{other}` can hold together, {open}"),
    };
    let mut warning = Diagnostic::warning("lang-overlapping-when", message)
        .at(second.text.locate(second.expr.span), "this and")
        .also(first.text.locate(first.expr.span), "this hold together");
    let help = match overlap {
        Overlap::Same => "take one of the two exceptions away, or tell their conditions apart".to_owned(),
        Overlap::Example(..) => {
            format!("add `and not ({other})` to the later one, if the first is meant there")
        }
    };
    warning.help = Some(help);
    if let Overlap::Example(example, _) = overlap {
        let parts: Vec<String> = example.iter().filter_map(|(slot, value)| slot.described(value)).collect();
        if !parts.is_empty() {
            warning = warning.note(format!("both hold where {}", parts.join(", ")));
        }
    }
    warning
}

impl Slot {
    /// Whether the slot is the question for its path.
    pub(super) fn asks(&self) -> bool {
        self.key.starts_with("has ")
    }

    fn described(&self, value: &Known) -> Option<String> {
        if !self.own {
            return None;
        }
        let path = self.path.join(".");
        Some(match value {
            Known::Bool(truth) if self.asks() => {
                format!("`{path}` is {}", if truth.yes { "there" } else { "absent" })
            }
            Known::Bool(truth) => format!("`{path}` is {}", truth.yes),
            Known::Int(ints) => format!("`{path}` is {}", ints.low),
            Known::Double(doubles) => format!("`{path}` is {}", number_text(doubles.low)),
            Known::Text(texts) => format!("`{path}` is '{}'", texts.one_of.as_ref()?.first()?),
            Known::List(lists) => format!("`size({path})` is {}", lists.size.low),
            _ => return None,
        })
    }
}
