//! Where the bytes of a module are: by section, and by crate where the names of its functions are known.

use crate::guest::symbols::Symbols;
use crate::guest::twin;
use crate::report::{Screen, grouped, printable_line};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use traverse_contract::canonical;
use wasmparser::{BinaryReaderError, Parser, Payload};

/// A part of a module and its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Part {
    /// `code`, `traverse.contract`, or a crate.
    pub(crate) name: String,
    /// Its size; of a section with the bytes that say what and how long it is.
    pub(crate) bytes: u64,
}

/// `{sections, crates}`: `sections`, with `head` for the first eight bytes, add up to the file; `crates` to the functions in
/// `code`. `crates` is `null` where the module has no names and was not built here.
#[derive(Debug, Serialize)]
pub(crate) struct Sizes {
    pub(crate) sections: Vec<Part>,
    pub(crate) crates: Option<Vec<Part>>,
    /// By function, for comparisons.
    #[serde(skip)]
    pub(crate) functions: Option<BTreeMap<String, u64>>,
}

impl Sizes {
    /// Of the module at `path`, whose bytes these are.
    ///
    /// # Errors
    ///
    /// Why they are no module.
    pub(crate) fn of(path: &Path, module: &[u8]) -> Result<Sizes, BinaryReaderError> {
        let sections = sections(module)?;
        let mut symbols = Symbols::parse(module)?;
        if !symbols.has_names()
            && let Some(twin) = twin::find(path, &canonical::sha256(module))
            // One that is broken says nothing.
            && let Ok(named) = Symbols::parse(&twin)
        {
            symbols = named;
        }
        let known = symbols.has_names();
        let crates = known.then(|| {
            symbols.bytes_by_crate().into_iter().map(|(name, bytes)| Part { name, bytes }).collect()
        });
        Ok(Sizes { sections, crates, functions: known.then(|| symbols.bytes_by_function()) })
    }

    /// Both tables.
    pub(crate) fn render(&self, screen: &mut Screen) {
        render_parts(screen, &self.sections, "  ");
        if let Some(crates) = &self.crates {
            screen.line("  code by crate");
            render_parts(screen, crates, "    ");
        }
    }
}

fn render_parts(screen: &mut Screen, parts: &[Part], indent: &str) {
    let total: u64 = parts.iter().map(|part| part.bytes).sum();
    for Part { name, bytes } in parts {
        let share = *bytes as f64 * 100.0 / total.max(1) as f64;
        let name = format!("{indent}{}", printable_line(name));
        screen.line(format!("{name:<24} {:>9}  {share:>5.1} %", grouped(*bytes)));
    }
}

/// Every section by its name, in the module's order; those of one name together.
fn sections(module: &[u8]) -> Result<Vec<Part>, BinaryReaderError> {
    let mut parts = vec![Part { name: "head".to_owned(), bytes: 8 }];
    let mut at = 8;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let Some((_, range)) = payload.as_section() else { continue };
        let name = match &payload {
            Payload::TypeSection(_) => "type",
            Payload::ImportSection(_) => "import",
            Payload::FunctionSection(_) => "function",
            Payload::TableSection(_) => "table",
            Payload::MemorySection(_) => "memory",
            Payload::GlobalSection(_) => "global",
            Payload::ExportSection(_) => "export",
            Payload::StartSection { .. } => "start",
            Payload::ElementSection(_) => "element",
            Payload::DataCountSection { .. } => "data count",
            Payload::CodeSectionStart { .. } => "code",
            Payload::DataSection(_) => "data",
            Payload::CustomSection(section) => section.name(),
            _ => "other",
        };
        let bytes = (range.end - at) as u64;
        at = range.end;
        match parts.iter_mut().find(|part| part.name == name) {
            Some(part) => part.bytes += bytes,
            None => parts.push(Part { name: name.to_owned(), bytes }),
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: CLI-51
    #[test]
    fn sections_add_up_to_the_file() {
        let module =
            wat::parse_str("(module (memory 1) (func (export \"_start\") nop) (data (i32.const 0) \"abc\") (@custom \"x\" \"12\"))")
                .unwrap();
        let sizes = Sizes::of(Path::new("absent.wasm"), &module).unwrap();
        assert_eq!(sizes.sections.iter().map(|part| part.bytes).sum::<u64>(), module.len() as u64);
        let bytes = |name: &str| sizes.sections.iter().find(|part| part.name == name).map(|part| part.bytes);
        assert_eq!((bytes("head"), bytes("x")), (Some(8), Some(6)));
        assert!(bytes("code").is_some() && bytes("data").is_some(), "{:?}", sizes.sections);
        assert!(sizes.crates.is_none());
    }
}
