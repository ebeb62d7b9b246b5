//! Random expressions of the part that this language and CEL have in common, each of the type that is asked for, and
//! random documents for them.

use crate::random::Random;
use serde_json::{Map, Value, json};

/// The types that are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    Double,
    Text,
    Ints,
    Doubles,
    Texts,
    Lists,
    IntMap,
}

/// The names of every document and their types; `o` is an object with `a`, `s` and, not always, `z`.
pub(crate) const NAMES: [(&str, Kind); 12] = [
    ("b", Kind::Bool),
    ("i", Kind::Int),
    ("j", Kind::Int),
    ("x", Kind::Double),
    ("y", Kind::Double),
    ("s", Kind::Text),
    ("t", Kind::Text),
    ("li", Kind::Ints),
    ("ld", Kind::Doubles),
    ("ls", Kind::Texts),
    ("ll", Kind::Lists),
    ("m", Kind::IntMap),
];

/// Binding strengths, loosest first: what is drawn is written with as few brackets as it takes, so that precedence is
/// compared, too.
const CHOICE: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const RELATION: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const PREFIX: u8 = 7;
const POSTFIX: u8 = 8;

/// A text and how strongly it binds.
type Drawn = (String, u8);

const INTS: [i64; 18] = [
    0,
    0,
    1,
    1,
    -1,
    2,
    3,
    7,
    10,
    -10,
    100,
    4_294_967_296,
    9_007_199_254_740_992,
    9_007_199_254_740_993,
    -9_007_199_254_740_993,
    i64::MAX,
    i64::MIN,
    i64::MAX - 1,
];
const DOUBLES: [f64; 17] = [
    0.0,
    0.0,
    -0.0,
    1.0,
    1.0,
    -1.0,
    0.5,
    -1.5,
    2.0,
    3.25,
    10.0,
    1e-7,
    1e21,
    1e300,
    -1e300,
    9_007_199_254_740_992.0,
    5e-324,
];
const TEXTS: [&str; 16] =
    ["", "", "a", "a", "b", "ab", "ba", "é", "𝒳a", "10", "-5", "1.5", "true", "False", "a b", "\u{ffff}"];
const KEYS: [&str; 4] = ["a", "b", "k", ""];

/// Draws expressions.
pub(crate) struct Expressions<'r> {
    pub(crate) random: &'r mut Random,
    /// The elements of the macros around, innermost last.
    bound: Vec<(String, Kind)>,
}

impl Expressions<'_> {
    pub(crate) fn new(random: &mut Random) -> Expressions<'_> {
        Expressions { random, bound: Vec::new() }
    }

    /// An expression of this type, at most so deep.
    pub(crate) fn draw(&mut self, kind: Kind, depth: usize) -> String {
        self.of(kind, depth).0
    }

    fn of(&mut self, kind: Kind, depth: usize) -> Drawn {
        if depth == 0 || self.random.one_in(8) {
            return self.leaf(kind);
        }
        let deeper = depth - 1;
        if self.random.one_in(10) {
            return self.choice(kind, deeper);
        }
        match kind {
            Kind::Bool => self.bool(deeper),
            Kind::Int => self.int(deeper),
            Kind::Double => self.double(deeper),
            Kind::Text => self.text(deeper),
            Kind::Ints => self.list(Kind::Int, deeper),
            Kind::Doubles => self.list(Kind::Double, deeper),
            Kind::Texts => self.list(Kind::Text, deeper),
            Kind::Lists => self.lists(deeper),
            Kind::IntMap => self.map(deeper),
        }
    }

    /// An operand where only what binds at least so strongly stands without brackets; now and then it has some anyway.
    fn operand(&mut self, kind: Kind, depth: usize, strength: u8) -> String {
        let (text, binds) = self.of(kind, depth);
        if binds < strength || self.random.one_in(12) { format!("({text})") } else { text }
    }

    fn binary(&mut self, kind: Kind, operator: &str, strength: u8, depth: usize) -> Drawn {
        let left = self.operand(kind, depth, strength);
        let right = self.operand(kind, depth, strength + 1);
        (format!("{left} {operator} {right}"), strength)
    }

    fn leaf(&mut self, kind: Kind) -> Drawn {
        let mut names: Vec<String> =
            NAMES.iter().filter(|(_, of)| *of == kind).map(|(name, _)| (*name).to_owned()).collect();
        names.extend(self.bound.iter().filter(|(_, of)| *of == kind).map(|(name, _)| name.clone()));
        match kind {
            Kind::Int => names.push("o.a".to_owned()),
            Kind::Text => names.push("o.s".to_owned()),
            _ => {}
        }
        if self.random.one_in(3) {
            self.literal(kind)
        } else {
            (names[self.random.below(names.len())].clone(), POSTFIX)
        }
    }

    fn literal(&mut self, kind: Kind) -> Drawn {
        let signed = |text: String| {
            let strength = if text.starts_with('-') { PREFIX } else { POSTFIX };
            (text, strength)
        };
        match kind {
            Kind::Bool => (self.random.pick(&["true", "false"]).to_owned(), POSTFIX),
            Kind::Int => signed(self.random.pick(&INTS).to_string()),
            Kind::Double => signed(format!("{:?}", self.random.pick(&DOUBLES))),
            Kind::Text => (quoted(self.random.pick(&TEXTS)), POSTFIX),
            Kind::Ints => self.written(Kind::Int, 0),
            Kind::Doubles => self.written(Kind::Double, 0),
            Kind::Texts => self.written(Kind::Text, 0),
            Kind::Lists => self.written(Kind::Ints, 0),
            Kind::IntMap => self.map(0),
        }
    }

    fn choice(&mut self, kind: Kind, depth: usize) -> Drawn {
        let condition = self.operand(Kind::Bool, depth, OR);
        // CEL has no choice between `?` and `:` without brackets.
        let then = self.operand(kind, depth, OR);
        let otherwise = self.operand(kind, depth, CHOICE);
        (format!("{condition} ? {then} : {otherwise}"), CHOICE)
    }

    fn bool(&mut self, depth: usize) -> Drawn {
        match self.random.below(14) {
            0 | 1 => self.binary(Kind::Bool, "&&", AND, depth),
            2 | 3 => self.binary(Kind::Bool, "||", OR, depth),
            4 => {
                let operand = self.operand(Kind::Bool, depth, PREFIX);
                (format!("!{operand}"), PREFIX)
            }
            5..=7 => {
                let operator = self.random.pick(&["<", "<=", ">", ">=", "==", "!="]);
                let kind = self.random.pick(&[Kind::Int, Kind::Int, Kind::Double, Kind::Text, Kind::Bool]);
                // An int beside a double.
                if kind == Kind::Double && self.random.one_in(2) {
                    let left = self.operand(Kind::Int, depth, RELATION);
                    let right = self.operand(Kind::Double, depth, SUM);
                    return (format!("{left} {operator} {right}"), RELATION);
                }
                self.binary_of_sums(kind, operator, depth)
            }
            8 => {
                let kind =
                    self.random.pick(&[Kind::Ints, Kind::Texts, Kind::Doubles, Kind::Lists, Kind::IntMap]);
                let operator = self.random.pick(&["==", "!="]);
                self.binary_of_sums(kind, operator, depth)
            }
            9 => {
                let (element, list) = self.random.pick(&[
                    (Kind::Int, Kind::Ints),
                    (Kind::Text, Kind::Texts),
                    (Kind::Double, Kind::Doubles),
                    (Kind::Ints, Kind::Lists),
                    (Kind::Text, Kind::IntMap),
                ]);
                let element = self.operand(element, depth, RELATION);
                let list = self.operand(list, depth, SUM);
                (format!("{element} in {list}"), RELATION)
            }
            10 => {
                let receiver = self.operand(Kind::Text, depth, POSTFIX);
                if self.random.one_in(3) {
                    let pattern =
                        self.random.pick(&["a", "^a", "b$", "[a-z]+", "a|b", "^(ab)*$", ".", "\\\\d+"]);
                    return (format!("{receiver}.matches('{pattern}')"), POSTFIX);
                }
                let function = self.random.pick(&["startsWith", "endsWith", "contains"]);
                let argument = self.operand(Kind::Text, depth, CHOICE);
                (format!("{receiver}.{function}({argument})"), POSTFIX)
            }
            11 => {
                let tested = self.random.pick(&["has(o.z)", "has(o.a)", "has(o.z) && o.z > 1", "has(m.a)"]);
                (tested.to_owned(), if tested.contains("&&") { AND } else { POSTFIX })
            }
            12 => {
                let (list, element) = self.random.pick(&[
                    (Kind::Ints, Kind::Int),
                    (Kind::Texts, Kind::Text),
                    (Kind::Doubles, Kind::Double),
                    (Kind::IntMap, Kind::Text),
                ]);
                let name = self.random.pick(&["all", "exists", "exists_one"]);
                self.macro_call(list, element, name, Kind::Bool, depth)
            }
            _ => {
                let text = self.draw(Kind::Text, depth.min(1));
                (format!("bool({text})"), POSTFIX)
            }
        }
    }

    fn binary_of_sums(&mut self, kind: Kind, operator: &str, depth: usize) -> Drawn {
        // Relations bind alike and group to the left, and a relation is a bool.
        let strength = if kind == Kind::Bool { RELATION } else { SUM };
        let left = self.operand(kind, depth, strength);
        let right = self.operand(kind, depth, SUM);
        (format!("{left} {operator} {right}"), RELATION)
    }

    fn macro_call(&mut self, list: Kind, element: Kind, name: &str, body: Kind, depth: usize) -> Drawn {
        let list = self.operand(list, depth, POSTFIX);
        let variable = format!("e{}", self.bound.len());
        self.bound.push((variable.clone(), element));
        let filter = match name {
            "map" if self.random.one_in(3) => format!("{}, ", self.operand(Kind::Bool, depth, CHOICE)),
            _ => String::new(),
        };
        let body = self.operand(body, depth, CHOICE);
        self.bound.pop();
        (format!("{list}.{name}({variable}, {filter}{body})"), POSTFIX)
    }

    fn int(&mut self, depth: usize) -> Drawn {
        match self.random.below(10) {
            0..=2 => self.binary_of(Kind::Int, &["+", "-"], SUM, depth),
            3..=5 => self.binary_of(Kind::Int, &["*", "/", "%"], PRODUCT, depth),
            6 => self.negated(Kind::Int, depth),
            7 => {
                let kind =
                    self.random.pick(&[Kind::Text, Kind::Ints, Kind::Texts, Kind::IntMap, Kind::Lists]);
                if self.random.one_in(2) {
                    (format!("size({})", self.draw(kind, depth)), POSTFIX)
                } else {
                    (format!("{}.size()", self.operand(kind, depth, POSTFIX)), POSTFIX)
                }
            }
            8 => {
                let kind = self.random.pick(&[Kind::Text, Kind::Double, Kind::Int]);
                (format!("int({})", self.draw(kind, depth)), POSTFIX)
            }
            _ if self.random.one_in(3) => {
                let map = self.operand(Kind::IntMap, depth, POSTFIX);
                (format!("{map}[{}]", self.draw(Kind::Text, depth)), POSTFIX)
            }
            _ => self.indexed(Kind::Ints, depth),
        }
    }

    fn binary_of(&mut self, kind: Kind, operators: &[&str], strength: u8, depth: usize) -> Drawn {
        let operator = self.random.pick(operators);
        self.binary(kind, operator, strength, depth)
    }

    fn indexed(&mut self, kind: Kind, depth: usize) -> Drawn {
        let list = self.operand(kind, depth, POSTFIX);
        let index = if self.random.one_in(3) {
            self.draw(Kind::Int, depth)
        } else {
            self.random.below(3).to_string()
        };
        (format!("{list}[{index}]"), POSTFIX)
    }

    fn negated(&mut self, kind: Kind, depth: usize) -> Drawn {
        let operand = self.operand(kind, depth, PREFIX);
        // A minus directly before a number belongs to the number.
        (if operand.starts_with('-') { format!("-({operand})") } else { format!("-{operand}") }, PREFIX)
    }

    fn double(&mut self, depth: usize) -> Drawn {
        match self.random.below(8) {
            0..=2 => self.binary_of(Kind::Double, &["+", "-"], SUM, depth),
            3..=4 => self.binary_of(Kind::Double, &["*", "/"], PRODUCT, depth),
            5 => self.negated(Kind::Double, depth),
            6 => {
                let kind = self.random.pick(&[Kind::Text, Kind::Int, Kind::Double]);
                (format!("double({})", self.draw(kind, depth)), POSTFIX)
            }
            _ => self.indexed(Kind::Doubles, depth),
        }
    }

    fn text(&mut self, depth: usize) -> Drawn {
        match self.random.below(6) {
            0..=2 => self.binary(Kind::Text, "+", SUM, depth),
            3 => {
                let kind = self.random.pick(&[Kind::Int, Kind::Text, Kind::Bool, Kind::Double]);
                (format!("string({})", self.draw(kind, depth)), POSTFIX)
            }
            4 => self.indexed(Kind::Texts, depth),
            _ => self.leaf(Kind::Text),
        }
    }

    fn list(&mut self, element: Kind, depth: usize) -> Drawn {
        let kind = match element {
            Kind::Int => Kind::Ints,
            Kind::Double => Kind::Doubles,
            _ => Kind::Texts,
        };
        match self.random.below(5) {
            0 => self.binary(kind, "+", SUM, depth),
            1 => self.macro_call(kind, element, "filter", Kind::Bool, depth),
            2 => {
                let (from, of) = self.random.pick(&[
                    (Kind::Ints, Kind::Int),
                    (Kind::Texts, Kind::Text),
                    (Kind::Doubles, Kind::Double),
                    (Kind::Lists, Kind::Ints),
                    (Kind::IntMap, Kind::Text),
                ]);
                self.macro_call(from, of, "map", element, depth)
            }
            _ => self.written(element, depth),
        }
    }

    fn lists(&mut self, depth: usize) -> Drawn {
        match self.random.below(4) {
            0 => self.binary(Kind::Lists, "+", SUM, depth),
            1 => self.macro_call(Kind::Lists, Kind::Ints, "filter", Kind::Bool, depth),
            2 => self.macro_call(Kind::Ints, Kind::Int, "map", Kind::Ints, depth),
            _ => self.written(Kind::Ints, depth),
        }
    }

    fn written(&mut self, element: Kind, depth: usize) -> Drawn {
        let elements: Vec<String> =
            (0..self.random.below(4)).map(|_| self.operand(element, depth, CHOICE)).collect();
        (format!("[{}]", elements.join(", ")), POSTFIX)
    }

    fn map(&mut self, depth: usize) -> Drawn {
        // The same key twice is refused here before CEL finds it in evaluation.
        let first = self.random.below(KEYS.len());
        let entries: Vec<String> = (0..self.random.below(4))
            .map(|offset| {
                let key = quoted(KEYS[(first + offset) % KEYS.len()]);
                format!("{key}: {}", self.operand(Kind::Int, depth, CHOICE))
            })
            .collect();
        (format!("{{{}}}", entries.join(", ")), POSTFIX)
    }
}

fn quoted(text: &str) -> String {
    format!("'{text}'")
}

/// A document with all of [`NAMES`].
pub(crate) fn document(random: &mut Random) -> Value {
    let mut fields: Map<String, Value> =
        NAMES.iter().map(|(name, kind)| ((*name).to_owned(), value(*kind, random))).collect();
    let mut object = Map::new();
    object.insert("a".into(), value(Kind::Int, random));
    object.insert("s".into(), value(Kind::Text, random));
    if random.one_in(2) {
        object.insert("z".into(), value(Kind::Int, random));
    }
    fields.insert("o".into(), Value::Object(object));
    Value::Object(fields)
}

fn value(kind: Kind, random: &mut Random) -> Value {
    let many = |kind: Kind, random: &mut Random| {
        Value::Array((0..random.below(4)).map(|_| value(kind, random)).collect())
    };
    match kind {
        Kind::Bool => random.one_in(2).into(),
        Kind::Int => random.pick(&INTS).into(),
        Kind::Double => json!(random.pick(&DOUBLES)),
        Kind::Text => random.pick(&TEXTS).into(),
        Kind::Ints => many(Kind::Int, random),
        Kind::Doubles => many(Kind::Double, random),
        Kind::Texts => many(Kind::Text, random),
        Kind::Lists => many(Kind::Ints, random),
        Kind::IntMap => {
            let mut fields = Map::new();
            for key in KEYS {
                if random.one_in(2) {
                    fields.insert(key.to_owned(), random.pick(&INTS).into());
                }
            }
            Value::Object(fields)
        }
    }
}
