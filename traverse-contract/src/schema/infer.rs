//! The schema inferred from clauses where `[input]` or `[output]` is not written (spec LANG-29 to LANG-35).
//!
//! Every field that a clause mentions gets a node. What fixes a type at once (`is`, logic, indices) is required on the
//! way through the rules; comparisons and arithmetic relate two nodes, and are settled afterwards until nothing
//! changes. A field that is then only known to be numeric is a `number`; a field without any type is an error. The
//! checker runs later, against the finished schema, so that this module reports only what it alone can see: fields
//! whose type stays open, and clauses that disagree about one.

mod inside;
mod read;
mod report;
mod settle;
#[cfg(test)]
mod tests;
mod types;

use crate::diagnostic::{Diagnostic, Span};
use crate::lang::check::Names;
use crate::lang::syntax::Expr;
use crate::schema::{
    ItemBounds, LengthBounds, NumberBounds, ObjectSchema, Property, Schema, SchemaKind, Schemas, StringBounds,
};
use crate::spec::{Spec, Text};
use std::collections::HashSet;
use std::sync::Arc;

/// A rule that inference reads.
#[derive(Debug, Clone, Copy)]
pub struct RuleSource<'a> {
    /// Its text, with its place in the file.
    pub text: &'a Text,
    /// Its tree.
    pub expr: &'a Expr,
    /// What it may see.
    pub names: Names,
}

/// The `$ref` that stands where no type was found; the checker stays silent about such a field.
pub(crate) const OPEN: &str = "?";

/// Completes the schemas of `spec` from its rules.
///
/// The schemas are whole even where there are errors (`lang-open-type`, `lang-conflict`, `lang-no-output`), so that
/// clauses can still be checked; a field without a type then refers to a type that does not exist. Names that are
/// likely slips of each other are warnings (`lang-similar-names`).
pub fn infer(spec: &Spec, rules: &[RuleSource<'_>]) -> (Schemas, Vec<Diagnostic>) {
    let mut inference = Inference::new(spec, rules);
    if spec.input.is_none() || spec.output.is_none() {
        inference.maps = maps(spec, rules);
        inference.read();
    }
    let output = inference.output;
    if spec.output.is_none() && inference.nodes[output].mention.is_none() {
        inference.errors.push(
            Diagnostic::error("lang-no-output", "nothing says what the result is")
                .at(spec.capability.id.span, "the result of this capability")
                .help("write `[output]`, or a postcondition such as `result.eligible is bool`"),
        );
        inference.nodes[output].kind = Kind::Poison;
    }
    let input_schema = spec.input.clone().unwrap_or_else(|| inference.schema(inference.input));
    let output_schema = spec.output.clone().unwrap_or_else(|| inference.schema(inference.output));
    inference.report(spec.input.is_none(), spec.output.is_none());
    let schemas = Schemas {
        input: input_schema,
        output: output_schema,
        types: spec.types.clone(),
        input_inferred: spec.input.is_none(),
        output_inferred: spec.output.is_none(),
    };
    (schemas, inference.errors)
}

/// The properties that some rule indexes by text, by their paths: a first reading finds what an index is, wherever
/// that is said.
fn maps(spec: &Spec, rules: &[RuleSource<'_>]) -> HashSet<String> {
    if !rules.iter().any(|rule| rule.text.value.contains('[')) {
        return HashSet::new();
    }
    let mut first = Inference::new(spec, rules);
    first.indexed = Some(Vec::new());
    first.read();
    let indexed = first.indexed.take().unwrap_or_default();
    indexed.into_iter().filter(|(index, _)| first.is_text(*index)).map(|(_, path)| path).collect()
}

type NodeId = usize;

#[derive(Debug, Clone, PartialEq)]
enum Kind<'a> {
    Unknown,
    /// Int or number, not known which.
    Numeric,
    Null,
    Bool,
    Int,
    Number,
    String,
    List(NodeId),
    /// Its values.
    Map(NodeId),
    Object(Vec<Field>),
    /// Written in the spec.
    Known(&'a Schema),
    /// Part of an error that the checker reports.
    Poison,
}

#[derive(Debug, Clone, PartialEq)]
struct Field {
    name: String,
    node: NodeId,
    optional: bool,
}

/// A place in the rules.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    rule: usize,
    span: Span,
}

#[derive(Debug, Clone)]
struct Node<'a> {
    kind: Kind<'a>,
    /// What fixed the kind.
    because: Option<Place>,
    /// The first mention, and the name, of an inferred field. Literals and intermediate values have none.
    mention: Option<Place>,
    /// How often the rules mention it.
    mentions: usize,
    path: Option<String>,
    literal: bool,
    /// `size()` was asked of it: text or a list.
    sized: bool,
    /// A rule asks whether it is null.
    nullable: bool,
    /// A conflict about it was reported.
    failed: bool,
}

#[derive(Debug, Clone, Copy)]
enum RelationKind {
    /// Both of one class: numbers of either kind, text, bools.
    Comparable,
    /// Both of exactly one type: operands and result of arithmetic.
    Same,
}

#[derive(Debug, Clone, Copy)]
struct Relation {
    kind: RelationKind,
    left: NodeId,
    right: NodeId,
    place: Place,
}

/// Properties of one inferred object (spec `LANG-120`): each is compared with the others.
const MAX_PROPERTIES: usize = 1_000;

struct Inference<'a> {
    types: &'a [(String, Schema)],
    rules: &'a [RuleSource<'a>],
    /// The rule that is being read.
    rule: usize,
    nodes: Vec<Node<'a>>,
    relations: Vec<Relation>,
    input: NodeId,
    output: NodeId,
    errors: Vec<Diagnostic>,
    /// Elements of the macros around, innermost last.
    bound: Vec<(String, NodeId)>,
    /// Paths that rules index by text.
    maps: HashSet<String>,
    /// In a first reading: each index with the path of what it stands behind.
    indexed: Option<Vec<(NodeId, String)>>,
    /// Pairs of lists, or maps, whose elements are related already.
    inside: HashSet<(NodeId, NodeId)>,
    /// How many nodes settling may lead to.
    most_nodes: usize,
}

impl<'a> Inference<'a> {
    fn new(spec: &'a Spec, rules: &'a [RuleSource<'a>]) -> Inference<'a> {
        let mut inference = Inference {
            types: &spec.types,
            rules,
            rule: 0,
            nodes: Vec::new(),
            relations: Vec::new(),
            input: 0,
            output: 0,
            errors: Vec::new(),
            bound: Vec::new(),
            maps: HashSet::new(),
            indexed: None,
            inside: HashSet::new(),
            most_nodes: 0,
        };
        inference.input = match &spec.input {
            Some(schema) => inference.node(Kind::Known(schema)),
            None => inference.node(Kind::Object(Vec::new())),
        };
        inference.output = match &spec.output {
            Some(schema) => inference.node(Kind::Known(schema)),
            None => inference.node(Kind::Unknown),
        };
        let output = inference.output;
        inference.nodes[output].path = Some("result".into());
        inference
    }

    /// Reads all rules, and settles what they say.
    fn read(&mut self) {
        for (index, rule) in self.rules.iter().enumerate() {
            self.rule = index;
            let node = self.expr(rule.expr);
            self.require(node, Kind::Bool, rule.expr.span);
        }
        self.settle();
    }

    fn node(&mut self, kind: Kind<'a>) -> NodeId {
        self.nodes.push(Node {
            kind,
            because: None,
            mention: None,
            mentions: 0,
            path: None,
            literal: false,
            sized: false,
            nullable: false,
            failed: false,
        });
        self.nodes.len() - 1
    }

    fn place(&self, span: Span) -> Place {
        Place { rule: self.rule, span }
    }

    fn relate(&mut self, kind: RelationKind, left: NodeId, right: NodeId, span: Span) {
        let place = self.place(span);
        self.relations.push(Relation { kind, left, right, place });
    }

    fn require(&mut self, node: NodeId, kind: Kind<'a>, span: Span) {
        let place = self.place(span);
        self.require_at(node, kind, place);
    }

    fn mention(&mut self, node: NodeId, span: Span) {
        let place = self.place(span);
        self.nodes[node].mention.get_or_insert(place);
        self.nodes[node].mentions += 1;
    }

    /// The schema of a settled node.
    fn schema(&self, node: NodeId) -> Schema {
        let nullable = self.nodes[node].nullable && node != self.input;
        let node = &self.nodes[node];
        let kind = match &node.kind {
            _ if node.failed => SchemaKind::Ref(OPEN.into()),
            Kind::Unknown | Kind::Poison | Kind::Null => SchemaKind::Ref(OPEN.into()),
            Kind::Bool => SchemaKind::Boolean(None),
            Kind::Int => SchemaKind::Integer(NumberBounds::default()),
            Kind::Number | Kind::Numeric => SchemaKind::Number(NumberBounds::default()),
            Kind::String => SchemaKind::String(StringBounds::default()),
            Kind::List(item) => SchemaKind::Array(Box::new(self.schema(*item)), ItemBounds::default()),
            Kind::Map(value) => SchemaKind::Map(Box::new(self.schema(*value)), LengthBounds::default()),
            Kind::Object(fields) => SchemaKind::Object(Arc::new(ObjectSchema {
                properties: fields
                    .iter()
                    .map(|field| Property {
                        name: field.name.clone(),
                        required: !field.optional,
                        schema: self.schema(field.node),
                    })
                    .collect(),
                additional: true,
                inferred: true,
            })),
            Kind::Known(schema) => schema.kind.clone(),
        };
        let schema =
            |kind| Schema { kind, title: None, description: None, given: None, span: Span::default() };
        match kind {
            SchemaKind::Ref(_) | SchemaKind::Nullable(_) | SchemaKind::Null => schema(kind),
            value if nullable => schema(SchemaKind::Nullable(Box::new(schema(value)))),
            value => schema(value),
        }
    }

    fn file(&self, place: Place) -> Span {
        self.rules[place.rule].text.locate(place.span)
    }
}
