//! Claims that have words of their own: comparisons, membership, macros that ask, functions of text.

use super::super::phrase::Phrase;
use super::{Said, Speaker, counted, element_name, if_true, is_empty};
use traverse_contract::lang::syntax::{BinaryOp, Function, Literal, Macro};
use traverse_contract::lang::typed::{Type, TypedExpr, TypedKind};

impl Speaker {
    pub(super) fn comparison(
        &mut self,
        op: BinaryOp,
        left: &TypedExpr,
        right: &TypedExpr,
        truth: bool,
    ) -> Said {
        // What is known stands on the right: `0 < total` is said like `total > 0`.
        let known = |expr: &TypedExpr| {
            is_empty(expr) || matches!(expr.kind, TypedKind::Literal(_) | TypedKind::TypeName(_))
        };
        if known(left) && !known(right) {
            return self.comparison(turned(op), right, left, truth);
        }
        if is_empty(right) {
            let is = if_true((op == BinaryOp::Equal) == truth, " is empty", " is not empty");
            return Said::whole(self.value(left).part().say(is));
        }
        let equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        if equality && left.ty == Type::Bool && right.ty == Type::Bool {
            return self.same_truth(left, right, (op == BinaryOp::Equal) == truth);
        }
        if let Some(said) = self.sized(op, left, right, truth) {
            return said;
        }
        let number = matches!(left.ty.value(), Type::Int | Type::Number) && right.ty != Type::Null;
        let text = matches!(left.ty, Type::String | Type::Enum(_));
        let relation = match op {
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let equal = (op == BinaryOp::Equal) == truth;
                match (number, known(right), equal) {
                    (true, _, true) => "equals",
                    (true, _, false) => "does not equal",
                    (false, true, true) => "is",
                    (false, true, false) => "is not",
                    (false, false, true) => "is the same as",
                    (false, false, false) => "is not the same as",
                }
            }
            BinaryOp::Less if text => if_true(truth, "sorts before", "does not sort before"),
            BinaryOp::Greater if text => if_true(truth, "sorts after", "does not sort after"),
            BinaryOp::LessOrEqual if text => {
                if_true(truth, "sorts before, or is the same as,", "neither sorts before nor is the same as")
            }
            BinaryOp::GreaterOrEqual if text => {
                if_true(truth, "sorts after, or is the same as,", "neither sorts after nor is the same as")
            }
            BinaryOp::Less => if_true(truth, "is less than", "is not less than"),
            BinaryOp::LessOrEqual => if_true(truth, "is at most", "is not at most"),
            BinaryOp::Greater => if_true(truth, "is greater than", "is not greater than"),
            BinaryOp::GreaterOrEqual => if_true(truth, "is at least", "is not at least"),
            // No comparison.
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Remainder
            | BinaryOp::In
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Implies => "is related to",
        };
        let left = self.value(left).phrase.say(" ").say(relation).say(" ");
        Said::whole(left.then(self.value(right).phrase))
    }

    /// Two truths that are, or are not, the same.
    fn same_truth(&mut self, left: &TypedExpr, right: &TypedExpr, same: bool) -> Said {
        if let TypedKind::Literal(Literal::Bool(wanted)) = right.kind {
            return self.claim(left, wanted == same);
        }
        let left = self.claim(left, true).part();
        let right = self.claim(right, same).part();
        Said::loose(left.say(" exactly when ").then(right))
    }

    /// `size(x)` beside a number that is written out: how much `x` has.
    fn sized(&mut self, op: BinaryOp, left: &TypedExpr, right: &TypedExpr, truth: bool) -> Option<Said> {
        let TypedKind::Call { function: Function::Size, arguments } = &left.kind else { return None };
        let TypedKind::Literal(Literal::Int(count)) = right.kind else { return None };
        let [of] = arguments.as_slice() else { return None };
        if matches!(of.kind, TypedKind::Macro { .. }) {
            return None;
        }
        let (one, many) = counted(&of.ty);
        let noun = if count == 1 { one } else { many };
        let subject = self.value(of).phrase;
        let empty = |truth: bool| if_true(truth, " is empty", " is not empty");
        Some(Said::whole(match (op, count) {
            (BinaryOp::Equal | BinaryOp::LessOrEqual, 0) | (BinaryOp::Less, 1) => subject.say(empty(truth)),
            (BinaryOp::NotEqual | BinaryOp::Greater, 0) | (BinaryOp::GreaterOrEqual, 1) => {
                subject.say(empty(!truth))
            }
            _ => {
                // A count has no gaps and no NaN, so the opposite has words of its own.
                let words = match (op, truth) {
                    (BinaryOp::Equal, true) | (BinaryOp::NotEqual, false) => "has exactly",
                    (BinaryOp::NotEqual, true) | (BinaryOp::Equal, false) => "does not have exactly",
                    (BinaryOp::Less, true) | (BinaryOp::GreaterOrEqual, false) => "has fewer than",
                    (BinaryOp::LessOrEqual, true) | (BinaryOp::Greater, false) => "has at most",
                    (BinaryOp::Greater, true) | (BinaryOp::LessOrEqual, false) => "has more than",
                    (BinaryOp::GreaterOrEqual, true) | (BinaryOp::Less, false) => "has at least",
                    _ => return None,
                };
                subject.say(format!(" {words} {count} {noun}"))
            }
        }))
    }

    pub(super) fn membership(&mut self, element: &TypedExpr, list: &TypedExpr, truth: bool) -> Said {
        let element = self.value(element).phrase;
        if let Type::Map(_) = list.ty {
            let is = if_true(truth, " is a key of ", " is no key of ");
            return Said::whole(element.say(is).then(self.value(list).part()));
        }
        let written = match &list.kind {
            TypedKind::List(members) if !members.is_empty() => members.as_slice(),
            _ => {
                let among = if_true(truth, " is among ", " is not among ");
                return Said::whole(element.say(among).then(self.value(list).part()));
            }
        };
        let is = match (written.len(), truth) {
            (1, true) => " is ",
            (1, false) => " is not ",
            (_, true) => " is one of ",
            (_, false) => " is none of ",
        };
        let members: Vec<Phrase> = written.iter().map(|member| self.value(member).part()).collect();
        Said::whole(element.say(is).then(Phrase::join(members, ", ")))
    }

    pub(super) fn quantified(
        &mut self,
        kind: Macro,
        list: &TypedExpr,
        variable: usize,
        body: &TypedExpr,
        truth: bool,
    ) -> Said {
        // `not` of `all` is `exists` of `not`, also where elements are in error.
        let (words, body_truth) = match (kind, truth) {
            (Macro::All, true) => ("for every ", true),
            (Macro::All, false) => ("for at least one ", false),
            (Macro::Exists, true) => ("for at least one ", true),
            (Macro::Exists, false) => ("for no ", true),
            (Macro::ExistsOne, true) => ("for exactly one ", true),
            (Macro::ExistsOne, false) => ("for none or several of the ", true),
            // Lists, not truths.
            (Macro::Filter | Macro::Map, _) => ("for ", true),
        };
        let among = self.value(list).part();
        let name = element_name(body, variable);
        let body = self.with_element(&name, |speaker| speaker.claim(body, body_truth).phrase);
        let words = if matches!(list.ty, Type::Map(_)) { format!("{words}key ") } else { words.to_owned() };
        let head = Phrase::text(words).name(name).say(" in ").then(among);
        Said::loose(head.say(", ").then(body))
    }

    pub(super) fn call_claim(
        &mut self,
        expr: &TypedExpr,
        function: Function,
        arguments: &[TypedExpr],
        truth: bool,
    ) -> Said {
        let words = match function {
            Function::StartsWith => if_true(truth, " starts with ", " does not start with "),
            Function::EndsWith => if_true(truth, " ends with ", " does not end with "),
            Function::Contains => if_true(truth, " contains ", " does not contain "),
            Function::Matches => if_true(truth, " matches the pattern ", " does not match the pattern "),
            Function::Bool
            | Function::Size
            | Function::Int
            | Function::Double
            | Function::String
            | Function::Type => {
                if let [argument] = arguments
                    && argument.ty == Type::Bool
                {
                    return self.claim(argument, truth);
                }
                let is = if_true(truth, " is true", " is false");
                return Said::whole(self.value(expr).phrase.say(is));
            }
        };
        let said: Vec<Phrase> = arguments.iter().map(|argument| self.value(argument).part()).collect();
        Said::whole(Phrase::join(said, words))
    }
}

/// The comparison as it reads from the other side.
fn turned(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessOrEqual => BinaryOp::GreaterOrEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterOrEqual => BinaryOp::LessOrEqual,
        same => same,
    }
}
