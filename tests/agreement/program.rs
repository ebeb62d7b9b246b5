//! One project that holds every drawn capability: built once as a module by the real command, once as a native program.

use crate::spec::Drawn;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;
use traverse_runtime::{Capability, Runtime};
use traverse_tests::{Project, finish, guest_target_dir, process};

const SPEC: &str = r#"
[capability]
id = "drawn.dispatch"
version = "0.1.0"
runtime = "wasm32-wasip1"

[input]
type = "object"
required = ["which", "text"]
[input.properties]
which = { type = "integer" }
text = { type = "string" }

[output]
type = "object"
required = ["code", "said"]
[output.properties]
code = { type = "integer" }
said = { type = "string" }

[limits]
fuel = 10000000000
"#;

/// What a capability says of an input: exit code and document.
pub(crate) type Said = (i64, Value);

/// The project, built both ways.
#[derive(Debug)]
pub(crate) struct Program {
    project: Project,
    capability: Capability,
    native: PathBuf,
}

impl Program {
    pub(crate) fn build(name: &str, specs: &[Drawn]) -> Program {
        let mut main = String::from("use traverse_sdk::prelude::*;\n\n");
        let mut arms = String::new();
        for at in 0..specs.len() {
            let _ = writeln!(main, "mod s{at:03};");
            let _ = writeln!(arms, "        {at} => s{at:03}::call(text.as_bytes()),");
        }
        let _ = write!(
            main,
            "\n#[capability]\nfn dispatch(which: i64, text: String) -> Output {{\n    let (code, said) = match which {{\n\
             {arms}        _ => (-1, Vec::new()),\n    }};\n    \
             Output {{ code: code.into(), said: String::from_utf8(said).expect(\"JSON is text\") }}\n}}\n"
        );
        let project = Project::with(name, SPEC, &main);
        for (at, spec) in specs.iter().enumerate() {
            project.write(&format!("specs/s{at:03}.toml"), &spec.text);
            project.write(&format!("src/s{at:03}.rs"), &module(at, &spec.exceptions));
        }
        project.build();
        let capability = Runtime::new().and_then(|runtime| runtime.load_package(&project.path()));
        let capability = capability.unwrap_or_else(|error| panic!("{}", error.message()));

        let target = guest_target_dir().join("native");
        let mut cargo = process("cargo", &project.path());
        cargo.args(["build", "--quiet", "--locked"]).env("CARGO_TARGET_DIR", &target);
        finish(cargo, b"").exits(0);
        let native = target.join("debug").join(name);
        Program { project, capability, native }
    }

    pub(crate) fn in_guest(&self, which: usize, input: &Value) -> Said {
        let question = question(which, input);
        let call = self.capability.call(question.as_bytes());
        let call = call.unwrap_or_else(|error| panic!("{}: {input}", error.message()));
        answer(&call.stdout)
    }

    pub(crate) fn natively(&self, which: usize, input: &Value) -> Said {
        let command = process(&self.native, &self.project.path());
        answer(finish(command, question(which, input).as_bytes()).exits(0).stdout.as_bytes())
    }
}

/// A capability that does as its input says: raises the exception of this number, or gives this result.
fn module(at: usize, exceptions: &[String]) -> String {
    let mut body = String::new();
    let returned = if exceptions.is_empty() { "Output" } else { "Result<Output, Exception>" };
    for (number, name) in exceptions.iter().enumerate() {
        let _ = writeln!(
            body,
            "    if input.raise == {} {{\n        return Err(Exception::{name});\n    }}",
            number + 1
        );
    }
    let given = if exceptions.is_empty() { "input.give" } else { "Ok(input.give)" };
    format!(
        "use traverse_sdk::prelude::*;\n\n#[capability(spec = \"specs/s{at:03}.toml\")]\n\
         fn drawn(input: Input) -> {returned} {{\n{body}    {given}\n}}\n\n\
         pub fn call(stdin: &[u8]) -> (i32, Vec<u8>) {{\n    \
         let reply = ::traverse_sdk::__private::run::<__traverse::Contract>(stdin);\n    \
         (reply.exit_code, reply.stdout)\n}}\n"
    )
}

fn question(which: usize, input: &Value) -> String {
    json!({ "which": which, "text": input.to_string() }).to_string()
}

fn answer(stdout: &[u8]) -> Said {
    let answer: Value = serde_json::from_slice(stdout).expect("the dispatcher answers in JSON");
    let said = answer["said"].as_str().expect("a text");
    let code = answer["code"].as_i64().expect("an exit code");
    (code, serde_json::from_str(said).unwrap_or_else(|error| panic!("{error}: {said}")))
}
