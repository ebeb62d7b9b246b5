//! The module in hosts that know nothing of Traverse: Node's WASI, and one with only the three functions.

use traverse_tests::{Finished, Project, finish, process};

/// A host with `fd_read`, `fd_write` and `proc_exit`, and nothing else.
const THREE_FUNCTIONS: &str = r#"
const fs = require('fs');
const input = fs.readFileSync(0);
let at = 0, memory;
class Exit { constructor(code) { this.code = code; } }
const vectors = (pointer, count) => {
  const view = new DataView(memory.buffer), found = [];
  for (let i = 0; i < count; i++) {
    found.push(new Uint8Array(memory.buffer, view.getUint32(pointer + 8 * i, true), view.getUint32(pointer + 8 * i + 4, true)));
  }
  return found;
};
const imports = { wasi_snapshot_preview1: {
  fd_read(fd, pointer, count, result) {
    let total = 0;
    for (const part of vectors(pointer, count)) {
      const n = Math.min(part.length, input.length - at);
      part.set(input.subarray(at, at + n)); at += n; total += n;
    }
    new DataView(memory.buffer).setUint32(result, total, true);
    return 0;
  },
  fd_write(fd, pointer, count, result) {
    let total = 0;
    for (const part of vectors(pointer, count)) { fs.writeSync(fd, part); total += part.length; }
    new DataView(memory.buffer).setUint32(result, total, true);
    return 0;
  },
  proc_exit(code) { throw new Exit(code); },
} };
const module_ = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
const instance = new WebAssembly.Instance(module_, imports);
memory = instance.exports.memory;
try { instance.exports._start(); } catch (e) { if (e instanceof Exit) process.exitCode = e.code; else throw e; }
"#;

const NODE_WASI: &str = r#"
const { WASI } = require('wasi');
const fs = require('fs');
const wasi = new WASI({ version: 'preview1', returnOnExit: true });
const module_ = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
const instance = new WebAssembly.Instance(module_, { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = wasi.start(instance);
"#;

fn in_node(project: &Project, host: &str, input: &str) -> Finished {
    project.write("host.cjs", host);
    let mut command = process("node", &project.path());
    command.arg("--no-warnings").arg("host.cjs").arg(project.artifact());
    finish(command, input.as_bytes())
}

/// spec: IO-9
#[test]
fn a_host_that_knows_only_wasi_still_sees_the_truth() {
    let project = Project::new("other-hosts", "pricing");
    project.build();
    for host in [THREE_FUNCTIONS, NODE_WASI] {
        let good = r#"{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}"#;
        let result = in_node(&project, host, good).exits(0);
        assert_eq!(result.stdout.trim(), r#"{"eligible":true,"reason":"within the enterprise agreement"}"#);
        let bad = r#"{"customer":{"tier":"enterprise"},"cart":{"total":-5}}"#;
        let violation = in_node(&project, host, bad).exits(21).json();
        assert_eq!(violation["found_by"], serde_json::json!("guest"));
        assert_eq!(violation["clause"]["rule"], serde_json::json!("cart.total > 0"));
        in_node(&project, host, "").exits(20);
    }
}
