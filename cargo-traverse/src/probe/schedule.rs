//! Which input comes next (spec TEST-22): first those at which a part of a clause turns, then drawn ones and neighbours of
//! those that took the module a way that it had not gone before.

use serde_json::Value;
use traverse_contract::Contract;
use traverse_contract::contract::Rule;
use traverse_contract::lang::syntax::{BinaryOp, Macro};
use traverse_contract::lang::typed::{Type, TypedExpr, TypedKind};
use traverse_contract::spec::ClauseKind;
use traverse_inputs::{Constants, Goal, Inputs, reads};

/// So many inputs are kept to draw near to.
const KEPT: usize = 256;

/// More parts of clauses are not aimed at one by one.
const MAX_AIMS: usize = 400;

/// Gives one input after the other.
pub(crate) struct Schedule<'c> {
    contract: &'c Contract,
    inputs: Inputs<'c>,
    aims: Vec<Aim>,
    /// The next of them, and whether each was tried once.
    aim: usize,
    all_tried: bool,
    turn: u64,
    /// Inputs that were the first to cost what they cost.
    kept: Vec<Value>,
    seen: std::collections::HashSet<(&'static str, u64)>,
}

/// Parts of a clause, on inputs alone, and what each shall come to.
struct Aim {
    parts: Vec<(TypedExpr, bool)>,
    /// With every precondition, too.
    accepted: bool,
    /// How often no input was found.
    missed: u8,
}

impl<'c> Schedule<'c> {
    /// Equal contract, constants and seed give equal inputs, as far as equal things are learnt.
    pub(crate) fn new(contract: &'c Contract, constants: Constants, seed: u64) -> Schedule<'c> {
        let inputs = Inputs::new(contract, seed).with_constants(constants);
        Schedule {
            contract,
            inputs,
            aims: aims(contract),
            aim: 0,
            all_tried: false,
            turn: 0,
            kept: Vec::new(),
            seen: Default::default(),
        }
    }

    /// The next input.
    pub(crate) fn next(&mut self) -> Value {
        self.turn += 1;
        // Each once, and then again among others: what an aim leaves open comes out differently.
        if (!self.all_tried || self.turn.is_multiple_of(4))
            && let Some(input) = self.next_aimed()
        {
            return input;
        }
        let near = match self.kept.is_empty() {
            true => None,
            // The latest are the least known.
            false => {
                let back = (self.turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as usize;
                Some(self.kept[self.kept.len() - 1 - back % self.kept.len()].clone())
            }
        };
        match (self.turn % 8, near) {
            (0, _) => {
                let valid = self.inputs.valid();
                self.inputs.broken(valid)
            }
            (1 | 4, _) => self.inputs.accepted().unwrap_or_else(|| self.inputs.valid()),
            (2 | 5 | 6, Some(near)) => self.inputs.near(&near),
            (3, _) => self.inputs.fresh(),
            _ => self.inputs.valid(),
        }
    }

    /// What a call taught: `outcome` and the fuel that it took.
    pub(crate) fn learn(&mut self, input: &Value, outcome: &'static str, fuel: u64) {
        if self.seen.len() < 100_000 && self.seen.insert((outcome, fuel)) && outcome != "rejected" {
            if self.kept.len() == KEPT {
                self.kept.remove(0);
            }
            self.kept.push(input.clone());
        }
    }

    fn next_aimed(&mut self) -> Option<Value> {
        for _ in 0..self.aims.len() {
            if self.aim >= self.aims.len() {
                (self.aim, self.all_tried) = (0, true);
                // What cannot be is not looked for again and again.
                self.aims.retain(|aim| aim.missed < 2);
                return None;
            }
            let at = self.aim;
            self.aim += 1;
            let mut goals = match self.aims[at].accepted {
                true => self.inputs.rules(|kind| kind == ClauseKind::Precondition),
                false => Vec::new(),
            };
            let types = &self.contract.schemas.types;
            goals.extend(self.aims[at].parts.iter().map(|(rule, holds)| Goal::Rule {
                rule,
                types,
                holds: *holds,
            }));
            if let Some(found) = self.inputs.solve(&goals, false, 3, &mut |_| true) {
                return Some(found.input);
            }
            self.aims[at].missed = self.aims[at].missed.saturating_add(1);
        }
        None
    }
}

/// Each part of each clause and condition that looks at the input alone: true, false, and where it turns, each where it
/// matters.
fn aims(contract: &Contract) -> Vec<Aim> {
    let mut parts = Vec::new();
    let clauses = contract.clauses.iter().filter_map(|clause| match &clause.rule {
        Rule::Expression { expr, .. } => Some(expr),
        Rule::Prose => None,
    });
    let conditions = contract.exceptions.iter().filter_map(|exception| Some(&exception.when.as_ref()?.0));
    for rule in clauses.chain(conditions) {
        collect(rule, &mut Vec::new(), &mut parts);
    }
    let mut aims = Vec::new();
    for Part { rule, where_ } in parts {
        let mut aim = |rule: TypedExpr, holds: bool| {
            let mut parts = where_.clone();
            parts.push((rule, holds));
            aims.push(Aim { parts, accepted: true, missed: 0 });
        };
        if let Some(turns) = turning(&rule) {
            aim(turns, true);
        }
        aim(rule.clone(), true);
        aim(rule.clone(), false);
        aims.push(Aim { parts: vec![(rule, false)], accepted: false, missed: 0 });
    }
    aims
}

/// A part of a clause, and what other parts have to come to for it to matter.
struct Part {
    rule: TypedExpr,
    where_: Vec<(TypedExpr, bool)>,
}

/// Where a comparison turns: its sides are equal; of a macro over comparisons, those of some element.
fn turning(rule: &TypedExpr) -> Option<TypedExpr> {
    let kind = match &rule.kind {
        TypedKind::Compare { op, left, right } => {
            let orders = matches!(
                op,
                BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual
            );
            if !orders {
                return None;
            }
            TypedKind::Compare { op: BinaryOp::Equal, left: left.clone(), right: right.clone() }
        }
        TypedKind::Macro {
            kind: Macro::All | Macro::Exists | Macro::ExistsOne,
            list,
            variable,
            body,
            ..
        } => TypedKind::Macro {
            kind: Macro::Exists,
            list: list.clone(),
            variable: *variable,
            filter: None,
            body: Box::new(turning(body)?),
        },
        _ => return None,
    };
    Some(TypedExpr { kind, ty: rule.ty.clone(), span: rule.span })
}

/// Whether a rule reads the input, and nothing else.
fn is_of_input(rule: &TypedExpr) -> bool {
    let read = reads(rule);
    !read.is_empty() && read.iter().all(|path| !path.output)
}

fn collect(rule: &TypedExpr, where_: &mut Vec<(TypedExpr, bool)>, parts: &mut Vec<Part>) {
    if parts.len() >= MAX_AIMS {
        return;
    }
    if rule.ty == Type::Bool && is_of_input(rule) {
        parts.push(Part { rule: rule.clone(), where_: where_.clone() });
    }
    // One part matters where the other does not decide.
    let mut beside = |part: &TypedExpr, other: &TypedExpr, is: bool, parts: &mut Vec<Part>| {
        let known = is_of_input(other);
        if known {
            where_.push((other.clone(), is));
        }
        collect(part, where_, parts);
        if known {
            where_.pop();
        }
    };
    match &rule.kind {
        TypedKind::And(left, right) => {
            beside(left, right, true, parts);
            beside(right, left, true, parts);
        }
        TypedKind::Or(left, right) => {
            beside(left, right, false, parts);
            beside(right, left, false, parts);
        }
        TypedKind::Implies(left, right) => {
            beside(left, right, false, parts);
            beside(right, left, true, parts);
        }
        TypedKind::Conditional { condition, then, otherwise } => {
            beside(then, condition, true, parts);
            beside(otherwise, condition, false, parts);
            collect(condition, where_, parts);
        }
        // What is said of an element says nothing without it.
        TypedKind::Macro { list, .. } => collect(list, where_, parts),
        // `result.free == (total >= 50)`
        _ => rule.operands().into_iter().for_each(|part| collect(part, where_, parts)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use traverse_contract::Source;

    /// The first inputs for a contract of these clauses.
    fn first(input: &str, clauses: &str, count: usize) -> Vec<Value> {
        let text = format!(
            "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n{input}\n[contract]\n{clauses}"
        );
        let source = Source { name: "traverse.spec.toml".into(), text };
        let contract = Contract::from_toml(&source).unwrap();
        let mut schedule = Schedule::new(&contract, Constants::default(), 1);
        (0..count).map(|_| schedule.next()).collect()
    }

    /// spec: TEST-22
    #[test]
    fn a_part_of_a_clause_is_aimed_at_where_it_matters() {
        let input = "[input]\ntype = \"object\"\nrequired = [\"year\", \"month\"]\n[input.properties]\n\
                     year = { type = \"integer\", minimum = 1583, maximum = 9999 }\n\
                     month = { type = \"integer\", minimum = 1, maximum = 12 }";
        let clauses = "invariants = [\"month == 2 implies result.days == \
                       (year % 4 == 0 and year % 100 != 0 or year % 400 == 0 ? 29 : 28)\"]";
        let inputs = first(input, clauses, 40);
        let met = |is: &dyn Fn(i64) -> bool| {
            inputs.iter().any(|input| {
                input["month"].as_f64() == Some(2.0)
                    && input["year"].as_f64().is_some_and(|year| is(year as i64))
            })
        };
        assert!(met(&|year| year % 400 == 0), "{inputs:?}");
        assert!(met(&|year| year % 100 == 0 && year % 400 != 0), "{inputs:?}");
        assert!(met(&|year| year % 4 == 0 && year % 100 != 0), "{inputs:?}");
        assert!(met(&|year| year % 4 != 0), "{inputs:?}");
    }

    /// spec: TEST-22
    #[test]
    fn where_a_comparison_of_elements_turns_is_aimed_at() {
        let clauses = "preconditions = [\"lines.all(line, line.wanted <= line.left and line.left > 0)\"]\n\
                       postconditions = [\"result.ok is bool\"]";
        let turns = |input: &Value| {
            let lines = input["lines"].as_array();
            lines.is_some_and(|lines| {
                lines.iter().any(|line| line["wanted"].is_number() && line["wanted"] == line["left"])
            })
        };
        assert!(first("", clauses, 8).iter().any(turns));
    }

    const SPEC: &str = "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n[contract]\n\
        preconditions = [\"count is int\", \"count >= 3\", \"tier in ['gold', 'iron']\"]\n\
        invariants = [\"(count > 70 and tier == 'iron') implies result.free\", \"result.free is bool\"]\n";

    fn contract() -> Contract {
        let source = Source { name: "traverse.spec.toml".into(), text: SPEC.into() };
        Contract::from_toml(&source).expect("a contract")
    }

    /// spec: TEST-22
    #[test]
    fn a_seed_gives_the_same_inputs_again() {
        let contract = contract();
        let draw = |seed| {
            let mut schedule = Schedule::new(&contract, Constants::default(), seed);
            (0..400)
                .map(|number| {
                    let input = schedule.next();
                    schedule.learn(&input, "result", number % 7);
                    input
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
    }

    /// spec: TEST-22
    #[test]
    fn the_first_inputs_lie_where_clauses_turn() {
        let contract = contract();
        let mut schedule = Schedule::new(&contract, Constants::default(), 5);
        let first: Vec<Value> = (0..60).map(|_| schedule.next()).collect();
        let some = |is: &dyn Fn(i64, &str) -> bool| {
            first.iter().any(|input| {
                input["count"]
                    .as_i64()
                    .is_some_and(|count| is(count, input["tier"].as_str().unwrap_or_default()))
            })
        };
        assert!(some(&|count, _| count == 3) && some(&|count, _| count < 3));
        assert!(some(&|count, tier| count == 70 && tier != "none"));
        assert!(some(&|count, tier| count > 70 && tier == "iron"), "{}", json!(first));
        assert!(some(&|_, tier| tier != "iron" && tier != "gold"));
    }
}
