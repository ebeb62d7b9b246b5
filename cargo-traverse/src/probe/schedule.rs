//! Which input comes next (spec TEST-22): first those at which a part of a clause turns, then drawn ones and neighbours of
//! those that took the module a way that it had not gone before.

use serde_json::Value;
use traverse_contract::Contract;
use traverse_contract::contract::Rule;
use traverse_contract::lang::syntax::BinaryOp;
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
    aims: std::vec::IntoIter<Aim>,
    turn: u64,
    /// Inputs that were the first to cost what they cost.
    kept: Vec<Value>,
    seen: std::collections::HashSet<(&'static str, u64)>,
}

/// A part of a clause, on inputs alone, and what it shall come to.
struct Aim {
    rule: TypedExpr,
    holds: bool,
    /// With every precondition, too.
    accepted: bool,
}

impl<'c> Schedule<'c> {
    /// Equal contract, constants and seed give equal inputs, as far as equal things are learnt.
    pub(crate) fn new(contract: &'c Contract, constants: Constants, seed: u64) -> Schedule<'c> {
        let inputs = Inputs::new(contract, seed).with_constants(constants);
        let aims = aims(contract).into_iter();
        Schedule { contract, inputs, aims, turn: 0, kept: Vec::new(), seen: Default::default() }
    }

    /// The next input.
    pub(crate) fn next(&mut self) -> Value {
        if let Some(input) = self.next_aimed() {
            return input;
        }
        self.turn += 1;
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
        loop {
            let Aim { rule, holds, accepted } = self.aims.next()?;
            let mut goals = match accepted {
                true => self.inputs.rules(|kind| kind == ClauseKind::Precondition),
                false => Vec::new(),
            };
            goals.push(Goal::Rule { rule: &rule, types: &self.contract.schemas.types, holds });
            if let Some(found) = self.inputs.solve(&goals, false, 3, &mut |_| true) {
                return Some(found.input);
            }
        }
    }
}

/// Each part of each clause and condition that looks at the input alone: true, false, and where it turns.
fn aims(contract: &Contract) -> Vec<Aim> {
    let mut parts: Vec<TypedExpr> = Vec::new();
    let clauses = contract.clauses.iter().filter_map(|clause| match &clause.rule {
        Rule::Expression { expr, .. } => Some(expr),
        Rule::Prose => None,
    });
    let conditions = contract.exceptions.iter().filter_map(|exception| Some(&exception.when.as_ref()?.0));
    for rule in clauses.chain(conditions) {
        collect(rule, &mut parts);
    }
    parts.truncate(MAX_AIMS);
    let mut aims = Vec::new();
    for rule in parts {
        if let TypedKind::Compare { op, left, right } = &rule.kind
            && matches!(
                op,
                BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual
            )
        {
            let kind = TypedKind::Compare { op: BinaryOp::Equal, left: left.clone(), right: right.clone() };
            let turns = TypedExpr { kind, ty: rule.ty.clone(), span: rule.span };
            aims.push(Aim { rule: turns, holds: true, accepted: true });
        }
        aims.push(Aim { rule: rule.clone(), holds: true, accepted: true });
        aims.push(Aim { rule: rule.clone(), holds: false, accepted: true });
        aims.push(Aim { rule, holds: false, accepted: false });
    }
    aims
}

fn collect(rule: &TypedExpr, parts: &mut Vec<TypedExpr>) {
    if rule.ty != Type::Bool {
        return;
    }
    let read = reads(rule);
    if !read.is_empty() && read.iter().all(|path| !path.output) {
        parts.push(rule.clone());
    }
    match &rule.kind {
        TypedKind::Not(operand) => collect(operand, parts),
        TypedKind::And(left, right)
        | TypedKind::Or(left, right)
        | TypedKind::Implies(left, right)
        // `result.free == (total >= 50)`
        | TypedKind::Compare { left, right, .. } => {
            collect(left, parts);
            collect(right, parts);
        }
        TypedKind::Conditional { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|part| collect(part, parts));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use traverse_contract::Source;

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
