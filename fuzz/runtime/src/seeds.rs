//! Writes what the targets begin with, one file each, into folders named for them: `seeds FOLDER`.
#![allow(unreachable_pub, missing_docs)]

#[path = "../../../runtime/tests/support/mod.rs"]
mod support;

use std::path::Path;
use support::hostile::quick;
use support::{INPUT, RESULT, SPEC, contract_json, manifest, package_json, saying, sealed};

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).expect("usage: seeds FOLDER");
    let folder = Path::new(&folder);
    let write = |target: &str, name: &str, bytes: &[u8]| {
        std::fs::create_dir_all(folder.join(target))?;
        std::fs::write(folder.join(target).join(name), bytes)
    };
    let kind = |kind: u8, bytes: &[u8]| [&[kind], bytes].concat();
    let sections = sealed(Vec::new()).len();
    for (number, guest) in quick().into_iter().enumerate() {
        let bare = &guest.module[..guest.module.len() - sections];
        write("module", &format!("bare-{number}"), &kind(1, bare))?;
        write("module", &format!("whole-{number}"), &kind(0, &guest.module))?;
    }
    write("module", "contract", &kind(2, contract_json().as_bytes()))?;
    write("module", "package", &kind(3, package_json().to_string().as_bytes()))?;

    let good = sealed(saying(0, RESULT, ""));
    let digest = traverse_contract::canonical::sha256(&good);
    let manifest = manifest(&good).replace(&digest, "DIGEST");
    write("package", "manifest", manifest.as_bytes())?;
    write("package", "both", format!("{manifest}\n----\n{SPEC}").as_bytes())?;
    write("input", "other", INPUT)
}
