//! What the targets share.

use std::sync::OnceLock;
use traverse_contract::{Contract, Diagnostic, Source};

/// Most that all errors of one file may take when they are shown.
const MOST_SHOWN: usize = 1 << 20;

/// A contract of a drawn text; its errors are rendered, too, for a person reads them.
pub fn contract(text: String) -> Option<Contract> {
    let source = Source { name: "fuzzed.spec.toml".into(), text };
    match Contract::from_toml(&source) {
        Ok(contract) => Some(contract),
        Err(errors) => {
            shown(&errors, &source);
            None
        }
    }
}

fn shown(errors: &[Diagnostic], source: &Source) {
    assert!(!errors.is_empty(), "refused without a reason");
    let bytes: usize = errors.iter().map(|error| error.render(source).len()).sum();
    assert!(bytes <= MOST_SHOWN, "{bytes} bytes of errors");
}

/// A contract over every kind of type, with `rule` as its precondition.
#[allow(dead_code)]
pub fn with_rule(rule: &str) -> Option<Contract> {
    static SPEC: OnceLock<String> = OnceLock::new();
    let spec = SPEC.get_or_init(|| include_str!("../every-type.spec.toml").to_owned());
    // Every string of JSON is a basic string of TOML, but for a bare DEL.
    let quoted = serde_json::to_string(rule).ok()?.replace('\u{7f}', "\\u007f");
    contract(format!("{spec}\n[contract]\npreconditions = [{quoted}]\n"))
}
