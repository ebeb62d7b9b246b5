//! Rules drawn at random over given types. Most of them pass the checker; those that do not are its business.

use crate::types::{Property, Ty};
use fastrand::Rng;

/// What a rule can read: the author's words for it, its type, and what must be asked before.
#[derive(Debug, Clone)]
struct Place {
    text: String,
    ty: Ty,
    /// `has(…)` and `… != null` on the way to it.
    guards: Vec<String>,
}

/// Draws rules over an input and, after the function, a result.
#[derive(Debug)]
pub(crate) struct Rules<'a> {
    rng: &'a mut Rng,
    places: Vec<Place>,
    /// Macros under way, for the names of their elements.
    variables: usize,
}

const WORDS: [&str; 12] =
    ["", "a", "ab", "standard", "enterprise", "gold plus", "1st", "é", "😀", "12", "-0.5", "true"];
const INTS: [&str; 10] = [
    "0",
    "1",
    "-1",
    "3",
    "9",
    "255",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "0x10",
];
const DOUBLES: [&str; 7] = ["0.0", "0.5", "-1.5", "1e300", "5e-324", "9007199254740992.0", "100.25"];
const PATTERNS: [&str; 6] = ["^a", "b$", "[0-9]+", "^$", r"\\bgold\\b", "^[^é]*$"];

impl<'a> Rules<'a> {
    pub(crate) fn new(rng: &'a mut Rng, input: &[Property], output: Option<&Ty>) -> Rules<'a> {
        let mut places = Vec::new();
        // By its bare name, which a word of the language cannot be.
        below("input", input, &[], &mut places, 0);
        if let Some(output) = output {
            places.push(Place { text: "result".into(), ty: output.clone(), guards: Vec::new() });
            if let Ty::Object(properties) = output {
                below("result", properties, &[], &mut places, 0);
            }
        }
        Rules { rng, places, variables: 0 }
    }

    pub(crate) fn rule(&mut self) -> String {
        let depth = self.rng.usize(1..=3);
        self.bool(depth)
    }

    /// A message with values in it.
    pub(crate) fn message(&mut self) -> String {
        let value = match self.rng.u8(0..4) {
            0 => self.int(1),
            1 => self.number(1),
            2 => self.bool(1),
            _ => self.text(1),
        };
        format!("so {{{{it}}}} is: {{{value}}} é")
    }

    fn pick<'b>(&mut self, from: &[&'b str]) -> &'b str {
        from[self.rng.usize(..from.len())]
    }

    fn place(&mut self, fits: impl Fn(&Ty) -> bool) -> Option<Place> {
        let fitting: Vec<usize> = (0..self.places.len()).filter(|at| fits(&self.places[*at].ty)).collect();
        if fitting.is_empty() {
            return None;
        }
        Some(self.places[fitting[self.rng.usize(..fitting.len())]].clone())
    }

    /// A place without questions before it.
    fn open(&mut self, fits: impl Fn(&Ty) -> bool) -> Option<String> {
        let fitting: Vec<usize> = (0..self.places.len())
            .filter(|at| self.places[*at].guards.is_empty() && fits(&self.places[*at].ty))
            .collect();
        if fitting.is_empty() {
            return None;
        }
        Some(self.places[fitting[self.rng.usize(..fitting.len())]].text.clone())
    }

    fn bool(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.relation(0);
        }
        let less = depth - 1;
        match self.rng.u8(0..16) {
            0 => format!("({} and {})", self.bool(less), self.bool(less)),
            1 => format!("({} or {})", self.bool(less), self.bool(less)),
            2 => format!("({} implies {})", self.bool(less), self.bool(less)),
            3 => format!("!({})", self.bool(less)),
            4 => format!("({} ? {} : {})", self.bool(less), self.bool(less), self.bool(less)),
            5 | 6 => self.over_list(less),
            7 | 8 => self.guarded(less),
            9 => self.of_nullable(),
            _ => self.relation(depth),
        }
    }

    /// Something about a place that may be absent or null, after asking.
    fn guarded(&mut self, depth: usize) -> String {
        let Some(place) = self.place(|_| true).filter(|place| !place.guards.is_empty()) else {
            return self.relation(depth);
        };
        let asked = place.guards.join(" and ");
        let known = self.places.len();
        self.places.extend((0..3).map(|_| Place { guards: Vec::new(), ..place.clone() }));
        let body = self.bool(depth);
        self.places.truncate(known);
        let joined = if self.rng.bool() { "implies" } else { "and" };
        format!("({asked} {joined} {body})")
    }

    fn of_nullable(&mut self) -> String {
        let Some(text) = self.open(|ty| matches!(ty, Ty::Nullable(_))) else { return self.relation(1) };
        match self.rng.u8(0..4) {
            0 => format!("{text} == null"),
            1 => format!("{text} is not null"),
            2 => format!("type({text}) == null_type"),
            _ => format!("{text} != null"),
        }
    }

    /// A macro over a list or the keys of a map.
    fn over_list(&mut self, depth: usize) -> String {
        let Some(list) = self.open(|ty| matches!(ty, Ty::List(_) | Ty::Map(_))) else {
            return self.relation(depth);
        };
        let ty = self.places.iter().find(|place| place.text == list).map(|place| place.ty.clone());
        let (item, key) = match ty {
            Some(Ty::List(item)) => (*item, false),
            _ => (Ty::Text { pattern: None }, true),
        };
        self.variables += 1;
        let variable = format!("v{}", self.variables);
        let known = self.places.len();
        if let Ty::Object(properties) = &item {
            below(&variable, properties, &[], &mut self.places, 0);
        }
        self.places.extend((0..2).map(|_| Place {
            text: variable.clone(),
            ty: item.clone(),
            guards: Vec::new(),
        }));
        let body = self.bool(depth);
        let written = match self.rng.u8(0..6) {
            0 => format!("{list}.all({variable}, {body})"),
            1 => format!("{list}.exists({variable}, {body})"),
            2 => format!("{list}.exists_one({variable}, {body})"),
            3 => format!("size({list}.filter({variable}, {body})) > {}", self.rng.u8(0..3)),
            4 if key => format!("{list}.all({variable}, {variable} in {list})"),
            4 => format!("size({list}.map({variable}, {body})) == size({list})"),
            _ => {
                let text = self.text(0);
                format!("'a' in {list}.map({variable}, {body}, {text})")
            }
        };
        self.places.truncate(known);
        written
    }

    fn relation(&mut self, depth: usize) -> String {
        let op = self.pick(&["==", "!=", "<", "<=", ">", ">="]);
        match self.rng.u8(0..12) {
            0 | 1 => format!("{} {op} {}", self.int(depth), self.int(depth)),
            2 => format!("{} {op} {}", self.number(depth), self.number(depth)),
            3 => format!("{} {op} {}", self.int(depth), self.number(depth)),
            4 => format!("{} {op} {}", self.text(depth), self.text(depth)),
            5 => {
                let function = self.pick(&["startsWith", "endsWith", "contains"]);
                format!("{}.{function}({})", self.text(depth), self.text(depth))
            }
            6 => {
                let pattern = self.pick(&PATTERNS);
                format!("{}.matches('{pattern}')", self.text(depth))
            }
            7 => self.open(|ty| *ty == Ty::Bool).unwrap_or_else(|| self.relation(0)),
            8 => self.membership(depth),
            9 => self.sameness(),
            10 => match self.open(|ty| matches!(ty, Ty::Enum(_))) {
                Some(text) => format!(
                    "{text} == '{}'",
                    self.pick(&["standard", "enterprise", "gold plus", "1st", "a-b"])
                ),
                None => self.relation(0),
            },
            _ => match self.open(|ty| matches!(ty, Ty::Map(_))) {
                Some(map) if self.rng.bool() => format!("{} in {map}", self.text(0)),
                Some(map) => format!("size({map}) {op} 1"),
                None => self.relation(0),
            },
        }
    }

    fn membership(&mut self, depth: usize) -> String {
        match self.rng.u8(0..4) {
            0 => format!("{} in [{}, {}]", self.int(depth), self.int(0), self.int(0)),
            1 => format!(
                "{} in ['{}', '{}']",
                self.text(depth),
                self.pick(&WORDS[1..6]),
                self.pick(&WORDS[6..])
            ),
            2 => {
                let list = self.open(|ty| matches!(ty, Ty::List(item) if matches!(**item, Ty::Text { .. })));
                match list {
                    Some(list) => format!("{} in {list}", self.text(0)),
                    None => self.relation(0),
                }
            }
            _ => {
                let list = self
                    .open(|ty| matches!(ty, Ty::List(item) if matches!(**item, Ty::Int { .. } | Ty::Number)));
                match list {
                    Some(list) => format!("{} in {list}", self.int(0)),
                    None => self.relation(0),
                }
            }
        }
    }

    /// Two lists, maps, tuples or objects of one type.
    fn sameness(&mut self) -> String {
        let whole =
            |ty: &Ty| matches!(ty, Ty::List(_) | Ty::Map(_) | Ty::Tuple(_) | Ty::Object(_) | Ty::Nullable(_));
        let Some(left) = self.open(whole) else { return self.relation(0) };
        let ty = self.places.iter().find(|place| place.text == left).map(|place| place.ty.clone());
        let empty = match &ty {
            Some(Ty::List(_)) => Some("[]"),
            Some(Ty::Map(_)) => Some("{}"),
            _ => None,
        };
        let right = match (empty, self.rng.u8(0..6)) {
            (Some(empty), 0) => empty.to_owned(),
            (Some(empty), 1) => format!("({} ? {empty} : {left})", self.bool(0)),
            (Some(empty), 2) => format!("[{left}, {empty}][{}]", self.int(0)),
            (Some("[]"), 3) => format!("({left} + [])"),
            _ => self.open(|other| Some(other) == ty.as_ref()).unwrap_or_else(|| left.clone()),
        };
        let op = if self.rng.bool() { "==" } else { "!=" };
        format!("{left} {op} {right}")
    }

    fn int(&mut self, depth: usize) -> String {
        let place = self.open(|ty| matches!(ty, Ty::Int { .. }));
        if depth == 0 {
            return match place {
                Some(place) if self.rng.u8(0..3) > 0 => place,
                _ => self.pick(&INTS).to_owned(),
            };
        }
        let less = depth - 1;
        match self.rng.u8(0..10) {
            0 => {
                let op = self.pick(&["+", "-", "*", "/", "%"]);
                format!("({} {op} {})", self.int(less), self.int(less))
            }
            1 => format!("size({})", self.text(less)),
            2 => {
                let list = self.open(|ty| matches!(ty, Ty::List(_) | Ty::Map(_)));
                list.map_or_else(|| self.int(0), |list| format!("size({list})"))
            }
            3 => format!("int({})", self.number(less)),
            4 => format!("int({})", self.text(less)),
            5 => {
                let list = self.open(|ty| matches!(ty, Ty::List(item) if matches!(**item, Ty::Int { .. })));
                match list {
                    Some(list) => format!("{list}[{}]", self.int(0)),
                    None => self.int(0),
                }
            }
            6 => format!("(-{})", self.int(0)).replace("--", "- -"),
            7 => format!("({} ? {} : {})", self.bool(0), self.int(less), self.int(less)),
            8 => {
                let text = self.text(0);
                format!("{{'a': {}, 'standard': {}}}[{text}]", self.int(0), self.int(0))
            }
            _ => place.unwrap_or_else(|| self.pick(&INTS).to_owned()),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        let place = self.open(|ty| *ty == Ty::Number);
        if depth == 0 {
            return match place {
                Some(place) if self.rng.u8(0..3) > 0 => place,
                _ => self.pick(&DOUBLES).to_owned(),
            };
        }
        let less = depth - 1;
        match self.rng.u8(0..6) {
            0 => {
                let op = self.pick(&["+", "-", "*", "/"]);
                format!("({} {op} {})", self.number(less), self.number(less))
            }
            1 => format!("double({})", self.int(less)),
            2 => format!("double({})", self.text(less)),
            3 => {
                let map = self.open(|ty| matches!(ty, Ty::Map(value) if **value == Ty::Number));
                match map {
                    Some(map) => format!("{map}[{}]", self.text(0)),
                    None => self.number(0),
                }
            }
            4 => format!("({} ? {} : {})", self.bool(0), self.number(less), self.number(less)),
            _ => place.unwrap_or_else(|| self.pick(&DOUBLES).to_owned()),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let place = self.open(|ty| matches!(ty, Ty::Text { .. } | Ty::Enum(_)));
        let literal = format!("'{}'", self.pick(&WORDS));
        if depth == 0 {
            return place.filter(|_| self.rng.u8(0..3) > 0).unwrap_or(literal);
        }
        let less = depth - 1;
        match self.rng.u8(0..6) {
            0 => format!("({} + {})", self.text(less), self.text(less)),
            1 => format!("string({})", self.int(less)),
            2 => format!("string({})", self.number(less)),
            3 => format!("({} ? {} : {})", self.bool(0), self.text(less), self.text(less)),
            4 => {
                let list = self.open(
                    |ty| matches!(ty, Ty::List(item) if matches!(**item, Ty::Text { .. } | Ty::Enum(_))),
                );
                list.map_or(literal, |list| format!("{list}[{}]", self.int(0)))
            }
            _ => place.unwrap_or(literal),
        }
    }
}

/// The places in an object: its properties, what they hold, and elements that need no question.
fn below(base: &str, properties: &[Property], guards: &[String], places: &mut Vec<Place>, depth: usize) {
    for property in properties {
        let text = format!("{base}.{}", property.name);
        let mut asked = guards.to_vec();
        if !property.required {
            asked.push(format!("has({text})"));
        }
        add(text, &property.ty, asked, places, depth);
    }
}

fn add(text: String, ty: &Ty, guards: Vec<String>, places: &mut Vec<Place>, depth: usize) {
    places.push(Place { text: text.clone(), ty: ty.clone(), guards: guards.clone() });
    if depth > 4 {
        return;
    }
    match ty {
        Ty::Object(properties) => below(&text, properties, &guards, places, depth + 1),
        Ty::Nullable(inner) => {
            let asked = guards.into_iter().chain([format!("{text} != null")]).collect();
            add(text, inner, asked, places, depth + 1);
        }
        Ty::Tuple(items) => {
            for (at, item) in items.iter().enumerate() {
                add(format!("{text}[{at}]"), item, guards.clone(), places, depth + 1);
            }
        }
        _ => {}
    }
}
