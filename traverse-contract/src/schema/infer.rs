//! The schema inferred from clauses where `[input]` or `[output]` is not written (spec LANG-29 to LANG-35).
//!
//! Every field that a clause mentions gets a node. What fixes a type at once (`is`, logic, indices) is required on the
//! way through the rules; comparisons and arithmetic relate two nodes, and are settled afterwards until nothing
//! changes. A field that is then only known to be numeric is a `number`; a field without any type is an error. The
//! checker runs later, against the finished schema, so that this module reports only what it alone can see: fields
//! whose type stays open, and clauses that disagree about one.

mod report;
mod settle;
#[cfg(test)]
mod tests;
mod types;

use crate::diagnostic::{Diagnostic, Span};
use crate::lang::check::Names;
use crate::lang::parser::KEYWORDS;
use crate::lang::syntax::{BinaryOp, Expr, ExprKind, Function, Literal, Macro, TypeName, UnaryOp};
use crate::schema::{
    ItemBounds, LengthBounds, NumberBounds, ObjectSchema, Property, Schema, SchemaKind, Schemas,
    StringBounds, resolve_value,
};
use crate::spec::{Spec, Text};
use settle::View;
use std::collections::HashSet;
use std::sync::Arc;
use types::is_null;

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

    fn expr(&mut self, expr: &Expr) -> NodeId {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(literal) => {
                let node = self.node(match literal {
                    Literal::Null => Kind::Null,
                    Literal::Bool(_) => Kind::Bool,
                    Literal::Int(_) => Kind::Int,
                    Literal::Double(_) => Kind::Number,
                    Literal::String(_) => Kind::String,
                });
                self.nodes[node].literal = true;
                node
            }
            ExprKind::Name(name) if self.bound.iter().any(|(bound, _)| bound == name) => {
                let bound = self.bound.iter().rev().find(|(bound, _)| bound == name);
                bound.map_or(self.input, |(_, node)| *node)
            }
            ExprKind::Name(name) => match name.as_str() {
                "input" => self.input,
                "result" | "output" if self.rules[self.rule].names == Names::After => {
                    self.mention(self.output, span);
                    self.output
                }
                "result" | "output" => self.node(Kind::Poison),
                name => self.field(self.input, name, span, false),
            },
            ExprKind::Field { base, name, .. } => {
                let base = self.expr(base);
                self.field(base, name, span, false)
            }
            ExprKind::Has { base, name, .. } => {
                let base = self.expr(base);
                self.field(base, name, span, true);
                self.node(Kind::Bool)
            }
            ExprKind::Index { base, index } => {
                let base = self.expr(base);
                let index_node = self.expr(index);
                if let (Some(indexed), Some(path)) = (&mut self.indexed, &self.nodes[base].path) {
                    indexed.push((index_node, path.clone()));
                    // What it is is not known before the end.
                    return self.node(Kind::Unknown);
                }
                if self.is_map(base) || self.is_text(index_node) && !self.is_list(base) {
                    self.require(index_node, Kind::String, index.span);
                    return self.value(base, Some(index), span);
                }
                self.require(index_node, Kind::Int, index.span);
                if let Kind::Known(schema) = self.nodes[base].kind
                    && let SchemaKind::Tuple(items) = &resolve_value(self.types, schema).kind
                    && let ExprKind::Literal(Literal::Int(at)) = index.kind
                {
                    let item = usize::try_from(at).ok().and_then(|at| items.get(at));
                    return self.node(item.map_or(Kind::Poison, Kind::Known));
                }
                self.item(base, span)
            }
            ExprKind::List(elements) => {
                let nodes: Vec<NodeId> = elements.iter().map(|element| self.expr(element)).collect();
                for pair in nodes.windows(2) {
                    self.relate(RelationKind::Comparable, pair[0], pair[1], span);
                }
                // Null says nothing of the type that stands beside it.
                let telling = nodes.iter().find(|&&node| self.nodes[node].kind != Kind::Null);
                match telling.or(nodes.first()) {
                    Some(&first) => self.node(Kind::List(first)),
                    None => {
                        let item = self.node(Kind::Unknown);
                        self.node(Kind::List(item))
                    }
                }
            }
            ExprKind::Map(entries) => {
                let mut values = Vec::new();
                for (key, value) in entries {
                    let key_node = self.expr(key);
                    self.require(key_node, Kind::String, key.span);
                    values.push(self.expr(value));
                }
                for pair in values.windows(2) {
                    self.relate(RelationKind::Comparable, pair[0], pair[1], span);
                }
                match values.first() {
                    Some(&first) => self.node(Kind::Map(first)),
                    None => {
                        let value = self.node(Kind::Unknown);
                        self.node(Kind::Map(value))
                    }
                }
            }
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                let node = self.expr(operand);
                self.require(node, Kind::Bool, operand.span);
                self.node(Kind::Bool)
            }
            ExprKind::Unary { op: UnaryOp::Negate, operand } => {
                let operand = self.expr(operand);
                let result = self.node(Kind::Numeric);
                self.relate(RelationKind::Same, operand, result, span);
                result
            }
            ExprKind::Binary { op, left, right, .. } => self.binary(*op, left, right, span),
            ExprKind::Macro { kind, list, variable, filter, body } => {
                let list_node = self.expr(list);
                let item = self.element(list_node, list.span);
                self.bound.push((variable.clone(), item));
                if let Some(filter) = filter {
                    let node = self.expr(filter);
                    self.require(node, Kind::Bool, filter.span);
                }
                let node = self.expr(body);
                if *kind != Macro::Map {
                    self.require(node, Kind::Bool, body.span);
                }
                self.bound.pop();
                match kind {
                    Macro::All | Macro::Exists | Macro::ExistsOne => self.node(Kind::Bool),
                    Macro::Filter => self.node(Kind::List(item)),
                    Macro::Map => self.node(Kind::List(node)),
                }
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                let node = self.expr(condition);
                self.require(node, Kind::Bool, condition.span);
                let (then, otherwise) = (self.expr(then), self.expr(otherwise));
                let result = self.node(Kind::Unknown);
                // An int literal may stand for a double, so it says no more than that the other is numeric.
                let loose = |node: NodeId| self.nodes[node].literal && self.nodes[node].kind == Kind::Int;
                let (loose_then, loose_otherwise) = (loose(then), loose(otherwise));
                let kind = |loose: bool| if loose { RelationKind::Comparable } else { RelationKind::Same };
                let both = loose_then && loose_otherwise;
                self.relate(kind(loose_then || loose_otherwise), then, otherwise, span);
                self.relate(kind(loose_then && !both), then, result, span);
                self.relate(kind(loose_otherwise && !both), otherwise, result, span);
                result
            }
            ExprKind::Is { operand, type_name, negated, .. } => {
                let node = self.expr(operand);
                if *type_name == TypeName::Null {
                    self.nodes[node].nullable = true;
                }
                if !negated {
                    match type_name {
                        TypeName::Null => {}
                        TypeName::Bool => self.require(node, Kind::Bool, span),
                        TypeName::Int => self.require(node, Kind::Int, span),
                        TypeName::Number => self.require(node, Kind::Numeric, span),
                        TypeName::String => self.require(node, Kind::String, span),
                        TypeName::List => {
                            self.item(node, span);
                        }
                        TypeName::Object if self.is_map(node) => {
                            self.value(node, None, span);
                        }
                        TypeName::Object => self.object(node, span),
                    }
                }
                self.node(Kind::Bool)
            }
            ExprKind::Call { function, arguments } => {
                let nodes: Vec<NodeId> = arguments.iter().map(|argument| self.expr(argument)).collect();
                match function {
                    Function::Size => {
                        if let Some(&node) = nodes.first() {
                            self.nodes[node].sized = true;
                        }
                        return self.node(Kind::Int);
                    }
                    // What is converted may be of several types.
                    Function::Int => return self.node(Kind::Int),
                    Function::Double => return self.node(Kind::Number),
                    Function::String => return self.node(Kind::String),
                    Function::Bool => return self.node(Kind::Bool),
                    // A type as a value is none of the types of a schema; the checker says where it does not fit.
                    Function::Type => return self.node(Kind::Poison),
                    Function::StartsWith | Function::EndsWith | Function::Contains | Function::Matches => {}
                }
                for (node, argument) in nodes.into_iter().zip(arguments) {
                    let span = if argument.span == expr.span { expr.span } else { argument.span };
                    self.require(node, Kind::String, span);
                }
                self.node(Kind::Bool)
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, left_expr: &Expr, right_expr: &Expr, span: Span) -> NodeId {
        use BinaryOp::*;
        if let Some(node) = self.types_compared(op, left_expr, right_expr, span) {
            return node;
        }
        let (left, right) = (self.expr(left_expr), self.expr(right_expr));
        match op {
            And | Or | Implies => {
                self.require(left, Kind::Bool, left_expr.span);
                self.require(right, Kind::Bool, right_expr.span);
                self.node(Kind::Bool)
            }
            Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual => {
                if matches!(op, Equal | NotEqual) {
                    self.nodes[left].nullable |= is_null(right_expr);
                    self.nodes[right].nullable |= is_null(left_expr);
                }
                self.relate(RelationKind::Comparable, left, right, span);
                self.node(Kind::Bool)
            }
            In => {
                if let ExprKind::List(elements) = &right_expr.kind
                    && elements.iter().any(is_null)
                {
                    self.nodes[left].nullable = true;
                }
                let item = self.element(right, right_expr.span);
                self.relate(RelationKind::Comparable, left, item, span);
                self.node(Kind::Bool)
            }
            Remainder => {
                self.require(left, Kind::Int, span);
                self.require(right, Kind::Int, span);
                self.node(Kind::Int)
            }
            Add | Subtract | Multiply | Divide => {
                let result = self.node(if op == Add { Kind::Unknown } else { Kind::Numeric });
                self.relate(RelationKind::Same, left, right, span);
                self.relate(RelationKind::Same, left, result, span);
                self.relate(RelationKind::Same, right, result, span);
                result
            }
        }
    }

    fn is_text(&self, node: NodeId) -> bool {
        self.view(node) == View::String
    }

    fn is_list(&self, node: NodeId) -> bool {
        self.view(node) == View::List
    }

    /// Whether it is a map, or some rule indexes it by text.
    fn is_map(&self, node: NodeId) -> bool {
        match self.view(node) {
            View::Map => true,
            View::Unknown => self.nodes[node].path.as_ref().is_some_and(|path| self.maps.contains(path)),
            _ => false,
        }
    }

    /// What macros and `in` look at in `node`: the keys of a map, the elements of what is thereby a list.
    fn element(&mut self, node: NodeId, span: Span) -> NodeId {
        if self.is_map(node) {
            self.value(node, None, span);
            return self.node(Kind::String);
        }
        self.item(node, span)
    }

    /// A value of `node`, which is thereby a map; `key` is what it is asked for.
    fn value(&mut self, node: NodeId, key: Option<&Expr>, span: Span) -> NodeId {
        match &self.nodes[node].kind {
            Kind::Map(value) => *value,
            Kind::Known(schema) => match &resolve_value(self.types, schema).kind {
                SchemaKind::Map(values, _) => self.node(Kind::Known(values)),
                _ => self.node(Kind::Poison),
            },
            Kind::Unknown => {
                let value = self.node(Kind::Unknown);
                let key = match key.map(|key| &key.kind) {
                    Some(ExprKind::Literal(Literal::String(key))) if !key.contains(['\'', '\\', '\n']) => key,
                    _ => "key",
                };
                self.nodes[value].path =
                    self.nodes[node].path.as_ref().map(|path| format!("{path}['{key}']"));
                self.mention(value, span);
                self.nodes[node].kind = Kind::Map(value);
                self.nodes[node].because = Some(self.place(span));
                value
            }
            _ => {
                let value = self.node(Kind::Poison);
                self.require(node, Kind::Map(value), span);
                value
            }
        }
    }

    /// The property `name` of `base`, which is thereby an object.
    fn field(&mut self, base: NodeId, name: &str, span: Span, has: bool) -> NodeId {
        if let Kind::Map(value) = self.nodes[base].kind
            && self.nodes[base].path.is_none()
        {
            return value;
        }
        if !matches!(self.nodes[base].kind, Kind::Known(_)) {
            self.object(base, span);
        }
        let path = match self.nodes[base].path.as_deref() {
            Some(path) => format!("{path}.{name}"),
            // So that it reads as the property and as nothing else.
            None if ["input", "result", "output"].contains(&name) || KEYWORDS.contains(&name) => {
                format!("input.{name}")
            }
            None => name.to_owned(),
        };
        let known = match &mut self.nodes[base].kind {
            Kind::Object(fields) => match fields.iter_mut().find(|field| field.name == name) {
                Some(field) => {
                    field.optional |= has;
                    let node = field.node;
                    self.mention(node, span);
                    return node;
                }
                None => None,
            },
            Kind::Known(schema) => match &resolve_value(self.types, schema).kind {
                SchemaKind::Object(object) => Some(object.property(name).map(|property| &property.schema)),
                SchemaKind::Map(values, _) => Some(Some(&**values)),
                _ => Some(None),
            },
            _ => Some(None),
        };
        match known {
            Some(Some(schema)) => self.node(Kind::Known(schema)),
            Some(None) => self.node(Kind::Poison),
            None if self.is_full(base) => {
                self.too_many(span);
                self.node(Kind::Poison)
            }
            None => {
                let node = self.node(Kind::Unknown);
                self.nodes[node].path = Some(path);
                self.mention(node, span);
                if let Kind::Object(fields) = &mut self.nodes[base].kind {
                    fields.push(Field { name: name.to_owned(), node, optional: has });
                }
                node
            }
        }
    }

    fn is_full(&self, object: NodeId) -> bool {
        matches!(&self.nodes[object].kind, Kind::Object(fields) if fields.len() >= MAX_PROPERTIES)
    }

    /// Reported once: what follows in the file is more of the same.
    fn too_many(&mut self, span: Span) {
        const CODE: &str = "lang-too-many-properties";
        if self.errors.iter().all(|error| error.code != CODE) {
            let message = format!("the rules mention more than {MAX_PROPERTIES} properties of one object");
            let error = Diagnostic::error(CODE, message).at(self.file(self.place(span)), "one too many");
            self.errors.push(error.help("write the schema under `[input]` or `[output]`"));
        }
    }

    fn object(&mut self, node: NodeId, span: Span) {
        if self.nodes[node].kind == Kind::Unknown {
            self.nodes[node].because = Some(self.place(span));
            self.nodes[node].kind = Kind::Object(Vec::new());
        } else if !matches!(self.nodes[node].kind, Kind::Object(_)) {
            self.require(node, Kind::Object(Vec::new()), span);
        }
    }

    /// An element of `node`, which is thereby a list.
    fn item(&mut self, node: NodeId, span: Span) -> NodeId {
        match &self.nodes[node].kind {
            Kind::List(item) => *item,
            Kind::Known(schema) => match &resolve_value(self.types, schema).kind {
                SchemaKind::Array(items, _) => self.node(Kind::Known(items)),
                // Alike, or the checker reports it.
                SchemaKind::Tuple(items) => self.node(Kind::Known(&items[0])),
                _ => self.node(Kind::Poison),
            },
            Kind::Unknown => {
                let item = self.node(Kind::Unknown);
                self.nodes[item].path = self.nodes[node].path.as_ref().map(|path| format!("{path}[0]"));
                self.mention(item, span);
                self.nodes[node].kind = Kind::List(item);
                self.nodes[node].because = Some(self.place(span));
                item
            }
            _ => {
                let item = self.node(Kind::Poison);
                self.require(node, Kind::List(item), span);
                item
            }
        }
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
        let schema = |kind| Schema { kind, title: None, description: None, span: Span::default() };
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
