//! Values of a schema, and [`Inputs`], which draws them for a contract.

use crate::numbers::{
    admitted_double, admitted_integer, double, double_range, integer, integer_json, number_json, whole_range,
};
use crate::texts;
use crate::wishes::{Mined, Wishes};
use fastrand::Rng;
use serde_json::{Map, Value};
use traverse_contract::Contract;
use traverse_contract::schema::validate::keep_different;
use traverse_contract::schema::{
    ItemBounds, LengthBounds, ObjectSchema, Schema, SchemaKind, StringBounds, resolve,
};

/// Draws inputs and results for one contract. Equal contract, seed and calls give equal values.
#[derive(Debug, Clone)]
pub struct Inputs<'c> {
    /// Whose rules are walked towards; inputs are of its schema.
    pub(crate) contract: &'c Contract,
    pub(crate) source: Source<'c>,
    /// How often each rule was met true and false.
    pub(crate) met: Vec<[u32; 2]>,
}

/// What draws: the generator, the constants, and how odd it may be.
#[derive(Debug, Clone)]
pub(crate) struct Source<'c> {
    pub(crate) rng: Rng,
    /// Of inputs, with the types that it names.
    input: (&'c Schema, &'c [(String, Schema)]),
    /// Of results, likewise.
    output: (&'c Schema, &'c [(String, Schema)]),
    /// The types that the value in hand may name.
    pub(crate) types: &'c [(String, Schema)],
    pub(crate) wishes: Mined,
    /// Whether properties that no schema knows are drawn, where they are admitted.
    pub(crate) strangers: bool,
    /// How many values the current document may still have before all is kept small.
    pub(crate) left: usize,
    /// Drawn anywhere now and then, where it fits.
    anywhere: Constants,
}

/// Numbers and texts that no clause names, such as those of the code.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Constants {
    /// Numbers.
    pub numbers: Vec<f64>,
    /// Texts.
    pub texts: Vec<String>,
}

/// From this depth on only what must be there is drawn: types may contain themselves.
const MAX_DEPTH: usize = 8;

/// About the number of values in a document.
const MAX_VALUES: usize = 300;

/// A list is not drawn longer than this, unless it must be.
const MAX_ITEMS: u64 = 40;

impl<'c> Inputs<'c> {
    /// Draws for `contract`.
    pub fn new(contract: &'c Contract, seed: u64) -> Self {
        let mut wishes = Mined::default();
        wishes.add(contract);
        let (schemas, types) = (&contract.schemas, contract.schemas.types.as_slice());
        let source = Source {
            rng: Rng::with_seed(seed),
            input: (&schemas.input, types),
            output: (&schemas.output, types),
            types,
            wishes,
            strangers: true,
            left: MAX_VALUES,
            anywhere: Constants::default(),
        };
        Inputs { contract, source, met: vec![[0; 2]; contract.clauses.len()] }
    }

    /// Draws results of another contract's schema.
    pub fn with_output_of(mut self, other: &'c Contract) -> Self {
        self.source.output = (&other.schemas.output, &other.schemas.types);
        self
    }

    /// Takes the constants of another contract's clauses, and the bounds of its schemas, into account: values are still
    /// of this contract's schema, but lie where the two may part.
    pub fn heed(&mut self, other: &Contract) {
        self.source.wishes.add(other);
        let (schemas, wishes) = (&other.schemas, &mut self.source.wishes);
        wishes.input.bounds_of(&schemas.input, &schemas.types);
        wishes.output.bounds_of(&schemas.output, &schemas.types);
    }

    /// Draws these, too, wherever a number or a text is drawn that they fit, and numbers beside them.
    pub fn with_constants(mut self, constants: Constants) -> Self {
        self.source.anywhere = constants;
        self
    }

    /// Draws no property that the schema does not know. Without this some are drawn where they are admitted.
    pub fn without_strangers(mut self) -> Self {
        self.source.strangers = false;
        self
    }

    /// An input of any kind: three in four fit the schema ([`Inputs::valid`]), the others are broken in one place.
    pub fn draw(&mut self) -> Value {
        let valid = self.valid();
        if self.source.rng.u8(..4) > 0 { valid } else { self.broken(valid) }
    }

    /// An input that fits the schema but for one place: another type, a value just out of bounds, a property missing.
    /// (Where nothing can be broken, as in an object that asks for nothing, it fits.)
    pub fn broken(&mut self, valid: Value) -> Value {
        self.source.broken(valid)
    }

    /// An input that fits the schema, drawn without a look at what the rules say of it.
    pub fn fresh(&mut self) -> Value {
        self.source.document(false)
    }

    /// A result that fits the schema, drawn without a look at what the rules say of it.
    pub fn fresh_output(&mut self) -> Value {
        self.source.document(true)
    }
}

impl<'c> Source<'c> {
    /// A whole input or result.
    pub(crate) fn document(&mut self, output: bool) -> Value {
        self.left = MAX_VALUES;
        let (schema, wishes) = self.root(output);
        let value = self.value(schema, Some(&wishes), 0);
        self.put_back(output, wishes);
        value
    }

    /// The schema of a root, whose types are those in hand from here on, and its wishes, taken out while values are
    /// drawn from them.
    pub(crate) fn root(&mut self, output: bool) -> (&'c Schema, Wishes) {
        let (schema, types) = if output { self.output } else { self.input };
        self.types = types;
        (schema, std::mem::take(if output { &mut self.wishes.output } else { &mut self.wishes.input }))
    }

    pub(crate) fn put_back(&mut self, output: bool, wishes: Wishes) {
        *(if output { &mut self.wishes.output } else { &mut self.wishes.input }) = wishes;
    }

    /// A value that `schema` admits.
    pub(crate) fn value(&mut self, schema: &Schema, wishes: Option<&Wishes>, depth: usize) -> Value {
        self.left = self.left.saturating_sub(1);
        match &resolve(self.types, schema).kind {
            SchemaKind::Boolean(only) => Value::Bool(only.unwrap_or_else(|| self.rng.bool())),
            SchemaKind::Integer(bounds) => {
                let given = self.given_number().map(|number| number as i64);
                let (least, most) = whole_range(bounds);
                let drawn = match given.filter(|given| (least..=most).contains(given)) {
                    Some(given) => admitted_integer(&mut self.rng, bounds, given),
                    None => integer(&mut self.rng, bounds, wishes),
                };
                integer_json(&mut self.rng, drawn)
            }
            SchemaKind::Number(bounds) => {
                let (least, most) = double_range(bounds);
                let drawn = match self.given_number().filter(|given| (least..=most).contains(given)) {
                    Some(given) => admitted_double(&mut self.rng, bounds, given),
                    None => double(&mut self.rng, bounds, wishes),
                };
                number_json(&mut self.rng, drawn)
            }
            SchemaKind::String(bounds) => {
                let fits = |given: &String| {
                    let length = given.chars().count() as u64;
                    bounds.length.min.is_none_or(|least| length >= least)
                        && bounds.length.max.is_none_or(|most| length <= most)
                        && bounds.pattern.as_ref().is_none_or(|pattern| pattern.is_match(given))
                };
                let given = self.given_text().filter(fits);
                Value::String(given.unwrap_or_else(|| texts::text(&mut self.rng, bounds, wishes)))
            }
            SchemaKind::Enum(members) => {
                self.rng.choice(members.iter()).cloned().map_or(Value::Null, Value::String)
            }
            SchemaKind::Array(items, bounds) => {
                let length = self.length(&bounds.length, wishes, depth);
                let below = wishes.and_then(|wishes| wishes.element.as_deref());
                let mut drawn: Vec<Value> =
                    (0..length).map(|_| self.value(items, below, depth + 1)).collect();
                if bounds.unique {
                    self.make_unique(items, bounds, &mut drawn, below, depth);
                }
                Value::Array(drawn)
            }
            SchemaKind::Tuple(items) => {
                let below = wishes.and_then(|wishes| wishes.element.as_deref());
                Value::Array(items.iter().map(|item| self.value(item, below, depth + 1)).collect())
            }
            // From some depth on null is the least that must be there.
            SchemaKind::Nullable(value) if !self.is_small(depth) && self.rng.u8(..4) > 0 => {
                self.value(value, wishes, depth)
            }
            SchemaKind::Null | SchemaKind::Nullable(_) => Value::Null,
            SchemaKind::Object(object) => self.object(object, wishes, depth),
            SchemaKind::Map(values, bounds) => {
                let length = self.length(bounds, wishes, depth);
                let mut fields = Map::new();
                while (fields.len() as u64) < length {
                    let key = self.key(wishes, &fields);
                    let below = wishes.and_then(|wishes| wishes.field(&key).or(wishes.element.as_deref()));
                    let value = self.value(values, below, depth + 1);
                    fields.insert(key, value);
                }
                Value::Object(fields)
            }
            // The spec's reader admits no reference that leads nowhere.
            _ => Value::Null,
        }
    }

    /// One of the constants that may stand anywhere, or a number beside it; mostly none.
    fn given_number(&mut self) -> Option<f64> {
        if self.anywhere.numbers.is_empty() || self.rng.u8(..6) > 0 {
            return None;
        }
        let number = *self.rng.choice(&self.anywhere.numbers)?;
        let beside = [0.0, 0.0, 1.0, -1.0, 0.01, -0.01];
        Some(number + self.rng.choice(&beside).copied().unwrap_or(0.0))
    }

    fn given_text(&mut self) -> Option<String> {
        if self.anywhere.texts.is_empty() || self.rng.u8(..6) > 0 {
            return None;
        }
        self.rng.choice(&self.anywhere.texts).cloned()
    }

    /// Keeps the items that differ, and draws others where too few are left.
    pub(crate) fn make_unique(
        &mut self,
        items: &Schema,
        bounds: &ItemBounds,
        drawn: &mut Vec<Value>,
        wishes: Option<&Wishes>,
        depth: usize,
    ) {
        keep_different(self.types, items, drawn);
        let least = bounds.length.min.unwrap_or(0) as usize;
        for _ in 0..(10 * least) {
            if drawn.len() >= least {
                return;
            }
            drawn.push(self.value(items, wishes, depth + 1));
            keep_different(self.types, items, drawn);
        }
    }

    /// Whether only what must be there is drawn.
    fn is_small(&self, depth: usize) -> bool {
        depth >= MAX_DEPTH || self.left == 0
    }

    /// How many elements a list has.
    fn length(&mut self, bounds: &LengthBounds, wishes: Option<&Wishes>, depth: usize) -> u64 {
        let (least, most) = (bounds.min.unwrap_or(0), bounds.max.unwrap_or(u64::MAX));
        if self.is_small(depth) {
            return least;
        }
        let wished = wishes.and_then(|wishes| self.rng.choice(&wishes.lengths)).copied();
        let drawn = match (self.rng.u8(..12), wished) {
            (0..5, Some(wished)) => wished.min(MAX_ITEMS),
            (5, _) => least,
            (6, _) => most.min(MAX_ITEMS),
            (7, _) => least.saturating_add(1),
            (8, _) => 0,
            _ => self.rng.u64(0..=4),
        };
        drawn.clamp(least, most.max(least))
    }

    /// A key that a map does not have yet: one that a rule asks for, or any text.
    pub(crate) fn key(&mut self, wishes: Option<&Wishes>, taken: &Map<String, Value>) -> String {
        let asked = wishes.and_then(|wishes| {
            let mut names: Vec<&String> = wishes.fields.keys().chain(&wishes.texts).collect();
            names.sort();
            self.rng.choice(names).cloned()
        });
        let mut key = match asked {
            Some(asked) if self.rng.u8(..4) > 0 => asked,
            _ => texts::text(&mut self.rng, &StringBounds::default(), wishes),
        };
        while taken.contains_key(&key) {
            key.push('_');
        }
        key
    }

    fn object(&mut self, object: &ObjectSchema, wishes: Option<&Wishes>, depth: usize) -> Value {
        let mut fields = Map::new();
        // Now and then all that is optional is there, or nothing.
        let likely = *self.rng.choice(&[0_u8, 4, 4, 6, 8]).unwrap_or(&4);
        for property in &object.properties {
            if property.required || (!self.is_small(depth) && self.rng.u8(..8) < likely) {
                let below = wishes.and_then(|wishes| wishes.field(&property.name));
                fields.insert(property.name.clone(), self.value(&property.schema, below, depth + 1));
            }
        }
        if object.additional && self.strangers && self.rng.u8(..24) == 0 {
            let name = self.stranger(object);
            let value = self.anything();
            fields.insert(name, value);
        }
        Value::Object(fields)
    }

    /// The name of a property that the object does not have.
    pub(crate) fn stranger(&mut self, object: &ObjectSchema) -> String {
        let known = self.rng.choice(&object.properties).map_or("", |property| property.name.as_str());
        let mut name = if self.rng.bool() { "unknown".to_owned() } else { format!("{known}_") };
        while object.property(&name).is_some() {
            name.push('_');
        }
        name
    }

    /// A small value of any type.
    pub(crate) fn anything(&mut self) -> Value {
        match self.rng.u8(..9) {
            0 => Value::Null,
            1 => Value::Bool(self.rng.bool()),
            2 => Value::from(self.rng.i64(-2..=2)),
            3 => crate::numbers::double_json(0.5),
            4 => Value::String(String::new()),
            5 => Value::String(texts::of_length(&mut self.rng, 3)),
            6 => Value::Array(Vec::new()),
            7 => Value::Array(vec![Value::from(1)]),
            _ => Value::Object(Map::new()),
        }
    }
}
