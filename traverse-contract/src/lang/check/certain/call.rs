//! What functions and arithmetic come to.

use super::super::range::{Doubles, Ints, Known, Sizes, Texts, Truth, int_arithmetic};
use super::{MOST_PAIRS, Seen, unknown};
use crate::lang::syntax::{BinaryOp, Function};
use crate::lang::typed::Type;
use crate::number::number_text;

pub(super) fn arithmetic_on(op: BinaryOp, left: Ints, right: Ints) -> Seen {
    let (ints, fails) = int_arithmetic(op, left, right);
    Seen { value: ints.map(Known::Int), fails }
}

pub(super) fn joined(left: &Texts, right: &Texts) -> Texts {
    if let (Some(left), Some(right)) = (&left.one_of, &right.one_of)
        && left.len() * right.len() <= MOST_PAIRS
    {
        let all = left.iter().flat_map(|left| right.iter().map(move |right| format!("{left}{right}")));
        if let Some(texts) = Texts::one_of(all.collect()) {
            return texts;
        }
    }
    let low = left.size.low.saturating_add(right.size.low);
    Texts::sized(Sizes { low, high: left.size.high.saturating_add(right.size.high) })
}

pub(super) fn call(function: Function, arguments: &[Known], ty: &Type) -> Seen {
    match (function, arguments) {
        (Function::Size, [Known::Text(texts)]) => Seen::sure(Known::Int(texts.size.ints())),
        (Function::Size, [Known::List(lists)]) => Seen::sure(Known::Int(lists.size.ints())),
        (Function::Size, _) => Seen::sure(Known::Int(Sizes::ALL.ints())),
        (Function::StartsWith, [Known::Text(text), Known::Text(part)]) => {
            searched(text, part, |text, part| text.starts_with(part))
        }
        (Function::EndsWith, [Known::Text(text), Known::Text(part)]) => {
            searched(text, part, |text, part| text.ends_with(part))
        }
        (Function::Contains, [Known::Text(text), Known::Text(part)]) => {
            searched(text, part, |text, part| text.contains(part))
        }
        (Function::Int, [Known::Int(ints)]) => Seen::sure(Known::Int(*ints)),
        (Function::Int, [Known::Double(doubles)]) => truncated(*doubles),
        (Function::Double, [Known::Double(doubles)]) => Seen::sure(Known::Double(*doubles)),
        (Function::Double, [Known::Int(ints)]) => {
            let (low, high) = (ints.low as f64, ints.high as f64);
            Seen::sure(Known::Double(Doubles { low, high, nan: false }))
        }
        (Function::String, [Known::Text(texts)]) => Seen::sure(Known::Text(texts.clone())),
        (Function::String, [Known::Int(ints)]) if ints.low == ints.high => {
            Seen::sure(Known::Text(Texts::exactly(&ints.low.to_string())))
        }
        (Function::String, [Known::Double(doubles)])
            if doubles.low == doubles.high
                && doubles.low != 0.0
                && doubles.low.is_finite()
                && !doubles.nan =>
        {
            // Of two shortest forms equally near, `string` and this may take different ones; their size is the same.
            let size = Sizes::exactly(number_text(doubles.low).chars().count());
            Seen::sure(Known::Text(Texts { one_of: None, size }))
        }
        (Function::String, [Known::Bool(truth)]) => {
            let texts = [(truth.yes, "true"), (truth.no, "false")];
            let texts = texts.into_iter().filter(|(may, _)| *may).map(|(_, text)| text.to_owned());
            Seen::sure(Known::Text(Texts::one_of(texts.collect()).unwrap_or(Texts::ALL)))
        }
        (Function::Bool, [Known::Bool(truth)]) => Seen::bool(*truth, false),
        _ => unknown(ty),
    }
}

fn searched(text: &Texts, part: &Texts, found: fn(&str, &str) -> bool) -> Seen {
    if let (Some(texts), Some(parts)) = (&text.one_of, &part.one_of)
        && texts.len() * parts.len() <= MOST_PAIRS
    {
        let all = || texts.iter().flat_map(|text| parts.iter().map(move |part| found(text, part)));
        return Seen::bool(Truth { yes: all().any(|found| found), no: all().any(|found| !found) }, false);
    }
    // Every text has the empty one in it, and none a longer one.
    Seen::bool(Truth { yes: part.size.low <= text.size.high, no: part.size.high > 0 }, false)
}

fn truncated(doubles: Doubles) -> Seen {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    let fits = doubles.low > -TWO_TO_63 && doubles.high < TWO_TO_63 && !doubles.nan;
    let none = doubles.low >= TWO_TO_63 || doubles.high <= -TWO_TO_63;
    // Casts saturate.
    let ints = Ints { low: doubles.low as i64, high: doubles.high as i64 };
    Seen { value: (!none).then_some(Known::Int(ints)), fails: !fits }
}
