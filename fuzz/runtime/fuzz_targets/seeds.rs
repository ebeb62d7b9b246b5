//! Writes what the targets begin with, one file each, into folders named for them.

use crate::support::hostile::quick;
use crate::support::{INPUT, RESULT, SPEC, contract_json, manifest, package_json, saying, sealed};
use std::path::Path;

pub(crate) fn write(folder: &Path) -> std::io::Result<()> {
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
