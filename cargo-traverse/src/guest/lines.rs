//! Which line of the author's source a place in a module is (spec `PKG-50`): a debug build says it.

use super::symbols::demangled;
use addr2line::{Context, gimli};
use gimli::{EndianSlice, LittleEndian, SectionId};
use std::collections::HashMap;
use std::path::Path;
use traverse_runtime::Frame;
use traverse_runtime::file::{MAX_FILE_BYTES, read_regular};
use wasmparser::{Parser, Payload};

/// So many calls are told.
const TOLD: usize = 8;
/// As the build names the package's folder in the module, and the SDK's sources in it.
const PACKAGE: &str = "/package/";
const VENDORED: &str = "/package/vendor/";

/// Where the guest was stopped, a sentence for each call, the innermost first. Only calls in the author's package and in
/// the crates that they chose are told; nothing of a module without lines, except that another build has them.
/// A panic says its line itself, in any build (`says_line`).
pub(crate) fn places(module: &Path, frames: &[Frame], says_line: bool) -> Vec<String> {
    if frames.is_empty() {
        return Vec::new();
    }
    let Ok(bytes) = read_regular(module, MAX_FILE_BYTES) else { return Vec::new() };
    let Some(lines) = Lines::of(&bytes) else {
        if says_line {
            return Vec::new();
        }
        return vec![
            "`cargo traverse build --debug` makes a module that says at which line; run that one".to_owned(),
        ];
    };
    let mut told: Vec<String> = Vec::new();
    for frame in frames {
        for place in frame.offset.map(|offset| lines.at(offset)).unwrap_or_default() {
            let word = if told.is_empty() { "stopped at" } else { "called at" };
            let text = format!("{word} {place}");
            // A recursion is told once.
            if told.last() != Some(&text) {
                told.push(text);
            }
            if told.len() == TOLD {
                return told;
            }
        }
    }
    told
}

struct Lines<'a> {
    context: Context<EndianSlice<'a, LittleEndian>>,
    /// Where the code section's content begins, from which a debugger counts.
    code: u64,
}

impl<'a> Lines<'a> {
    fn of(module: &'a [u8]) -> Option<Lines<'a>> {
        let (mut sections, mut code) = (HashMap::new(), None);
        for payload in Parser::new(0).parse_all(module) {
            match payload.ok()? {
                Payload::CustomSection(section) => {
                    sections.insert(section.name(), section.data());
                }
                Payload::CodeSectionStart { range, .. } => code = Some(range.start as u64),
                _ => {}
            }
        }
        if !sections.contains_key(".debug_line") {
            return None;
        }
        let section = |id: SectionId| {
            let bytes = sections.get(id.name()).copied().unwrap_or_default();
            Ok::<_, gimli::Error>(EndianSlice::new(bytes, LittleEndian))
        };
        let dwarf = gimli::Dwarf::load(section).ok()?;
        Some(Lines { context: Context::from_dwarf(dwarf).ok()?, code: code? })
    }

    /// `src/main.rs:12:5, in `pricing::quote``, for the function at a place of the file and those that are inlined there.
    fn at(&self, offset: u64) -> Vec<String> {
        let Some(address) = offset.checked_sub(self.code) else { return Vec::new() };
        let Ok(mut frames) = self.context.find_frames(address).skip_all_loads() else { return Vec::new() };
        let mut places = Vec::new();
        while let Ok(Some(frame)) = frames.next() {
            let Some(location) = frame.location else { continue };
            let Some(file) = location.file.filter(|file| is_authors(file)) else { continue };
            let file = file.strip_prefix(PACKAGE).unwrap_or(file);
            let number = |number: Option<u32>| {
                number.filter(|number| *number > 0).map_or_else(String::new, |number| format!(":{number}"))
            };
            let (line, column) = (number(location.line), number(location.column));
            let function = frame.function.and_then(|name| Some(demangled(&name.raw_name().ok()?)));
            let function = function.map_or_else(String::new, |name| format!(", in `{name}`"));
            places.push(format!("{file}{line}{column}{function}"));
        }
        places
    }
}

fn is_authors(file: &str) -> bool {
    file.starts_with(PACKAGE) && !file.starts_with(VENDORED)
        || file.starts_with("/dependency/")
        || !file.starts_with('/')
}
