//! The mark that a compiled program carries: from which contract and for which function it was generated.
//!
//! The contract that `build` embeds in a module and the code in it come by different ways; this is how one is held to
//! the other. It is no defence against an author who writes the mark by hand, but against a build tool that took an old
//! program for a new one, or another contract than the manifest's.

/// The variable in which `build` tells the compiler the contract's [`fingerprint`]. Generated code names it, so cargo
/// compiles it anew whenever the contract is another, whatever the times of the files say.
pub const FINGERPRINT_VARIABLE: &str = "TRAVERSE_SPEC_HASH";

const START: &str = "traverse:compiled-from;spec=";
const ENTRY: &str = ";entry=";
const MODULE: &str = ";module=";
const END: char = ';';

/// The custom section of a linked module that has the mark; the finished module has none.
pub const SECTION: &str = "traverse.compiled-from";

/// From what a program was compiled: `traverse:compiled-from;spec=<32 hexadecimal digits>;entry=<name>;module=<path>;`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledFrom {
    /// The [`fingerprint`] of the spec file's text.
    pub spec: String,
    /// The function under `#[capability]`.
    pub entry: String,
    /// The module of the Rust program that it stands in: of the crate's root the crate's name.
    pub module: String,
}

impl CompiledFrom {
    /// What stands in the mark before and behind the module, which the compiler alone knows.
    pub fn around_module(spec: &str, entry: &str) -> (String, char) {
        (format!("{START}{spec}{ENTRY}{entry}{MODULE}"), END)
    }

    /// Whether the function stands in a crate's root, where the program begins with it.
    pub fn is_in_root(&self) -> bool {
        !self.module.contains("::")
    }

    /// Every mark in the data of a program.
    pub fn find(data: &[u8]) -> Vec<CompiledFrom> {
        let starts = data.windows(START.len()).enumerate();
        starts
            .filter(|(_, window)| *window == START.as_bytes())
            .filter_map(|(at, _)| CompiledFrom::read(&data[at + START.len()..]))
            .collect()
    }

    /// What stands behind the mark's beginning.
    fn read(data: &[u8]) -> Option<CompiledFrom> {
        let (spec, rest) = data.split_at_checked(DIGITS)?;
        let rest = rest.strip_prefix(ENTRY.as_bytes())?;
        let mut rest = rest.split(|byte| *byte == END as u8);
        let (entry, module) = (rest.next()?, rest.next()?.strip_prefix(&MODULE.as_bytes()[1..])?);
        // It ends, too.
        rest.next()?;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        Some(CompiledFrom { spec: text(spec)?, entry: text(entry)?, module: text(module)? })
    }
}

/// How long a [`fingerprint`] is.
const DIGITS: usize = 32;

/// 32 hexadecimal digits that differ where texts differ by accident: FNV-1a of 128 bits. Whoever wants two texts of one
/// fingerprint finds them; digests of contracts are SHA-256.
pub fn fingerprint(text: &str) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in text.bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        // The algorithm's published values.
        assert_eq!(fingerprint(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(fingerprint("a"), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(fingerprint("a").len(), DIGITS);
    }

    #[test]
    fn a_mark_is_found_among_other_data() {
        let mark = |from: &CompiledFrom| {
            let (before, after) = CompiledFrom::around_module(&from.spec, &from.entry);
            format!("{before}{}{after}", from.module)
        };
        let one = CompiledFrom { spec: fingerprint("one"), entry: "check".into(), module: "shop".into() };
        let two =
            CompiledFrom { spec: fingerprint("two"), entry: "prüfe".into(), module: "shop::more".into() };
        assert!(one.is_in_root() && !two.is_in_root());
        let noise = "\0 traverse:compiled-from;spec=none;";
        let data = [noise, &mark(&one), "\u{7}", &mark(&two)].concat();
        assert_eq!(CompiledFrom::find(data.as_bytes()), [one.clone(), two]);
        let mark = mark(&one);
        assert!((0..mark.len()).all(|end| CompiledFrom::find(&mark.as_bytes()[..end]).is_empty()));
    }
}
