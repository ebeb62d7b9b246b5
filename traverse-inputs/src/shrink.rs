//! The smallest value that still shows something.

use serde_json::{Number, Value};

/// How often `keep` is asked at most: a bound on the time, whatever `keep` says.
const MAX_TRIES: usize = 20_000;

/// Takes from `value` all that `keep` does not need: properties, elements, characters, digits, one at a time, until
/// nothing more can go. What comes out is kept, if `value` is; it need not be the smallest of all.
pub fn shrink(value: Value, mut keep: impl FnMut(&Value) -> bool) -> Value {
    let mut best = value;
    let mut tries = MAX_TRIES;
    loop {
        let before = tries;
        let mut path = Vec::new();
        if !shrink_at(&mut best, &mut path, &mut keep, &mut tries) || before == tries || tries == 0 {
            return best;
        }
    }
}

/// One pass over the value at `path` and all below it; whether anything became smaller.
fn shrink_at(
    root: &mut Value,
    path: &mut Vec<Key>,
    keep: &mut impl FnMut(&Value) -> bool,
    tries: &mut usize,
) -> bool {
    let mut any = false;
    loop {
        let Some(here) = find(root, path).map(|value| value.clone()) else { return any };
        let mut smaller = None;
        for candidate in simpler(&here) {
            if *tries == 0 {
                return any;
            }
            *tries -= 1;
            if let Some(place) = find(root, path) {
                *place = candidate;
            }
            if keep(root) {
                smaller = Some(());
                break;
            }
            if let Some(place) = find(root, path) {
                *place = here.clone();
            }
        }
        if smaller.is_none() {
            break;
        }
        any = true;
    }
    let keys: Vec<Key> = match find(root, path) {
        Some(Value::Array(items)) => (0..items.len()).map(Key::At).collect(),
        Some(Value::Object(fields)) => fields.keys().cloned().map(Key::Name).collect(),
        _ => Vec::new(),
    };
    for key in keys {
        path.push(key);
        any |= shrink_at(root, path, keep, tries);
        path.pop();
    }
    any
}

enum Key {
    Name(String),
    At(usize),
}

fn find<'v>(root: &'v mut Value, path: &[Key]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, key| match key {
        Key::Name(name) => value.get_mut(name),
        Key::At(index) => value.get_mut(index),
    })
}

/// Values that are simpler than this one, the simplest first.
fn simpler(value: &Value) -> Vec<Value> {
    let weight = weight(value);
    let mut candidates = Vec::new();
    match value {
        Value::Null => {}
        Value::Bool(_) => candidates.push(Value::Bool(false)),
        Value::Number(number) => candidates = simpler_numbers(number),
        Value::String(text) => {
            candidates = simpler_texts(text).into_iter().map(Value::String).collect();
        }
        Value::Array(items) => {
            let mut lengths = vec![0, items.len() / 2];
            lengths.dedup();
            candidates.extend(lengths.iter().map(|length| Value::Array(items[..*length].to_vec())));
            candidates
                .extend(lengths.iter().map(|length| Value::Array(items[items.len() - length..].to_vec())));
            candidates.extend((0..items.len()).map(|index| {
                let mut items = items.clone();
                items.remove(index);
                Value::Array(items)
            }));
        }
        Value::Object(fields) => {
            candidates.extend(fields.keys().map(|name| {
                let mut fields = fields.clone();
                fields.shift_remove(name);
                Value::Object(fields)
            }));
        }
    }
    candidates.retain(|candidate| self::weight(candidate) < weight);
    candidates
}

fn simpler_numbers(number: &Number) -> Vec<Value> {
    let whole = |number: i64| Value::from(number);
    let mut candidates = vec![whole(0), whole(1), whole(-1)];
    if let Some(integer) = number.as_i64() {
        candidates.extend([integer / 10, integer / 2, integer - integer.signum()].map(whole));
        let rounded = [1000, 100, 10].map(|unit| whole(integer / unit * unit));
        candidates.extend(rounded);
        return candidates;
    }
    let Some(double) = number.as_f64() else { return candidates };
    if double.abs() < 9e15 {
        candidates.extend([double.trunc(), double.floor(), double.ceil()].map(|near| whole(near as i64)));
    }
    let decimals = [1.0, 10.0, 100.0, 1000.0].map(|unit| (double * unit).round() / unit);
    let others = [1.0, 0.5, double / 2.0, double / 1e3, 1e9, 1e18, 1e100].into_iter().chain(decimals);
    let signed = others.flat_map(|other| [other, other.copysign(double)]);
    candidates.extend(signed.filter_map(Number::from_f64).map(Value::Number));
    candidates
}

fn simpler_texts(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let made = |characters: &[char]| characters.iter().collect::<String>();
    let mut candidates = vec![String::new()];
    let half = characters.len() / 2;
    candidates.push(made(&characters[..half]));
    candidates.push(made(&characters[half..]));
    for index in 0..characters.len().min(60) {
        candidates.push(made(&[&characters[..index], &characters[index + 1..]].concat()));
    }
    for index in 0..characters.len().min(60) {
        let mut plainer = characters.clone();
        plainer[index] = 'a';
        candidates.push(made(&plainer));
    }
    candidates
}

/// How much there is to read: less is simpler.
fn weight(value: &Value) -> u64 {
    match value {
        Value::Null => 1,
        Value::Bool(truth) => 1 + u64::from(*truth),
        Value::Number(number) => {
            let double = number.as_f64().unwrap_or_default().abs();
            let size = if double < 1.0 { 0 } else { double.log2() as u64 };
            let sign = u64::from(number.to_string().starts_with('-'));
            10 + 64 * number.to_string().len() as u64 + 4 * size + sign + double.min(1e3) as u64
        }
        Value::String(text) => {
            let odd =
                |character: char| u64::from(character != 'a') + u64::from(!character.is_ascii_graphic());
            2 + text.chars().map(|character| 8 + odd(character)).sum::<u64>()
        }
        Value::Array(items) => 2 + items.iter().map(|item| 4 + weight(item)).sum::<u64>(),
        Value::Object(fields) => {
            2 + fields.iter().map(|(name, field)| 4 + name.len() as u64 + weight(field)).sum::<u64>()
        }
    }
}
