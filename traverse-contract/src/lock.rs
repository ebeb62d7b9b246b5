//! `traverse.lock`: the approved versions of a contract (spec `CHANGE-20` to `CHANGE-23`).
//!
//! Each version stands there with the digest of its contract and the contract itself, canonical: so a later version can
//! be compared with it on any machine, and the file can be held against itself.

use crate::canonical::{is_digest, sha256};
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::spec::node::Node;
use crate::spec::section::{Codes, MAX_ERRORS, Section};
use crate::spec::{Text, names};
use semver::Version;
use std::fmt::Write as _;

/// The file's name. It lies beside the spec.
pub const LOCK_FILE: &str = "traverse.lock";

/// The most that the file may have, in bytes.
pub const MAX_LOCK_BYTES: usize = 16 << 20;

/// The form of the file that this version reads and writes.
const FORMAT: u64 = 1;

static CODES: Codes = Codes {
    syntax: "lock-toml-syntax",
    too_large: "lock-too-large",
    too_deep: "lock-too-deep",
    number: "lock-number-range",
    unknown_key: "lock-unknown-key",
    missing_key: "lock-missing-key",
    wrong_type: "lock-wrong-type",
};

/// The approved versions, the lowest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lock {
    /// `[[approved]]`
    pub approved: Vec<Approved>,
}

/// One approved version.
#[derive(Debug, Clone, PartialEq)]
pub struct Approved {
    /// The contract's version.
    pub version: Version,
    /// `sha256:…` of the contract's canonical JSON.
    pub digest: String,
    /// The contract as canonical JSON: [`crate::Contract::from_json`] reads it.
    pub contract: String,
    /// Where the version stands in the file.
    pub span: Span,
}

impl Approved {
    /// An approval of this contract, given as canonical JSON.
    pub fn of(version: Version, contract: String) -> Approved {
        Approved { version, digest: sha256(contract.as_bytes()), contract, span: Span::default() }
    }
}

impl Lock {
    /// Reads `traverse.lock`.
    ///
    /// # Errors
    ///
    /// Every error in the file, each with its place: what is no TOML, an unknown or missing key, a digest that is not
    /// that of its contract, a contract of another version, a version that stands twice.
    pub fn from_toml(source: &Source) -> Result<Lock, Vec<Diagnostic>> {
        let root = crate::spec::toml::read_up_to(source, &CODES, MAX_LOCK_BYTES)?;
        let mut errors = Vec::new();
        let lock = parse_lock(&root, &mut errors);
        match lock {
            Some(lock) if errors.is_empty() => Ok(lock),
            _ => {
                errors.truncate(MAX_ERRORS);
                Err(errors)
            }
        }
    }

    /// The file's text: equal locks give equal bytes.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# Approved versions of the contract in traverse.spec.toml. `cargo traverse approve` writes this file.\n\
             # Commit it, and do not edit it: an approved version does not change.\n",
        );
        let _ = writeln!(text, "format = {FORMAT}");
        for approved in &self.approved {
            let _ = write!(
                text,
                "\n[[approved]]\nversion  = \"{}\"\ndigest   = \"{}\"\ncontract = {}\n",
                approved.version,
                approved.digest,
                literal(&approved.contract)
            );
        }
        text
    }

    /// The approval of this version.
    pub fn get(&self, version: &Version) -> Option<&Approved> {
        self.approved.iter().find(|approved| approved.version.cmp_precedence(version).is_eq())
    }

    /// The latest approved version before this one.
    pub fn before(&self, version: &Version) -> Option<&Approved> {
        self.approved.iter().rev().find(|approved| approved.version.cmp_precedence(version).is_lt())
    }

    /// The latest approved version.
    pub fn latest(&self) -> Option<&Approved> {
        self.approved.last()
    }

    /// Adds an approval at its place. One of the same version is replaced.
    pub fn approve(&mut self, new: Approved) {
        self.approved.retain(|approved| !approved.version.cmp_precedence(&new.version).is_eq());
        let at =
            self.approved.partition_point(|approved| approved.version.cmp_precedence(&new.version).is_lt());
        self.approved.insert(at, new);
    }
}

fn parse_lock(root: &Node, errors: &mut Vec<Diagnostic>) -> Option<Lock> {
    let top = Section::open("the lock file", root, &["format", "approved"], &CODES, errors)?;
    if top.node("format").is_none() {
        errors.push(top.missing("format", "1"));
    }
    let format = top.integer("format", 1..=u64::from(u32::MAX), "lock-bad-format", errors);
    if let Some(format) = format.filter(|format| *format != FORMAT) {
        let span = top.node("format").map_or(Span::default(), |node| node.span);
        errors.push(
            Diagnostic::error(
                "lock-bad-format",
                format!("the lock file has form {format}, and only {FORMAT} is known"),
            )
            .at(span, "")
            .help("it was written by a later `cargo traverse`; use that one"),
        );
        return None;
    }
    let mut lock = Lock::default();
    for node in top.list("approved", errors) {
        let Some(approved) = parse_approved(node, errors) else { continue };
        if let Some(known) = lock.get(&approved.version) {
            errors.push(
                Diagnostic::error(
                    "lock-duplicate-version",
                    format!("version `{}` is approved twice", approved.version),
                )
                .at(approved.span, "")
                .also(known.span, "first here")
                .help(RESTORE),
            );
            continue;
        }
        lock.approve(approved);
    }
    Some(lock)
}

const RESTORE: &str = "restore the file from version control; only `cargo traverse approve` changes it";

fn parse_approved(node: &Node, errors: &mut Vec<Diagnostic>) -> Option<Approved> {
    let known = ["version", "digest", "contract"];
    let section = Section::open("`[[approved]]`", node, &known, &CODES, errors)?;
    let version = section.required_text("version", "\"1.0.0\"", errors);
    let digest = section.required_text("digest", "\"sha256:…\"", errors);
    let contract = section.required_text("contract", "'''{…}'''", errors);
    let (version, digest, contract) = (version?, digest?, contract?);
    let before = errors.len();
    names::check_version(&version, "lock-bad-version", "version", errors);
    if errors.len() > before {
        return None;
    }
    let parsed = Version::parse(&version.value).ok()?;
    check_contract(&version, &digest, &contract, errors);
    Some(Approved { version: parsed, digest: digest.value, contract: contract.value, span: version.span })
}

/// The entry agrees with itself.
fn check_contract(version: &Text, digest: &Text, contract: &Text, errors: &mut Vec<Diagnostic>) {
    if !is_digest(&digest.value) {
        errors.push(
            Diagnostic::error("lock-bad-digest", "`digest` is not a digest")
                .at(digest.span, "")
                .note("a digest is `sha256:` and 64 lower-case hexadecimal digits")
                .help(RESTORE),
        );
    } else if sha256(contract.value.as_bytes()) != digest.value {
        errors.push(
            Diagnostic::error(
                "lock-digest-mismatch",
                format!("the digest of version `{}` is not that of the contract beside it", version.value),
            )
            .at(digest.span, "")
            .note("one of the two was changed after the version was approved")
            .help(RESTORE),
        );
    } else {
        let json: Option<serde_json::Value> = serde_json::from_str(&contract.value).ok();
        let own = json.as_ref().and_then(|json| json.pointer("/capability/version")?.as_str());
        if own != Some(version.value.as_str()) {
            errors.push(
                Diagnostic::error(
                    "lock-wrong-contract",
                    format!("the contract that is kept here is not one of version `{}`", version.value),
                )
                .at(version.span, "")
                .help(RESTORE),
            );
        }
    }
}

/// A TOML string of this value on one line: as it stands where that is possible.
fn literal(value: &str) -> String {
    let plain = |character: char| character == '\t' || !character.is_control();
    if value.chars().all(plain) && !value.contains("'''") && !value.ends_with('\'') {
        return format!("'''{value}'''");
    }
    let mut text = String::from("\"");
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            control if !plain(control) => {
                let _ = write!(text, "\\u{:04X}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn approved(version: &str, rule: &str) -> Approved {
        let contract = json!({"capability": {"version": version}, "contract": {"preconditions": [rule]}});
        Approved::of(Version::parse(version).expect("a version"), crate::canonical::canonical(&contract))
    }

    fn source(text: &str) -> Source {
        Source { name: LOCK_FILE.into(), text: text.into() }
    }

    fn errors(text: &str) -> String {
        let source = source(text);
        let errors = Lock::from_toml(&source).expect_err("it is broken");
        errors.iter().map(|error| error.render(&source)).collect::<Vec<_>>().join("\n")
    }

    /// spec: CHANGE-20
    #[test]
    fn a_lock_is_read_back_as_it_was_written() {
        let mut lock = Lock::default();
        for (version, rule) in [
            ("1.10.0", "a in ['x', \"y\"]"),
            ("1.2.0", "s == '''\u{7f}'"),
            ("2.0.0-rc.1", "\\'''"),
            ("1.2.1", "'"),
        ] {
            lock.approve(approved(version, rule));
        }
        let text = lock.to_toml();
        let mut read = Lock::from_toml(&source(&text)).unwrap_or_else(|_| panic!("{}", errors(&text)));
        let versions: Vec<String> =
            read.approved.iter().map(|approved| approved.version.to_string()).collect();
        assert_eq!(versions, ["1.2.0", "1.2.1", "1.10.0", "2.0.0-rc.1"]);
        assert_eq!(read.to_toml(), text);
        read.approved.iter_mut().for_each(|approved| approved.span = Span::default());
        assert_eq!(read, lock);
        let before = |version: &str| {
            let before = lock.before(&Version::parse(version).expect("a version"));
            before.map(|approved| approved.version.to_string())
        };
        assert_eq!(before("1.3.0").as_deref(), Some("1.2.1"));
        assert_eq!(before("1.2.0"), None);
        assert_eq!(lock.latest().map(|approved| approved.version.to_string()).as_deref(), Some("2.0.0-rc.1"));
    }

    /// spec: CHANGE-21
    #[test]
    fn a_lock_that_was_edited_is_told_with_the_place() {
        let mut lock = Lock::default();
        lock.approve(approved("1.2.0", "cart.total > 0"));
        let good = lock.to_toml();
        assert_eq!(
            errors("format = 1\n[[approved]\n").lines().next(),
            Some("error[lock-toml-syntax]: not valid TOML: unclosed array table, expected `]`")
        );
        let said = errors(&good.replace("total > 0", "total > 1"));
        assert!(said.starts_with("error[lock-digest-mismatch]: the digest of version `1.2.0` is not that of the contract beside it\n  --> traverse.lock:7:12\n"), "{said}");
        for (from, to, code) in [
            ("version  = \"1.2.0\"", "version  = \"1.3.0\"", "lock-wrong-contract"),
            ("version  = \"1.2.0\"", "version  = \"one\"", "lock-bad-version"),
            ("sha256:", "md5:", "lock-bad-digest"),
            ("contract =", "contrat =", "lock-unknown-key"),
            ("format = 1", "format = 2", "lock-bad-format"),
            ("format = 1\n", "", "lock-missing-key"),
        ] {
            let said = errors(&good.replace(from, to));
            assert!(said.contains(&format!("error[{code}]")) && said.contains("traverse.lock"), "{said}");
        }
        let entry = &good[good.find("\n[[").expect("an entry")..];
        assert!(errors(&format!("{good}{entry}")).contains("error[lock-duplicate-version]"));
        assert!(errors(&" ".repeat(MAX_LOCK_BYTES + 1)).contains("error[lock-too-large]"));
    }
}
