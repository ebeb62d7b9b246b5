//! The smallest value that still shows something.

use serde_json::{Number, Value};

/// How often `keep` is asked at most: a bound on the time, whatever `keep` says.
const MAX_TRIES: usize = 20_000;

/// Takes from `value` all that `keep` does not need: properties, elements, characters, digits, one at a time, then several
/// that must stay alike, until nothing more can go. What comes out is kept, if `value` is; it need not be the smallest of
/// all.
pub fn shrink(value: Value, mut keep: impl FnMut(&Value) -> bool) -> Value {
    let mut best = value;
    let mut tries = MAX_TRIES;
    // What can go altogether goes first: `keep` may be slow, and its patience end.
    shrink_at(&mut best, &mut Vec::new(), FIRST_FEW, &mut keep, &mut tries);
    loop {
        let mut any = shrink_at(&mut best, &mut Vec::new(), usize::MAX, &mut keep, &mut tries);
        any |= shrink_together(&mut best, &mut keep, &mut tries);
        if !any || tries == 0 {
            return best;
        }
    }
}

/// In the first pass each value is tried as so many others.
const FIRST_FEW: usize = 4;

/// One pass over the value at `path` and all below it; whether anything became smaller.
fn shrink_at(
    root: &mut Value,
    path: &mut Vec<Key>,
    most: usize,
    keep: &mut impl FnMut(&Value) -> bool,
    tries: &mut usize,
) -> bool {
    let mut any = false;
    loop {
        let Some(here) = find(root, path).map(|value| value.clone()) else { return any };
        let mut smaller = None;
        for candidate in simpler(&here).into_iter().take(most) {
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
        any |= shrink_at(root, path, most, keep, tries);
        path.pop();
    }
    any
}

#[derive(Debug, Clone)]
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

/// More numbers of one document are not moved in pairs.
const MAX_PAIRED: usize = 10;

/// Changes what stands in a relation at once: values and names that are equal, and numbers that keep their distance.
fn shrink_together(root: &mut Value, keep: &mut impl FnMut(&Value) -> bool, tries: &mut usize) -> bool {
    let mut any = false;
    let mut done: Vec<Value> = Vec::new();
    // What one step changes, the next one sees.
    while let Some(value) = leaves(root).into_iter().map(|(_, value)| value).find(|value| {
        !done.contains(value) && leaves(root).iter().filter(|(_, other)| other == value).count() > 1
    }) {
        let places: Vec<Vec<Key>> =
            leaves(root).into_iter().filter(|(_, other)| *other == value).map(|(path, _)| path).collect();
        let set = |candidate: &Value| {
            let mut changed = root.clone();
            for path in &places {
                if let Some(place) = find(&mut changed, path) {
                    *place = candidate.clone();
                }
            }
            changed
        };
        let candidates: Vec<Value> = simpler(&value).iter().map(set).collect();
        match first_kept(candidates, keep, tries) {
            Some(changed) => (*root, any) = (changed, true),
            None => done.push(value),
        }
    }
    let mut names = Vec::new();
    names_below(root, &mut names);
    for name in names {
        let plain = ["", "a", "b", "c"].into_iter().filter(|plain| is_simpler_text(plain, &name));
        let candidates = plain.filter_map(|plain| {
            let mut changed = root.clone();
            rename(&mut changed, &name, plain).then_some(changed)
        });
        if let Some(changed) = first_kept(candidates.collect(), keep, tries) {
            (*root, any) = (changed, true);
        }
    }
    any | shrink_pairs(root, keep, tries)
}

/// Moves two numbers towards zero by the same whole step.
fn shrink_pairs(root: &mut Value, keep: &mut impl FnMut(&Value) -> bool, tries: &mut usize) -> bool {
    let mut any = false;
    let mut paths: Vec<Vec<Key>> =
        leaves(root).into_iter().filter(|(_, value)| value.is_number()).map(|(path, _)| path).collect();
    paths.truncate(MAX_PAIRED);
    for (at, one) in paths.iter().enumerate() {
        for other in &paths[at + 1..] {
            loop {
                let at = |path: &[Key]| find(&mut root.clone(), path).cloned();
                let (Some(first), Some(second)) = (at(one), at(other)) else { break };
                let size = |number: &Value| number.as_f64().unwrap_or_default().trunc();
                let least =
                    [&first, &second].map(size).into_iter().min_by(|a, b| a.abs().total_cmp(&b.abs()));
                let moved = |step: &i64| {
                    let mut changed = root.clone();
                    *find(&mut changed, one)? = less(&first, *step)?;
                    *find(&mut changed, other)? = less(&second, *step)?;
                    is_simpler(&changed, root).then_some(changed)
                };
                let least = least.filter(|least| least.abs() < 9e15).unwrap_or_default() as i64;
                let steps = std::iter::once(least).chain(halves(least));
                let candidates = steps.filter_map(|step| moved(&step)).collect();
                match first_kept(candidates, keep, tries) {
                    Some(changed) => (*root, any) = (changed, true),
                    None => break,
                }
            }
        }
    }
    any
}

/// A number less a whole one, without the digits that only the difference of two doubles has.
fn less(number: &Value, step: i64) -> Option<Value> {
    if let Some(integer) = number.as_i64() {
        return Some(Value::from(integer.checked_sub(step)?));
    }
    let left = ((number.as_f64()? - step as f64) * 1e6).round() / 1e6;
    Number::from_f64(left).map(Value::Number)
}

fn first_kept(
    candidates: Vec<Value>,
    keep: &mut impl FnMut(&Value) -> bool,
    tries: &mut usize,
) -> Option<Value> {
    candidates.into_iter().find(|candidate| {
        let may = *tries > 0;
        *tries = tries.saturating_sub(1);
        may && keep(candidate)
    })
}

/// The numbers and texts of a document, the first of very many.
fn leaves(root: &Value) -> Vec<(Vec<Key>, Value)> {
    fn collect(value: &Value, path: &mut Vec<Key>, found: &mut Vec<(Vec<Key>, Value)>) {
        const ENOUGH: usize = 64;
        match value {
            _ if found.len() >= ENOUGH => {}
            Value::Number(_) | Value::String(_) => found.push((path.clone(), value.clone())),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(Key::At(index));
                    collect(item, path, found);
                    path.pop();
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    path.push(Key::Name(name.clone()));
                    collect(field, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(root, &mut Vec::new(), &mut found);
    found
}

/// The names of all properties, each once.
fn names_below(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| names_below(item, found)),
        Value::Object(fields) => {
            for (name, field) in fields {
                if !found.contains(name) {
                    found.push(name.clone());
                }
                names_below(field, found);
            }
        }
        _ => {}
    }
}

/// Renames a property wherever it is; not where another has the name already.
fn rename(value: &mut Value, from: &str, to: &str) -> bool {
    match value {
        Value::Array(items) => items.iter_mut().all(|item| rename(item, from, to)),
        Value::Object(fields) => {
            if fields.contains_key(from) {
                if fields.contains_key(to) {
                    return false;
                }
                let renamed = std::mem::take(fields)
                    .into_iter()
                    .map(|(name, field)| (if name == from { to.to_owned() } else { name }, field));
                *fields = renamed.collect();
            }
            fields.values_mut().all(|field| rename(field, from, to))
        }
        _ => true,
    }
}

/// Values that are simpler than this one, the simplest first.
fn simpler(value: &Value) -> Vec<Value> {
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
            // One alone; all but two that stand beside each other.
            candidates.extend(items.iter().map(|item| Value::Array(vec![item.clone()])));
            candidates.extend(
                (1..items.len())
                    .map(|index| Value::Array([&items[..index - 1], &items[index + 1..]].concat())),
            );
        }
        Value::Object(fields) => {
            candidates.extend(fields.keys().map(|name| {
                let mut fields = fields.clone();
                fields.shift_remove(name);
                Value::Object(fields)
            }));
        }
    }
    candidates.retain(|candidate| is_simpler(candidate, value));
    candidates
}

fn simpler_numbers(number: &Number) -> Vec<Value> {
    let whole = |number: i64| Value::from(number);
    let mut candidates = vec![whole(0), whole(1), whole(-1)];
    if let Some(integer) = number.as_i64() {
        candidates.push(whole(integer / 10));
        let rounded = [1000, 100, 10].map(|unit| whole(integer / unit * unit));
        candidates.extend(rounded);
        candidates.extend(halves(integer).into_iter().map(|step| whole(integer - step)));
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
    // Cents nearer to zero.
    let cents = double * 100.0;
    if cents.abs() < 9e15 {
        let steps = halves(cents as i64).into_iter().chain([0]);
        let nearer = steps.map(|step| (cents as i64 - step) as f64 / 100.0);
        candidates.extend(nearer.filter_map(Number::from_f64).map(Value::Number));
    }
    candidates
}

/// A number's half, its quarter and so on, down to one: what to take from it to come to the nearest to zero that will do.
fn halves(number: i64) -> Vec<i64> {
    let halves = std::iter::successors(Some(number / 2), |half| Some(half / 2));
    let mut steps: Vec<i64> = halves.take_while(|half| *half != 0).collect();
    if steps.last().is_none_or(|last| last.abs() != 1) && number != 0 {
        steps.push(number.signum());
    }
    steps
}

fn simpler_texts(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let made = |characters: &[char]| characters.iter().collect::<String>();
    let mut candidates = vec![String::new()];
    let half = characters.len() / 2;
    candidates.push(made(&characters[..half]));
    candidates.push(made(&characters[half..]));
    candidates.extend(PLAIN.iter().map(|plain| plain.to_string().repeat(characters.len())));
    candidates.push(text.to_lowercase());
    let few = &characters[..characters.len().min(60)];
    candidates.extend(few.windows(1).chain(few.windows(2)).map(made));
    for index in 0..characters.len().min(60) {
        candidates.push(made(&[&characters[..index], &characters[index + 1..]].concat()));
    }
    for index in 0..characters.len().min(60) {
        let lower = characters[index].to_ascii_lowercase();
        for plain in PLAIN.into_iter().chain([lower]) {
            let mut plainer = characters.clone();
            plainer[index] = plain;
            candidates.push(made(&plainer));
        }
    }
    candidates
}

/// The simplest character of each kind.
const PLAIN: [char; 4] = ['a', '0', 'A', 'é'];

/// How far a character is from the simplest.
fn oddness(character: char) -> u64 {
    match character {
        'a' => 0,
        '0' => 1,
        'a'..='z' | '1'..='9' => 2,
        'A' => 3,
        'B'..='Z' => 4,
        ' '..='~' => 5,
        'é' => 6,
        _ => 7,
    }
}

/// Whether one value says less than the other.
fn is_simpler(one: &Value, other: &Value) -> bool {
    let (weight, of_other) = (weight(one), weight(other));
    weight < of_other || weight == of_other && magnitude(one) < magnitude(other)
}

fn is_simpler_text(one: &str, other: &str) -> bool {
    text_weight(one) < text_weight(other)
}

/// Of two documents of one weight the one with the lesser numbers is simpler.
fn magnitude(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or_default().abs(),
        Value::Array(items) => items.iter().map(magnitude).sum(),
        Value::Object(fields) => fields.values().map(magnitude).sum(),
        _ => 0.0,
    }
}

fn text_weight(text: &str) -> u64 {
    text.chars().map(|character| 8 + oddness(character)).sum()
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
        Value::String(text) => 2 + text_weight(text),
        Value::Array(items) => 2 + items.iter().map(|item| 4 + weight(item)).sum::<u64>(),
        Value::Object(fields) => {
            2 + fields.iter().map(|(name, field)| 4 + text_weight(name) + weight(field)).sum::<u64>()
        }
    }
}
