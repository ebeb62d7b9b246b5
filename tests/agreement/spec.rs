//! Specs drawn at random: types, clauses, exceptions with conditions.

use crate::rules::Rules;
use crate::types::{self, Property, Ty};
use fastrand::Rng;
use std::fmt::Write;
use traverse_contract::{Contract, Source};

/// A spec that the checker takes.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) text: String,
    pub(crate) contract: Contract,
    /// The exceptions that the function can be told to raise, from 1.
    pub(crate) exceptions: Vec<String>,
    /// Clauses and conditions that were drawn, and how many of them the checker took.
    pub(crate) tried: usize,
    pub(crate) taken: usize,
}

struct Draft {
    schemas: String,
    clauses: [Vec<String>; 3],
    exceptions: Vec<String>,
}

const KINDS: [&str; 3] = ["preconditions", "postconditions", "invariants"];

impl Draft {
    fn text(&self) -> String {
        let mut text = String::from(
            "[capability]\nid = \"drawn.at-random\"\nversion = \"0.1.0\"\nruntime = \"wasm32-wasip1\"\n\n",
        );
        text.push_str(&self.schemas);
        text.push_str("\n[contract]\n");
        let lists = KINDS.iter().zip(&self.clauses).chain([(&"exceptions", &self.exceptions)]);
        for (name, items) in lists {
            let _ = writeln!(text, "{name} = [");
            for item in items {
                let _ = writeln!(text, "  {item},");
            }
            text.push_str("]\n");
        }
        text
    }

    fn contract(&self) -> Result<Contract, String> {
        let source = Source { name: "drawn.spec.toml".into(), text: self.text() };
        Contract::from_toml(&source)
            .map_err(|errors| errors.iter().map(|error| error.render(&source)).collect::<Vec<_>>().join("\n"))
    }
}

/// Text as a basic string of TOML.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// Draws a spec; `None` if its schemas are not to the checker's liking.
pub(crate) fn draw(rng: &mut Rng) -> Option<Drawn> {
    let mut input = types::object(rng, 6, 3);
    let output = match rng.u8(0..4) {
        0 => types::draw(rng, 2),
        _ => Ty::Object(types::object(rng, 4, 2)),
    };
    input.retain(|property| property.name != "give" && property.name != "raise");
    let mut properties = String::new();
    for property in &input {
        let _ = writeln!(properties, "{} = {}", property.name, types::schema(&property.ty));
    }
    let required: Vec<&str> =
        input.iter().filter(|property| property.required).map(|property| property.name.as_str()).collect();
    let schemas = format!(
        "[input]\ntype = \"object\"\nrequired = {:?}\n[input.properties]\n{properties}\
         give = {{ \"$ref\" = \"#/types/Given\" }}\nraise = {{ type = \"integer\" }}\n\n\
         [output]\n\"$ref\" = \"#/types/Given\"\n\n[types]\nGiven = {}\n",
        [required, vec!["give", "raise"]].concat(),
        types::schema(&output),
    );
    let mut draft = Draft { schemas, clauses: Default::default(), exceptions: Vec::new() };
    if let Err(errors) = draft.contract() {
        if std::env::var_os("SHOW_REFUSED").is_some() {
            eprintln!("{errors}");
        }
        return None;
    }
    // The function's own instructions are part of what rules read.
    let mut seen = input;
    seen.push(Property { name: "give".into(), required: true, ty: output.clone() });
    seen.push(Property {
        name: "raise".into(),
        required: true,
        ty: Ty::Int { minimum: None, maximum: None },
    });

    let (mut tried, mut taken) = (0, 0);
    let mut exceptions = Vec::new();
    for name in ["CartExpired", "Other"] {
        if rng.bool() {
            tried += 1;
            let when = Rules::new(rng, &seen, None).rule();
            draft.exceptions.push(match rng.u8(0..3) {
                0 => quoted(name),
                1 => format!("{{ name = \"{name}\", when = {}, message = \"no more\" }}", quoted(&when)),
                _ => format!("{{ name = \"{name}\", when = {} }}", quoted(&when)),
            });
            if kept(&draft) {
                taken += 1;
                exceptions.push(name.to_owned());
            } else {
                draft.exceptions.pop();
            }
        }
    }
    for _ in 0..rng.usize(3..10) {
        let kind = rng.usize(0..3);
        tried += 1;
        let mut rules = Rules::new(rng, &seen, (kind > 0).then_some(&output));
        let (rule, message) = (rules.rule(), rules.message());
        draft.clauses[kind].push(match rng.u8(0..3) {
            0 => format!("{{ id = \"c{tried}\", rule = {}, message = {} }}", quoted(&rule), quoted(&message)),
            _ => quoted(&rule),
        });
        if kept(&draft) { taken += 1 } else { drop(draft.clauses[kind].pop()) }
    }
    let contract = draft.contract().ok()?;
    Some(Drawn { text: draft.text(), contract, exceptions, tried, taken })
}

fn kept(draft: &Draft) -> bool {
    match draft.contract() {
        Ok(_) => true,
        Err(errors) => {
            if std::env::var_os("SHOW_REFUSED").is_some() {
                eprintln!("{errors}");
            }
            false
        }
    }
}
