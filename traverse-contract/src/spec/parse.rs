//! [`Node`] tree → [`Spec`], with every error that is in it (spec `SPEC`).

use super::node::{Node, NodeValue};
use super::section::{Codes, Section, quoted_list};
use super::{
    CapabilitySection, ClauseKind, ClauseSource, ExceptionSource, Limits, Placement, Spec, Text, names,
};
use crate::diagnostic::{Diagnostic, Source, bounded, nearest};
use crate::schema::parse::SchemaParser;
use crate::schema::{Schema, SchemaKind, resolve};

/// The codes of errors in `traverse.spec.toml`.
pub(crate) static CODES: Codes = Codes {
    syntax: "spec-toml-syntax",
    too_large: "spec-too-large",
    too_deep: "spec-too-deep",
    number: "spec-number-range",
    unknown_key: "spec-unknown-key",
    missing_key: "spec-missing-key",
    wrong_type: "spec-wrong-type",
};

const CAPABILITY_KEYS: [&str; 6] = ["id", "version", "runtime", "summary", "description", "owner"];
const CONTRACT_KEYS: [&str; 4] = ["preconditions", "postconditions", "invariants", "exceptions"];
const PLACEMENT_KEYS: [&str; 3] = ["targets", "prefer", "fallback"];
const LIMIT_KEYS: [&str; 6] =
    ["fuel", "memory_bytes", "input_bytes", "output_bytes", "stack_bytes", "initial_memory_bytes"];

/// Clauses and exceptions of one spec (spec `SPEC-50`): each is compared with others.
const MAX_CLAUSES: usize = 1_000;

const RUNTIMES: [&str; 2] = ["wasm32-wasip1", "wasm32-wasi"];

impl Spec {
    /// Reads `traverse.spec.toml`.
    ///
    /// # Errors
    ///
    /// Every error in the file, each with its place, in the order of the sections; if it is not TOML, the syntax
    /// errors alone (spec SPEC-1 to SPEC-30).
    pub fn from_toml(source: &Source) -> Result<Spec, Vec<Diagnostic>> {
        super::toml::read(source, &CODES).and_then(|root| from_node(&root)).map_err(bounded)
    }

    /// What can be read of `traverse.spec.toml`, with every error: a part that is in error is missing from the spec.
    pub(crate) fn partly_from_toml(source: &Source) -> (Option<Spec>, Vec<Diagnostic>) {
        match super::toml::read(source, &CODES) {
            Ok(root) => {
                let mut errors = Vec::new();
                let spec = parse_spec(&root, &mut errors);
                (spec, errors)
            }
            Err(errors) => (None, errors),
        }
    }

    /// Reads the JSON form of a spec, as a module carries it; no span points anywhere.
    ///
    /// # Errors
    ///
    /// As [`Spec::from_toml`], without places.
    #[cfg(feature = "host")]
    pub fn from_json(text: &str) -> Result<Spec, Vec<Diagnostic>> {
        let limit = crate::package::MAX_CONTRACT_BYTES;
        if text.len() > limit {
            let message = format!("the contract is larger than {limit} bytes");
            return Err(vec![Diagnostic::error("spec-too-large", message)]);
        }
        let value = crate::json::parse(text.as_bytes())
            .map_err(|rejection| vec![Diagnostic::error("spec-json-syntax", rejection.message)])?;
        let node = Node::from_json(value);
        from_node(&node).map_err(|mut errors| {
            for error in &mut errors {
                error.label = None;
                error.also.clear();
            }
            errors
        })
    }
}

fn from_node(root: &Node) -> Result<Spec, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let spec = parse_spec(root, &mut errors);
    match spec {
        Some(spec) if errors.is_empty() => Ok(spec),
        _ => Err(errors),
    }
}

fn parse_spec(root: &Node, errors: &mut Vec<Diagnostic>) -> Option<Spec> {
    let known = ["capability", "input", "output", "types", "contract", "placement", "limits"];
    let top = Section::open("the spec", root, &known, &CODES, errors)?;
    point_into_sections(root, errors);
    if top.node("capability").is_none() {
        errors.push(
            Diagnostic::error("spec-missing-key", "the spec has no `[capability]` section")
                .help("add `[capability]` with `id`, `version` and `runtime`"),
        );
    }
    let capability = top.node("capability").and_then(|node| parse_capability(node, errors));

    let mut schemas = SchemaParser::new(top.node("types"), errors);
    let types = schemas.types(errors);
    let input = top.node("input").and_then(|node| schemas.schema(node, "[input]", errors));
    let output = top.node("output").and_then(|node| schemas.schema(node, "[output]", errors));
    if let Some(input) = &input {
        check_object(input, &types, "`[input]`", errors);
    }

    let mut clauses = Vec::new();
    let mut exceptions = Vec::new();
    if let Some(node) = top.node("contract")
        && let Some(section) = Section::open("`[contract]`", node, &CONTRACT_KEYS, &CODES, errors)
    {
        let kinds = [ClauseKind::Precondition, ClauseKind::Postcondition, ClauseKind::Invariant];
        let mut left = MAX_CLAUSES;
        for (key, kind) in CONTRACT_KEYS.iter().zip(kinds) {
            let items = at_most(&mut left, section.list(key, errors), errors).iter().enumerate();
            clauses.extend(items.filter_map(|(index, item)| parse_clause(item, kind, index, errors)));
        }
        let items = at_most(&mut left, section.list("exceptions", errors), errors);
        exceptions
            .extend(items.iter().filter_map(|item| parse_exception(item, &mut schemas, &types, errors)));
    }
    if !errors.iter().any(|error| error.code.starts_with("schema-")) {
        schemas.check_annotations(&types, errors);
    }
    check_clauses(&clauses, errors);
    check_unique(
        exceptions.iter().map(|exception| &exception.name),
        "spec-bad-exception-name",
        "exception",
        errors,
    );
    let placement = top.node("placement").and_then(|node| parse_placement(node, errors));
    let limits = top.node("limits").and_then(|node| parse_limits(node, errors)).unwrap_or_default();
    let patterns = schemas.patterns;
    Some(Spec {
        capability: capability?,
        input,
        output,
        types,
        clauses,
        exceptions,
        placement,
        limits,
        patterns,
    })
}

/// The first `left` of `items`, of which so many fewer are left then.
fn at_most<'a>(left: &mut usize, items: &'a [Node], errors: &mut Vec<Diagnostic>) -> &'a [Node] {
    let Some(one_too_many) = items.get(*left) else {
        *left -= items.len();
        return items;
    };
    const CODE: &str = "spec-too-many-clauses";
    if errors.iter().all(|error| error.code != CODE) {
        let message = format!("a contract has at most {MAX_CLAUSES} clauses and exceptions");
        errors.push(
            Diagnostic::error(CODE, message)
                .at(one_too_many.span, "one too many")
                .help("say with `all` what holds for every element of a list, or make several capabilities"),
        );
    }
    let taken = &items[..*left];
    *left = 0;
    taken
}

/// Keys that stand at the top, where they are unknown, but belong into a section: the help says which.
fn point_into_sections(root: &Node, errors: &mut [Diagnostic]) {
    let NodeValue::Table(entries) = &root.value else { return };
    let sections: [(&str, &[&str]); 4] = [
        ("capability", &CAPABILITY_KEYS[..3]),
        ("contract", &CONTRACT_KEYS),
        ("placement", &PLACEMENT_KEYS),
        ("limits", &LIMIT_KEYS),
    ];
    for error in errors {
        let Some((span, _)) = error.label else { continue };
        let Some(entry) = entries.iter().find(|entry| entry.key.span == span) else { continue };
        let key = entry.key.value.as_str();
        let Some((section, _)) = sections.iter().find(|(_, keys)| keys.contains(&key)) else { continue };
        error.help = Some(match &entry.value.value {
            // The place of a table under a header is the header, which begins before the key.
            NodeValue::Array(items) if items.first().is_some_and(|item| item.span.start < span.start) => {
                format!("did you mean `[[{section}.{key}]]`?")
            }
            NodeValue::Table(_) if *section == "contract" => {
                format!("it is a list: write `{key} = [\"…\"]` under `[{section}]`")
            }
            _ => format!("`{key}` stands under `[{section}]`"),
        });
    }
}

fn parse_capability(node: &Node, errors: &mut Vec<Diagnostic>) -> Option<CapabilitySection> {
    let section = Section::open("`[capability]`", node, &CAPABILITY_KEYS, &CODES, errors)?;
    let id = section.required_text("id", "\"pricing.eligibility-check\"", errors);
    if let Some(id) = &id {
        names::check_id(id, "spec-bad-id", "id", errors);
    }
    let version = section.required_text("version", "\"0.1.0\"", errors);
    if let Some(version) = &version {
        names::check_version(version, "spec-bad-version", "version", errors);
    }
    let runtime = section.required_text("runtime", "\"wasm32-wasip1\"", errors);
    if let Some(runtime) = runtime.as_ref().filter(|runtime| !RUNTIMES.contains(&runtime.value.as_str())) {
        errors.push(
            Diagnostic::error("spec-bad-runtime", format!("unknown runtime `{}`", runtime.value))
                .at(runtime.span, "")
                .help("write `wasm32-wasip1` (or its old name, `wasm32-wasi`)"),
        );
    }
    let summary = section.text("summary", errors);
    if let Some(summary) = summary.as_ref().filter(|summary| summary.value.contains('\n')) {
        errors.push(
            Diagnostic::error("spec-wrong-type", "`summary` must be one line")
                .at(summary.span, "")
                .help("put the rest into `description`"),
        );
    }
    let description = section.text("description", errors);
    let owner = section.text("owner", errors);
    Some(CapabilitySection { id: id?, version: version?, runtime: runtime?, summary, description, owner })
}

fn parse_clause(
    node: &Node,
    kind: ClauseKind,
    index: usize,
    errors: &mut Vec<Diagnostic>,
) -> Option<ClauseSource> {
    let clause = match &node.value {
        NodeValue::String(rule) => {
            ClauseSource { kind, index, id: None, rule: rule.clone(), message: None, reason: None }
        }
        NodeValue::Table(_) => {
            let name = format!("the {}", kind.as_str());
            let section = Section::open(name, node, &["id", "rule", "message", "reason"], &CODES, errors)?;
            let id = section.text("id", errors);
            if let Some(id) = &id {
                names::check_kebab(id, "spec-bad-id", "the id of a clause", errors);
            }
            let rule = section.required_text("rule", "\"cart.total > 0\"", errors);
            let message = section.text("message", errors);
            let reason = section.text("reason", errors);
            ClauseSource { kind, index, id, rule: rule?, message, reason }
        }
        _ => {
            errors.push(
                Diagnostic::error(
                    "spec-wrong-type",
                    format!("a {} must be a string or a table, found {}", kind.as_str(), node.noun()),
                )
                .at(node.span, "")
                .help("write the rule as a string: \"cart.total > 0\""),
            );
            return None;
        }
    };
    if clause.rule.value.trim().is_empty() {
        errors.push(
            Diagnostic::error("spec-empty-rule", format!("this {} has no rule", kind.as_str()))
                .at(clause.rule.span, ""),
        );
        return None;
    }
    Some(clause)
}

/// Ids are unique in the spec, rules among their kind.
fn check_clauses(clauses: &[ClauseSource], errors: &mut Vec<Diagnostic>) {
    let ids = clauses.iter().filter_map(|clause| clause.id.as_ref());
    check_unique(ids, "spec-duplicate-id", "id", errors);
    let mut seen = std::collections::HashMap::new();
    for clause in clauses {
        if let Some(first) = seen.insert((clause.kind, clause.rule.value.as_str()), &clause.rule) {
            errors.push(
                Diagnostic::error("spec-duplicate-rule", format!("the same {} twice", clause.kind.as_str()))
                    .at(clause.rule.span, "")
                    .also(first.span, "first here")
                    .help("remove one of the two"),
            );
        }
    }
}

fn check_unique<'t>(
    names: impl Iterator<Item = &'t Text>,
    code: &'static str,
    noun: &str,
    errors: &mut Vec<Diagnostic>,
) {
    let mut seen = std::collections::HashMap::new();
    for name in names {
        match seen.get(name.value.as_str()) {
            None => {
                seen.insert(name.value.as_str(), name);
            }
            Some(first) => errors.push(
                Diagnostic::error(code, format!("{noun} `{}` is taken", name.value))
                    .at(name.span, "")
                    .also(first.span, "first here"),
            ),
        }
    }
}

fn parse_exception(
    node: &Node,
    schemas: &mut SchemaParser<'_>,
    types: &[(String, Schema)],
    errors: &mut Vec<Diagnostic>,
) -> Option<ExceptionSource> {
    let exception = match &node.value {
        NodeValue::String(name) => {
            ExceptionSource { name: name.clone(), when: None, message: None, details: None }
        }
        NodeValue::Table(_) => {
            let known = ["name", "when", "message", "details"];
            let section = Section::open("the exception", node, &known, &CODES, errors)?;
            let name = section.required_text("name", "\"CartExpired\"", errors);
            let when = section.text("when", errors);
            if let Some(when) = when.as_ref().filter(|when| when.value.trim().is_empty()) {
                errors.push(
                    Diagnostic::error("spec-empty-rule", "this `when` has no condition").at(when.span, ""),
                );
            }
            let message = section.text("message", errors);
            let details = section.node("details").and_then(|node| {
                let details = schemas.schema(node, "details", errors)?;
                check_object(&details, types, "`details`", errors);
                Some(details)
            });
            ExceptionSource { name: name?, when, message, details }
        }
        _ => {
            errors.push(
                Diagnostic::error(
                    "spec-wrong-type",
                    format!("an exception must be a string or a table, found {}", node.noun()),
                )
                .at(node.span, "")
                .help("write its name as a string: \"CartExpired\""),
            );
            return None;
        }
    };
    if !names::is_upper_camel(&exception.name.value) {
        let name = &exception.name;
        let error = Diagnostic::error(
            "spec-bad-exception-name",
            format!("`{}` is not a name for an exception", name.value),
        );
        let suggested = names::to_upper_camel(&name.value);
        errors.push(error.at(name.span, "").help(match suggested {
            Some(suggested) => format!("names of exceptions are UpperCamelCase: `{suggested}`"),
            None => "names of exceptions are UpperCamelCase: `CartExpired`".into(),
        }));
    }
    Some(exception)
}

fn check_object(schema: &Schema, types: &[(String, Schema)], place: &str, errors: &mut Vec<Diagnostic>) {
    // A reference to a type that is not there has been reported.
    if !matches!(resolve(types, schema).kind, SchemaKind::Object(_) | SchemaKind::Ref(_)) {
        errors.push(
            Diagnostic::error("schema-not-an-object", format!("{place} must describe an object"))
                .at(schema.span, "")
                .help("write `type = \"object\"` and name the values in `properties`"),
        );
    }
}

fn parse_placement(node: &Node, errors: &mut Vec<Diagnostic>) -> Option<Placement> {
    let section = Section::open("`[placement]`", node, &PLACEMENT_KEYS, &CODES, errors)?;
    if section.node("targets").is_none() {
        errors.push(section.missing("targets", "[\"edge\", \"cloud\"]"));
    }
    let mut targets: Vec<Text> = Vec::new();
    for item in section.list("targets", errors) {
        match &item.value {
            NodeValue::String(target) => {
                names::check_kebab(target, "spec-bad-placement", "a target", errors);
                targets.push(target.clone());
            }
            _ => errors.push(
                Diagnostic::error(
                    "spec-wrong-type",
                    format!("a target must be a string, found {}", item.noun()),
                )
                .at(item.span, ""),
            ),
        }
    }
    if let Some(written) =
        section.node("targets").filter(|_| section.list("targets", &mut Vec::new()).is_empty())
        && matches!(written.value, NodeValue::Array(_))
    {
        errors.push(
            Diagnostic::error("spec-bad-placement", "`targets` is empty")
                .at(written.span, "")
                .help("name one, or remove `[placement]`"),
        );
    }
    check_unique(targets.iter(), "spec-bad-placement", "target", errors);
    let mut among = |key: &str| {
        let chosen = section.text(key, errors)?;
        let names: Vec<&str> = targets.iter().map(|target| target.value.as_str()).collect();
        if !names.is_empty() && !names.contains(&chosen.value.as_str()) {
            errors.push(
                Diagnostic::error(
                    "spec-bad-placement",
                    format!("`{key}` is `{}`, which is not among `targets`", chosen.value),
                )
                .at(chosen.span, "")
                .help(match nearest(&chosen.value, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("choose one of {}, or add it to `targets`", quoted_list(&names)),
                }),
            );
        }
        Some(chosen)
    };
    let prefer = among("prefer");
    let fallback = among("fallback");
    Some(Placement { targets, prefer, fallback })
}

fn parse_limits(node: &Node, errors: &mut Vec<Diagnostic>) -> Option<Limits> {
    let section = Section::open("`[limits]`", node, &LIMIT_KEYS, &CODES, errors)?;
    const CODE: &str = "spec-bad-limit";
    let limits = Limits {
        fuel: section.integer("fuel", 1..=super::node::MAX_INTEGER as u64, CODE, errors),
        memory_bytes: section.integer("memory_bytes", 64 << 10..=4 << 30, CODE, errors),
        input_bytes: section.integer("input_bytes", 1..=1 << 30, CODE, errors),
        output_bytes: section.integer("output_bytes", 1..=1 << 30, CODE, errors),
        stack_bytes: section.integer("stack_bytes", 64 << 10..=16 << 20, CODE, errors),
        initial_memory_bytes: section.integer("initial_memory_bytes", 64 << 10..=4 << 30, CODE, errors),
    };
    for (key, written, unit) in [
        ("stack_bytes", limits.stack_bytes, 16),
        ("initial_memory_bytes", limits.initial_memory_bytes, 64 << 10),
    ] {
        if let (Some(bytes), Some(node)) = (written, section.node(key))
            && bytes % unit != 0
        {
            errors.push(
                Diagnostic::error(CODE, format!("`{key}` must be a multiple of {unit}"))
                    .at(node.span, "")
                    .help(format!("write `{key} = {}`", bytes.next_multiple_of(unit))),
            );
        }
    }
    let memory = limits.memory_bytes.unwrap_or(Limits::DEFAULT_MEMORY_BYTES);
    let stack = limits.stack_bytes.unwrap_or(Limits::DEFAULT_STACK_BYTES);
    if stack > memory
        && let Some(node) = section.node("memory_bytes").or(section.node("stack_bytes"))
    {
        errors.push(
            Diagnostic::error(
                CODE,
                format!("a stack of {stack} bytes does not fit into {memory} bytes of memory"),
            )
            .at(node.span, ""),
        );
    }
    if let (Some(initial), Some(node)) = (limits.initial_memory_bytes, section.node("initial_memory_bytes"))
        && !(stack..=memory).contains(&initial)
    {
        let reason = if initial > memory {
            format!("more than the {memory} bytes of `memory_bytes`")
        } else {
            format!("less than the stack of {stack} bytes, which is a part of it")
        };
        errors.push(
            Diagnostic::error(CODE, format!("`initial_memory_bytes` is {initial}, {reason}"))
                .at(node.span, ""),
        );
    }
    Some(limits)
}

// The tests compare with the canonical form, which the host alone has.
#[cfg(all(test, feature = "host"))]
mod tests;
