//! Bytes and texts drawn from others: cut, doubled, joined, changed.

use fastrand::Rng;

/// What is changed into something else where text is meant.
const WORDS: &[&str] = &[
    "\"\"",
    "\"../../etc/passwd\"",
    "\"/dev/zero\"",
    "\"artifacts\"",
    "\".\"",
    "\"a\\u0000b\"",
    "\"\\u202e\"",
    "\"sha256:00\"",
    "0",
    "-1",
    "1e999",
    "9007199254740993",
    "18446744073709551616",
    "nan",
    "true",
    "null",
    "[]",
    "{}",
    "[[[[[[[[[[[[",
    "{a={a={a={a=1}}}}",
    "\"total > 0.0 and not (tier == 'gold')\"",
    "\"result.percent\"",
    "\"((((((((((\"",
    "\\",
    "\n\n[",
    "# ",
    "=",
    "\u{feff}",
    "\u{1b}[31m",
];

/// One to six changes.
pub(crate) fn bytes(rng: &mut Rng, from: &[u8], other: &[u8]) -> Vec<u8> {
    let mut drawn = from.to_vec();
    for _ in 0..rng.usize(1..=6) {
        let at = rng.usize(..=drawn.len());
        let range = at..at + rng.usize(..=(drawn.len() - at).min(40));
        match rng.u8(..8) {
            0 if at < drawn.len() => drawn[at] ^= 1 << rng.u8(..8),
            1 if at < drawn.len() => drawn[at] = rng.u8(..),
            2 => drawn.insert(at, rng.u8(..)),
            3 => drop(drawn.drain(range)),
            4 => {
                let part = drawn[range].to_vec();
                drawn.splice(at..at, part);
            }
            5 => drawn.truncate(at),
            6 if !other.is_empty() => {
                let start = rng.usize(..other.len());
                let end = (start + rng.usize(..64)).min(other.len());
                drawn.splice(at..at, other[start..end].iter().copied());
            }
            _ if at < drawn.len() => drawn[at] = *rng.choice(&[0, 1, 0x7f, 0x80, 0xff]).unwrap_or(&0),
            _ => {}
        }
    }
    drawn
}

/// One to three bytes that are others, and none more or fewer: what has lengths in it keeps its form.
pub(crate) fn changed(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    let mut drawn = from.to_vec();
    for _ in 0..rng.usize(1..=3) {
        let Some(at) = (!drawn.is_empty()).then(|| rng.usize(..drawn.len())) else { break };
        drawn[at] = match rng.u8(..4) {
            0 => drawn[at] ^ (1 << rng.u8(..8)),
            1 => drawn[at].wrapping_add(1),
            2 => rng.u8(..),
            _ => drawn[rng.usize(..drawn.len())],
        };
    }
    drawn
}

/// One to three changes of whole lines, values and words; what comes out is text.
pub(crate) fn text(rng: &mut Rng, from: &str) -> String {
    let mut lines: Vec<String> = from.lines().map(str::to_owned).collect();
    for _ in 0..rng.usize(1..=3) {
        let Some(at) = (!lines.is_empty()).then(|| rng.usize(..lines.len())) else { break };
        let word = *rng.choice(WORDS).unwrap_or(&"");
        match rng.u8(..6) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[rng.usize(..lines.len())].clone()),
            2 => {
                let other = rng.usize(..lines.len());
                lines.swap(at, other);
            }
            3 => {
                if let Some((key, _)) = lines[at].split_once('=') {
                    lines[at] = format!("{key}= {word}");
                }
            }
            4 => {
                let mut cut: Vec<char> = lines[at].chars().collect();
                let to = rng.usize(..=cut.len());
                cut.splice(to..to, word.chars());
                lines[at] = cut.into_iter().collect();
            }
            _ => {
                let changed = bytes(rng, lines[at].as_bytes(), word.as_bytes());
                lines[at] = String::from_utf8_lossy(&changed).into_owned();
            }
        }
    }
    lines.join("\n")
}
