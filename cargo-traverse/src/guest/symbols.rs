//! What lies in a module that has kept the names of its functions: which crate how much of it is, and who calls what it
//! imports.

use std::collections::{BTreeMap, VecDeque};
use wasmparser::{BinaryReaderError, KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// The functions of a module, those imported first.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    functions: Vec<Function>,
}

#[derive(Debug, Default)]
struct Function {
    /// As the compiler mangled it.
    name: Option<String>,
    /// `module.name` of an import.
    import: Option<String>,
    /// Bytes of its body, and of the length before it.
    bytes: u64,
    /// Which functions it calls or takes the address of, by index.
    calls: Vec<u32>,
}

/// A function of the author's or of a crate that they use, which reaches an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// `rand_core`
    pub(crate) krate: String,
    /// `rand_core::os::fill`
    pub(crate) function: String,
}

impl Symbols {
    /// Reads the names, sizes and calls of a module's functions.
    ///
    /// # Errors
    ///
    /// Why the bytes are no module.
    pub(crate) fn parse(wasm: &[u8]) -> Result<Symbols, BinaryReaderError> {
        let mut symbols = Symbols::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(_) = import.ty {
                            symbols.functions.push(Function {
                                import: Some(format!("{}.{}", import.module, import.name)),
                                ..Function::default()
                            });
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    let bytes = (range.end - range.start) as u64;
                    let mut function = Function { bytes: bytes + leb128_bytes(bytes), ..Function::default() };
                    for operator in body.get_operators_reader()? {
                        match operator? {
                            Operator::Call { function_index }
                            | Operator::ReturnCall { function_index }
                            | Operator::RefFunc { function_index } => function.calls.push(function_index),
                            _ => {}
                        }
                    }
                    symbols.functions.push(function);
                }
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(parts) = section.as_known() else { continue };
                    for part in parts {
                        let Name::Function(names) = part? else { continue };
                        for name in names {
                            let name = name?;
                            if let Some(function) = symbols.functions.get_mut(name.index as usize) {
                                function.name = Some(name.name.to_owned());
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(symbols)
    }

    /// The functions that it imports, as `module.name`.
    pub(crate) fn imports(&self) -> impl Iterator<Item = &str> {
        self.functions.iter().filter_map(|function| function.import.as_deref())
    }

    /// The name of the function with that number among those that have a body, as the compiler mangled it.
    pub(crate) fn name_of_defined(&self, number: usize) -> Option<&str> {
        let mut defined = self.functions.iter().filter(|function| function.import.is_none());
        defined.nth(number)?.name.as_deref()
    }

    /// Whether any function has a name.
    pub(crate) fn has_names(&self) -> bool {
        self.functions.iter().any(|function| function.import.is_none() && function.name.is_some())
    }

    /// Bytes of code by crate, the largest first: a function counts to the crate that it is written in, so far as its name
    /// says that; to `other` where it does not.
    pub(crate) fn bytes_by_crate(&self) -> Vec<(String, u64)> {
        let mut by_crate: BTreeMap<String, u64> = BTreeMap::new();
        for function in self.functions.iter().filter(|function| function.import.is_none()) {
            let krate = function.name.as_deref().and_then(crate_of).unwrap_or_else(|| "other".to_owned());
            *by_crate.entry(krate).or_default() += function.bytes;
        }
        let mut list: Vec<_> = by_crate.into_iter().collect();
        list.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        list
    }

    /// Bytes of every function by its name without the compiler's hash; of several that are named alike, their sum.
    pub(crate) fn bytes_by_function(&self) -> BTreeMap<String, u64> {
        let mut by_name: BTreeMap<String, u64> = BTreeMap::new();
        for function in self.functions.iter().filter(|function| function.import.is_none()) {
            *by_name.entry(demangled(function.name.as_deref().unwrap_or("other"))).or_default() +=
                function.bytes;
        }
        by_name
    }

    /// The nearest function that is not the standard library's and reaches the import `module.name`, if names and calls
    /// say so: one that is called through a table is not seen.
    pub(crate) fn caller_of(&self, import: &str) -> Option<Caller> {
        let at = self.functions.iter().position(|function| function.import.as_deref() == Some(import))?;
        let mut seen = vec![false; self.functions.len()];
        let mut next = VecDeque::from([at as u32]);
        while let Some(callee) = next.pop_front() {
            for (index, function) in self.functions.iter().enumerate() {
                if seen[index] || !function.calls.contains(&callee) {
                    continue;
                }
                seen[index] = true;
                next.push_back(index as u32);
                let Some(name) = &function.name else { continue };
                let Some(krate) = crate_of(name).filter(|krate| !is_standard(krate)) else { continue };
                return Some(Caller { krate, function: demangled(name) });
            }
        }
        None
    }
}

/// A function's name as people write it, without the compiler's hash.
pub(crate) fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

/// The crate that a function is written in: the first part of the first path in its name.
fn crate_of(name: &str) -> Option<String> {
    let name = demangled(name);
    let mut words = name.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == ':'));
    let path = words.find(|word| word.contains("::") && !word.starts_with("::"))?;
    path.split("::").next().map(str::to_owned)
}

/// The crates of the toolchain, and those of the SDK that ask the host for nothing of their own.
fn is_standard(krate: &str) -> bool {
    const STANDARD: [&str; 9] = [
        "std",
        "core",
        "alloc",
        "wasi",
        "__rustc",
        "hashbrown",
        "compiler_builtins",
        "traverse_guest",
        "libc",
    ];
    STANDARD.contains(&krate)
}

/// Bytes of the number `value` in the binary format's variable length.
fn leb128_bytes(value: u64) -> u64 {
    u64::from((64 - value.leading_zeros()).div_ceil(7).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = r#"(module
        (import "wasi_snapshot_preview1" "clock_time_get" (func $_ZN4wasi14clock_time_get17h0123456789abcdefE))
        (func $_ZN3std4time7Instant3now17h0123456789abcdefE call 0)
        (func $_ZN7tickers4tick17h0123456789abcdefE call 1)
        (func $_ZN3app4main17h0123456789abcdefE call 2)
        (func $memcpy nop nop))"#;

    #[test]
    fn who_reaches_an_import_is_named_without_the_standard_library() {
        let symbols = Symbols::parse(&wat::parse_str(MODULE).unwrap()).unwrap();
        let caller = symbols.caller_of("wasi_snapshot_preview1.clock_time_get").unwrap();
        assert_eq!((caller.krate.as_str(), caller.function.as_str()), ("tickers", "tickers::tick"));
        assert!(symbols.caller_of("wasi_snapshot_preview1.fd_read").is_none());
        let bare = Symbols::parse(&wat::parse_str("(module (func nop))").unwrap()).unwrap();
        assert!(symbols.has_names() && !bare.has_names());
    }

    #[test]
    fn bytes_are_counted_by_crate() {
        let symbols = Symbols::parse(&wat::parse_str(MODULE).unwrap()).unwrap();
        let crates = symbols.bytes_by_crate();
        // A body of one call: its length, no locals, two bytes of the call, the end.
        let expected = [("other", 5), ("app", 5), ("std", 5), ("tickers", 5)];
        for (name, bytes) in expected {
            assert!(crates.contains(&(name.to_owned(), bytes)), "{name} in {crates:?}");
        }
        assert_eq!(symbols.bytes_by_function()["std::time::Instant::now"], 5);
    }

    #[test]
    fn the_crate_is_the_first_of_the_path_in_any_form_of_name() {
        let of = |name: &str| crate_of(name).unwrap_or_default();
        assert_eq!(
            of(
                "_ZN86_$LT$traverse_guest..allocator..Blocks$u20$as$u20$core..alloc..global..GlobalAlloc$GT$5alloc17h0123456789abcdefE"
            ),
            "traverse_guest"
        );
        assert_eq!(of("_RNvNtNtCshetwn31oUMr_4core3str8converts9from_utf8"), "core");
        assert_eq!(of("memcpy"), "");
    }
}
