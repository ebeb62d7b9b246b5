//! The JSON Schemas of `traverse.spec.toml` and `traverse.package.toml` agree with the readers: what a reader takes, the
//! schema takes; what a reader refuses for its structure (an unknown key, a missing one, another type), the schema refuses.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use traverse_contract::package::Manifest;
use traverse_contract::spec::Spec;
use traverse_contract::{Diagnostic, Source, canonical, schema};
use traverse_tests::{files_below, repository};

/// Endings of the codes of errors in structure, which a JSON Schema can see.
const STRUCTURE: [&str; 9] = [
    "-unknown-key",
    "-missing-key",
    "-wrong-type",
    "schema-unknown-keyword",
    "schema-misplaced-keyword",
    "schema-unsupported-keyword",
    "schema-missing-type",
    "schema-unknown-type",
    "schema-missing-items",
];

/// The smallest spec.
const CAPABILITY: &str = "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n";

const MANIFEST: &str = r#"package_id = "a.b"
version = "1.0.0"
summary = "s"
workflow_refs = [{ workflow_id = "a.b", workflow_version = "1.0.0" }]
model_dependencies = [{ interface = "a.b", purpose = "p" }]
[capability_ref]
id = "a.b"
version = "1.0.0"
contract_path = "traverse.spec.toml"
contract_digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
[source]
path = "src/main.rs"
language = "rust"
entry = "f"
digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
[binary]
path = "artifacts/a.wasm"
format = "wasm32-wasip1"
digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
bytes = 5
[toolchain]
rustc = "1"
target_std = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
sdk = "0.1.0"
[constraints]
host_api_access = "none"
network_access = "forbidden"
filesystem_access = "none"
"#;

/// A spec with every key of every section.
const FULL: &str = r#"[capability]
id = "a.b"
version = "1.0.0"
runtime = "wasm32-wasi"
summary = "s"
description = "d"
owner = "o"
[input]
type = "object"
[output]
type = "boolean"
[types.Name]
type = "string"
[contract]
preconditions = [{ id = "a", rule = "true", message = "m", reason = "r" }]
postconditions = ["true"]
invariants = ["words of prose"]
exceptions = ["No", { name = "Yes", when = "true", message = "m", details = { type = "object" } }]
[placement]
targets = ["edge"]
prefer = "edge"
fallback = "edge"
[limits]
fuel = 1
memory_bytes = 65536
input_bytes = 1
output_bytes = 1
stack_bytes = 65536
initial_memory_bytes = 65536
"#;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Spec,
    Package,
}

struct Schema {
    kind: Kind,
    json: Value,
    validator: Validator,
}

impl Schema {
    fn of(kind: Kind) -> Schema {
        let name = if kind == Kind::Spec { "spec" } else { "package" };
        let path = repository().join(format!("specs/json-schema/traverse.{name}.schema.json"));
        let json: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the schema is there"))
            .expect("the schema is JSON");
        assert_eq!(json["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let validator = jsonschema::draft202012::new(&json).expect("the schema is of JSON Schema 2020-12");
        Schema { kind, json, validator }
    }

    /// What the reader says of a text that is TOML.
    fn read(&self, text: &str) -> Vec<Diagnostic> {
        let source = Source { name: "x".into(), text: text.into() };
        match self.kind {
            Kind::Spec => Spec::from_toml(&source).err(),
            Kind::Package => Manifest::from_toml(&source).err(),
        }
        .unwrap_or_default()
    }

    /// Whether reader and schema agree about a text; what is wrong if they do not. `None` where the text has no JSON form.
    fn disagreement(&self, text: &str) -> Option<String> {
        let source = Source { name: "x".into(), text: text.into() };
        let json: Value = serde_json::from_str(&canonical::contract_json(&source).ok()?).expect("JSON");
        let errors = self.read(text);
        let refused =
            self.validator.validate(&json).err().map(|error| format!("{error} at {}", error.instance_path));
        let structural =
            errors.iter().find(|error| STRUCTURE.iter().any(|ending| error.code.ends_with(ending)));
        match (structural, refused) {
            (None, Some(refused)) if errors.is_empty() => {
                Some(format!("the reader takes it, the schema says: {refused}\n{text}"))
            }
            (Some(error), None) => Some(format!(
                "the schema takes it, the reader says: {}: {}\n{text}",
                error.code, error.message
            )),
            _ => None,
        }
    }
}

#[track_caller]
fn agree<'t>(schema: &Schema, texts: impl IntoIterator<Item = String> + 't) -> usize {
    let mut count = 0;
    let found: Vec<String> =
        texts.into_iter().inspect(|_| count += 1).filter_map(|text| schema.disagreement(&text)).collect();
    assert!(
        found.is_empty(),
        "{} of {count} disagree, the first:\n{}",
        found.len(),
        found[..found.len().min(5)].join("\n---\n")
    );
    count
}

/// Every text in the repository that looks like this file: the files themselves, raw strings in sources, and TOML blocks
/// in Markdown.
fn texts_in_the_repository(mark: &str, file_name: &str) -> Vec<String> {
    let root = repository();
    let mut texts = Vec::new();
    for file in files_below(&root) {
        let shown = file.to_string_lossy().into_owned();
        let Ok(text) = std::fs::read_to_string(root.join(&file)) else { continue };
        if shown.ends_with(file_name) {
            texts.push(text);
        } else if shown.ends_with(".rs") {
            for hashes in ["#", "##"] {
                let opening = format!("r{hashes}\"");
                let pieces = text.split(&opening).skip(1);
                texts.extend(
                    pieces.filter_map(|piece| Some(piece.split_once(&format!("\"{hashes}"))?.0.to_owned())),
                );
            }
        } else if shown.ends_with(".md") {
            let pieces = text.split("```toml\n").skip(1);
            texts.extend(pieces.filter_map(|piece| Some(piece.split_once("```")?.0.to_owned())));
        }
    }
    texts.retain(|text| text.contains(mark));
    texts
}

// spec: SPEC-47
#[test]
fn every_spec_and_manifest_of_the_repository_is_read_alike() {
    let specs = texts_in_the_repository("[capability]", "traverse.spec.toml");
    let taken = specs.iter().filter(|text| Schema::of(Kind::Spec).read(text).is_empty()).count();
    assert!(taken > 10, "only {taken} specs were found");
    agree(&Schema::of(Kind::Spec), specs);
    let manifests = texts_in_the_repository("[capability_ref]", "traverse.package.toml");
    assert!(manifests.len() > 3, "only {} manifests were found", manifests.len());
    agree(&Schema::of(Kind::Package), manifests);
    agree(&Schema::of(Kind::Spec), [FULL.to_owned(), CAPABILITY.to_owned()]);
    agree(&Schema::of(Kind::Package), [MANIFEST.to_owned()]);
}

/// The value at every path of a document, and the document with another value, or none, in that place.
fn changed(document: &Value, values: &[Value]) -> Vec<Value> {
    let mut found = Vec::new();
    match document {
        Value::Object(fields) => {
            for (key, field) in fields {
                let with = |value: Option<Value>| {
                    let mut fields = fields.clone();
                    match value {
                        Some(value) => drop(fields.insert(key.clone(), value)),
                        None => drop(fields.shift_remove(key)),
                    }
                    Value::Object(fields)
                };
                found.push(with(None));
                found.extend(values.iter().map(|value| with(Some(value.clone()))));
                found.extend(changed(field, values).into_iter().map(|value| with(Some(value))));
            }
            let mut more = fields.clone();
            more.insert("zzzzzzzz".to_owned(), json!(1));
            found.push(Value::Object(more));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let with = |value: Value| {
                    let mut items = items.clone();
                    items[index] = value;
                    Value::Array(items)
                };
                found.extend(values.iter().map(|value| with(value.clone())));
                found.extend(changed(item, values).into_iter().map(with));
            }
        }
        _ => {}
    }
    found
}

/// A document as TOML, all of it inline.
fn toml(document: &Value) -> String {
    let fields = document.as_object().into_iter().flatten();
    fields.map(|(key, value)| format!("{} = {}\n", json!(key), inline(value))).collect()
}

fn inline(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(key, value)| format!("{} = {}", json!(key), inline(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        scalar => scalar.to_string(),
    }
}

fn document(text: &str) -> Value {
    let source = Source { name: "x".into(), text: text.into() };
    serde_json::from_str(&canonical::contract_json(&source).expect("TOML")).expect("JSON")
}

// spec: SPEC-47
#[test]
fn every_key_is_asked_for_alike_and_of_the_same_type() {
    let values =
        [json!(7), json!(true), json!("words"), json!(["words"]), json!([7]), json!({"a": 1}), json!([])];
    for (kind, text) in [(Kind::Spec, FULL), (Kind::Package, MANIFEST)] {
        let changes = changed(&document(text), &values);
        let count = agree(&Schema::of(kind), changes.iter().map(toml));
        assert!(count > 250, "{count}");
    }
}

// spec: SPEC-47, SPEC-48
#[test]
fn every_keyword_is_known_and_goes_with_the_same_types() {
    let spec = Schema::of(Kind::Spec);
    let described: BTreeSet<&str> = spec.json["$defs"]["schema"]["properties"]
        .as_object()
        .expect("keywords")
        .keys()
        .map(String::as_str)
        .collect();
    let known: BTreeSet<&str> = schema::keywords().collect();
    assert_eq!(described, known, "specs/json-schema/traverse.spec.schema.json and schema/keyword.rs");

    // Each keyword beside each type, with values of every kind: the reader decides which of them are right.
    let types = [
        json!(null),
        json!("boolean"),
        json!("integer"),
        json!("number"),
        json!("string"),
        json!("array"),
        json!("object"),
        json!("null"),
        json!("text"),
        json!(["string", "null"]),
        json!(["integer", "null"]),
        json!(["object", "null"]),
        json!(["array", "null"]),
        json!(["string"]),
        json!(["string", "integer"]),
        json!([]),
    ];
    let texts = json!({"type": "string"});
    let values = [
        json!(0),
        json!(2),
        json!(1.5),
        json!(-1),
        json!(true),
        json!(false),
        json!("words"),
        json!("^a+$"),
        json!("#/types/Name"),
        json!("Name"),
        json!(["a"]),
        json!(["a", 1]),
        json!([1, 2]),
        json!([1.5]),
        json!([true]),
        json!([]),
        json!([texts]),
        json!([texts, texts]),
        texts.clone(),
        json!({"a": texts}),
        json!({"a": 1}),
        json!({}),
    ];
    let companions = [
        json!({}),
        json!({"items": texts}),
        json!({"enum": ["a"]}),
        json!({"$ref": "#/types/Name"}),
        json!({"properties": {"a": texts}}),
        json!({"minItems": 2, "items": false}),
    ];
    let mut schemas = BTreeSet::new();
    for name in known.iter().chain(&["zzzzzzzz", "oneOf", "$defs"]) {
        for (ty, value) in types.iter().flat_map(|ty| values.iter().map(move |value| (ty, value))) {
            for companion in &companions {
                let mut fields = companion.as_object().expect("an object").clone();
                if !ty.is_null() {
                    fields.insert("type".into(), ty.clone());
                }
                fields.insert((*name).to_owned(), value.clone());
                schemas.insert(inline(&Value::Object(fields)));
            }
        }
    }
    let texts = schemas.iter().map(|schema| {
        format!("output = {schema}\ntypes = {{ Name = {{ type = \"integer\" }} }}\n{CAPABILITY}")
    });
    let count = agree(&spec, texts);
    assert!(count > 10_000, "{count}");
}

/// An editor shows what a key is for.
#[test]
fn every_key_is_described() {
    fn undescribed(schema: &Value, path: &str, found: &mut Vec<String>) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{name}");
            if schema["type"] == "object" && property["description"].as_str().is_none_or(str::is_empty) {
                found.push(path.clone());
            }
            undescribed(property, &path, found);
        }
    }
    for kind in [Kind::Spec, Kind::Package] {
        let schema = Schema::of(kind);
        let mut found = Vec::new();
        undescribed(&schema.json, "", &mut found);
        for (name, part) in schema.json["$defs"].as_object().into_iter().flatten() {
            undescribed(part, name, &mut found);
        }
        assert!(found.is_empty(), "{found:?}");
    }
}
