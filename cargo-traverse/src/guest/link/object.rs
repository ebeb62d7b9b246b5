//! An object file of WebAssembly, as far as symbols of functions go: which there are, and which function each means.

use std::ops::Range;
use wasmparser::{BinaryReader, BinaryReaderError, Parser, Payload, SymbolFlags, SymbolInfo, TypeRef};

/// An object whose symbols can be made to mean other functions.
pub(super) struct Object<'a> {
    bytes: &'a [u8],
    /// Where the section with the symbols lies, its head included.
    section: Range<usize>,
    /// Its parts in their order: kind and content. Of the table of symbols the content is in `symbols`.
    parts: Vec<(u8, &'a [u8])>,
    symbols: Vec<Symbol<'a>>,
    /// The type of each function, those imported first.
    types: Vec<u32>,
}

struct Symbol<'a> {
    /// As it is written in the file.
    raw: &'a [u8],
    function: Option<Function<'a>>,
}

/// A symbol of a function that stands in this object, or of an import that has a symbol's name of its own.
struct Function<'a> {
    name: &'a str,
    flags: SymbolFlags,
    index: u32,
    is_changed: bool,
}

impl Function<'_> {
    fn is_defined(&self) -> bool {
        !self.flags.contains(SymbolFlags::UNDEFINED)
    }
}

/// Why an object cannot be read.
#[derive(Debug)]
pub(super) enum ObjectError {
    /// It is none, or has no symbols.
    NotAnObject,
    /// It cannot be understood.
    Broken(String),
}

impl From<BinaryReaderError> for ObjectError {
    fn from(error: BinaryReaderError) -> ObjectError {
        ObjectError::Broken(error.to_string())
    }
}

/// The part of the section `linking` that is the table of symbols.
const SYMBOL_TABLE: u8 = 8;
const FUNCTION: u8 = 0;

impl<'a> Object<'a> {
    /// # Errors
    ///
    /// [`ObjectError`].
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Object<'a>, ObjectError> {
        if !Parser::is_core_wasm(bytes) {
            return Err(ObjectError::NotAnObject);
        }
        let (mut section, mut parts, mut symbols, mut types) = (0..0, Vec::new(), Vec::new(), Vec::new());
        let mut at = 8;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            let end = payload.as_section().map(|(_, range)| range.end);
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if let TypeRef::Func(ty) = import?.ty {
                            types.push(ty);
                        }
                    }
                }
                Payload::FunctionSection(functions) => {
                    for ty in functions {
                        types.push(ty?);
                    }
                }
                Payload::CustomSection(custom) if custom.name() == "linking" => {
                    section = at..custom.range().end;
                    let mut reader = BinaryReader::new(custom.data(), 0);
                    let version = reader.read_var_u32()?;
                    if version != 2 {
                        return Err(ObjectError::Broken(format!("symbols of version {version}")));
                    }
                    while !reader.eof() {
                        let kind = reader.read_u8()?;
                        let bytes = reader.read_var_u32()? as usize;
                        let content = reader.read_bytes(bytes)?;
                        if kind == SYMBOL_TABLE {
                            symbols = read_symbols(content)?;
                        }
                        parts.push((kind, content));
                    }
                }
                _ => {}
            }
            at = end.unwrap_or(at);
        }
        if section.is_empty() {
            return Err(ObjectError::NotAnObject);
        }
        Ok(Object { bytes, section, parts, symbols, types })
    }

    /// Makes every symbol of the function at `path` mean the function that is named `stead`, where the object has both and
    /// they are of one type.
    pub(super) fn redirect(&mut self, path: &str, stead: &str) {
        self.redirect_where(stead, |function| function.is_defined() && is_path(function.name, path));
    }

    /// As [`Object::redirect`], of the import whose symbol ends in `path` and is one that `is_wanted` knows.
    pub(super) fn redirect_import(&mut self, path: &str, stead: &str, is_wanted: impl Fn(&str) -> bool) {
        self.redirect_where(stead, |function| {
            !function.is_defined() && is_path(function.name, path) && is_wanted(function.name)
        });
    }

    fn redirect_where(&mut self, stead: &str, is_wanted: impl Fn(&Function) -> bool) {
        let functions = || self.symbols.iter().filter_map(|symbol| symbol.function.as_ref());
        let Some((stead, flags)) = functions()
            .find(|function| function.is_defined() && function.name == stead)
            .map(|function| (function.index, function.flags))
        else {
            return;
        };
        let wanted = self.types.get(stead as usize).copied();
        for function in self.symbols.iter_mut().filter_map(|symbol| symbol.function.as_mut()) {
            let same_type = wanted.is_some() && self.types.get(function.index as usize).copied() == wanted;
            if same_type && is_wanted(function) {
                if !function.is_defined() {
                    // Its own flags are those of an import.
                    function.flags = flags;
                }
                (function.index, function.is_changed) = (stead, true);
            }
        }
    }

    /// Makes the module begin with the function at `path`; whether the object has it.
    pub(super) fn start_with(&mut self, path: &str) -> bool {
        let mut found = self.symbols.iter().filter_map(|symbol| symbol.function.as_ref());
        let is_main = |function: &&Function| function.is_defined() && has_path(function.name, path);
        let Some(main) = found.find(is_main) else { return false };
        let flags = SymbolFlags::EXPORTED | SymbolFlags::NO_STRIP;
        let function = Function { name: "_start", flags, index: main.index, is_changed: true };
        self.symbols.push(Symbol { raw: &[], function: Some(function) });
        true
    }

    /// The object as a file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut content = Vec::new();
        write_text("linking", &mut content);
        write_u32(2, &mut content);
        for (kind, part) in &self.parts {
            content.push(*kind);
            if *kind == SYMBOL_TABLE {
                write_list(&self.symbol_table(), &mut content);
            } else {
                write_list(part, &mut content);
            }
        }
        let mut bytes = self.bytes[..self.section.start].to_vec();
        bytes.push(0);
        write_list(&content, &mut bytes);
        bytes.extend_from_slice(&self.bytes[self.section.end..]);
        bytes
    }

    fn symbol_table(&self) -> Vec<u8> {
        let mut table = Vec::new();
        write_u32(self.symbols.len() as u32, &mut table);
        for symbol in &self.symbols {
            match &symbol.function {
                Some(function) if function.is_changed => {
                    table.push(FUNCTION);
                    write_u32(function.flags.bits(), &mut table);
                    write_u32(function.index, &mut table);
                    write_text(function.name, &mut table);
                }
                _ => table.extend_from_slice(symbol.raw),
            }
        }
        table
    }
}

fn read_symbols(content: &[u8]) -> Result<Vec<Symbol<'_>>, ObjectError> {
    let mut reader = BinaryReader::new(content, 0);
    let count = reader.read_var_u32()?;
    let mut symbols = Vec::new();
    for _ in 0..count {
        let start = reader.original_position();
        let info: SymbolInfo = reader.read()?;
        let raw = &content[start..reader.original_position()];
        let function = match info {
            SymbolInfo::Func { flags, index, name: Some(name) } => {
                Some(Function { name, flags, index, is_changed: false })
            }
            _ => None,
        };
        symbols.push(Symbol { raw, function });
    }
    Ok(symbols)
}

/// Whether a mangled name is that of the path, `4core6option13expect_failed`: in the present scheme it ends the name, in the
/// older one a hash follows; a number that tells copies apart may follow in either.
fn is_path(name: &str, path: &str) -> bool {
    let Some((before, after)) = name.split_once(path) else { return false };
    is_crate_root(before) && (after.is_empty() || after.starts_with("17h") || after.starts_with('.'))
}

/// As [`is_path`], of a function with parameters of type.
fn has_path(name: &str, path: &str) -> bool {
    name.split_once(path).is_some_and(|(before, _)| is_crate_root(before))
}

/// Whether a path that follows `before` in a mangled name begins with its crate: a module of the author's may be named as a
/// crate of the library is. In the present scheme a crate has a hash before it, `Cs…_`.
fn is_crate_root(before: &str) -> bool {
    before == "_ZN" || before.starts_with("_R") && before.ends_with('_')
}

fn write_u32(mut value: u32, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn write_list(bytes: &[u8], out: &mut Vec<u8>) {
    write_u32(bytes.len() as u32, out);
    out.extend_from_slice(bytes);
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_list(text.as_bytes(), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: PKG-46
    #[test]
    fn a_function_is_known_by_its_path_in_either_scheme_of_names() {
        let path = "4core9panicking18panic_bounds_check";
        assert!(is_path("_RNvNtCshetwn31oUMr_4core9panicking18panic_bounds_check", path));
        assert!(is_path("_ZN4core9panicking18panic_bounds_check17h0123456789abcdefE", path));
        assert!(is_path("_RNvNtCshetwn31oUMr_4core9panicking18panic_bounds_check.42", path));
        assert!(!is_path("_RNvNtCshetwn31oUMr_4core9panicking18panic_bounds_checked", path));
        assert!(!is_path("my4core9panicking18panic_bounds_check", path));
        // A module `core` of the author's crate `app`.
        assert!(!is_path("_ZN3app4core9panicking18panic_bounds_check17h0123456789abcdefE", path));
        assert!(!is_path("_RNvNtNtCshetwn31oUMr_3app4core9panicking18panic_bounds_check", path));
        assert!(has_path(
            "_ZN14traverse_guest6driver4main17h0123456789abcdefE",
            "14traverse_guest6driver4main"
        ));
    }

    #[test]
    fn what_is_no_object_is_left_to_the_linker() {
        assert!(matches!(Object::parse(b"!<arch>\n"), Err(ObjectError::NotAnObject)));
        assert!(matches!(Object::parse(b"\0asm\x01\0\0\0"), Err(ObjectError::NotAnObject)));
        assert!(matches!(Object::parse(b"\0asm\x01\0\0\0\x0b\xff"), Err(ObjectError::Broken(_))));
    }
}
