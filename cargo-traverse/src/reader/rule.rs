//! A checked expression in plain English, for a reader who knows no code.
//!
//! A *claim* is something that is true or false (`cart.total > 0`: `cart.total` is greater than 0) and can be said of
//! its opposite, too; a *value* is what claims are about. Brackets stand where words alone could be read two ways.

use super::phrase::Phrase;
use traverse_contract::lang::syntax::{BinaryOp, Function, Literal, Macro, TypeName};
use traverse_contract::lang::typed::{Root, Type, TypedExpr, TypedKind};
use traverse_contract::number::number_text;

/// The rule in words, without a full stop.
pub(super) fn in_words(rule: &TypedExpr) -> Phrase {
    Speaker { elements: Vec::new() }.claim(rule, true).phrase
}

/// Words, and whether they hold together on their own.
struct Said {
    phrase: Phrase,
    /// `a and b`, `if a, then b`: needs brackets as a part of something larger.
    loose: bool,
}

impl Said {
    fn whole(phrase: Phrase) -> Said {
        Said { phrase, loose: false }
    }

    fn loose(phrase: Phrase) -> Said {
        Said { phrase, loose: true }
    }

    /// As a part of something larger.
    fn part(self) -> Phrase {
        if self.loose { self.phrase.in_brackets() } else { self.phrase }
    }
}

struct Speaker {
    /// The names of the elements of the macros around, innermost last. They hide properties of the same name.
    elements: Vec<String>,
}

impl Speaker {
    /// What is said if `expr` shall be `truth`.
    fn claim(&mut self, expr: &TypedExpr, truth: bool) -> Said {
        let is = |positive: &'static str, negative: &'static str| if truth { positive } else { negative };
        match &expr.kind {
            TypedKind::Literal(Literal::Bool(always)) => Said::whole(Phrase::text(if *always == truth {
                "nothing is asked"
            } else {
                "this can never be"
            })),
            TypedKind::Not(operand) => self.claim(operand, !truth),
            TypedKind::And(left, right) if truth => {
                let mut parts = Vec::new();
                self.flat(left, &mut parts, BinaryOp::And);
                self.flat(right, &mut parts, BinaryOp::And);
                Said::loose(Phrase::join(parts, " and "))
            }
            TypedKind::Or(left, right) if truth => {
                let mut parts = Vec::new();
                self.flat(left, &mut parts, BinaryOp::Or);
                self.flat(right, &mut parts, BinaryOp::Or);
                Said::loose(Phrase::join(parts, " or "))
            }
            TypedKind::Implies(left, right) if truth => {
                let left = self.claim(left, true).phrase;
                let right = self.claim(right, true);
                let right = if right.loose { right.phrase.in_brackets() } else { right.phrase };
                Said::loose(Phrase::text("if ").then(left).say(", then ").then(right))
            }
            TypedKind::And(..) | TypedKind::Or(..) | TypedKind::Implies(..) => {
                let said = self.claim(expr, true);
                Said::whole(Phrase::text("it is not so that ").then(said.phrase.in_brackets()))
            }
            TypedKind::Compare { op, left, right } => self.comparison(*op, left, right, truth),
            TypedKind::In { element, list } => self.membership(element, list, truth),
            TypedKind::Is { operand, type_name, negated, .. } => {
                let is = if *negated == truth { " is not " } else { " is " };
                Said::whole(self.value(operand).phrase.say(is).say(type_in_words(*type_name)))
            }
            TypedKind::Has { base, name, .. } => {
                let property = self.property(base, name);
                Said::whole(property.phrase.say(is(" is given", " is not given")))
            }
            TypedKind::Macro { kind, list, variable, filter: _, body } => {
                self.quantified(*kind, list, *variable, body, truth)
            }
            TypedKind::Conditional { condition, then, otherwise } => {
                let condition = self.claim(condition, true).phrase;
                let then = self.claim(then, truth).part();
                let otherwise = self.claim(otherwise, truth).part();
                let phrase = Phrase::text("if ").then(condition).say(", then ").then(then);
                Said::loose(phrase.say("; otherwise ").then(otherwise))
            }
            TypedKind::Call { function, arguments } => self.call_claim(expr, *function, arguments, truth),
            // What is a bool by itself: a property, an element, …
            TypedKind::Literal(_)
            | TypedKind::Pattern(_)
            | TypedKind::NotNull(_)
            | TypedKind::TypeName(_)
            | TypedKind::Root(_)
            | TypedKind::Field { .. }
            | TypedKind::Index { .. }
            | TypedKind::List(_)
            | TypedKind::Map(_)
            | TypedKind::Negate(_)
            | TypedKind::Arithmetic { .. }
            | TypedKind::Variable { .. } => {
                Said::whole(self.value(expr).phrase.say(is(" is true", " is false")))
            }
        }
    }

    /// The operands of a chain of `and` or of `or`, each fit to stand in it.
    fn flat(&mut self, expr: &TypedExpr, parts: &mut Vec<Phrase>, op: BinaryOp) {
        match (&expr.kind, op) {
            (TypedKind::And(left, right), BinaryOp::And) | (TypedKind::Or(left, right), BinaryOp::Or) => {
                self.flat(left, parts, op);
                self.flat(right, parts, op);
            }
            _ => parts.push(self.claim(expr, true).part()),
        }
    }

    fn comparison(&mut self, op: BinaryOp, left: &TypedExpr, right: &TypedExpr, truth: bool) -> Said {
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

    fn membership(&mut self, element: &TypedExpr, list: &TypedExpr, truth: bool) -> Said {
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

    fn quantified(
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

    fn call_claim(
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

    /// What is named, read or computed.
    fn value(&mut self, expr: &TypedExpr) -> Said {
        if let Some(path) = self.path(expr) {
            return Said::whole(Phrase::code(path));
        }
        match &expr.kind {
            TypedKind::Literal(literal) => Said::whole(literal_in_words(literal)),
            TypedKind::Pattern(pattern) => Said::whole(Phrase::code(pattern.source())),
            TypedKind::TypeName(named) => Said::whole(Phrase::code(named.name())),
            TypedKind::NotNull(read) => self.value(read),
            TypedKind::Root(Root::Input) => Said::whole(Phrase::text("the input")),
            TypedKind::Root(Root::Output) => Said::whole(Phrase::text("the result")),
            TypedKind::Field { base, name, .. } => self.property(base, name),
            TypedKind::Index { base, index } => self.element(base, index),
            TypedKind::Variable { name, .. } => Said::whole(Phrase::code(name.as_str())),
            TypedKind::List(members) if members.is_empty() => Said::whole(Phrase::text("an empty list")),
            TypedKind::Map(entries) if entries.is_empty() => Said::whole(Phrase::text("an empty map")),
            TypedKind::List(members) => {
                let members: Vec<Phrase> = members.iter().map(|member| self.value(member).part()).collect();
                Said::whole(Phrase::text("the list of ").then(Phrase::join(members, ", ")).in_brackets())
            }
            TypedKind::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let key = self.value(key).part();
                    key.say(": ").then(self.value(value).part())
                });
                let entries: Vec<Phrase> = entries.collect();
                Said::whole(Phrase::text("the map of ").then(Phrase::join(entries, ", ")).in_brackets())
            }
            TypedKind::Negate(operand) => {
                Said::loose(Phrase::text("minus ").then(self.value(operand).part()))
            }
            TypedKind::Arithmetic { op, left, right } => self.arithmetic(*op, left, right),
            TypedKind::Conditional { condition, then, otherwise } => {
                let condition = self.claim(condition, true).phrase;
                let then = self.value(then).phrase.say(" if ").then(condition);
                let phrase = then.say(", otherwise ").then(self.value(otherwise).phrase);
                Said::whole(phrase.in_brackets())
            }
            TypedKind::Macro { kind: Macro::Filter, list, variable, body, .. } => {
                let name = element_name(body, *variable);
                let list = self.value(list).part();
                let body = self.with_element(&name, |speaker| speaker.claim(body, true).phrase);
                let head = Phrase::text("the elements ").name(name).say(" of ").then(list);
                Said::loose(head.say(" for which ").then(body.in_brackets()))
            }
            TypedKind::Macro { kind: Macro::Map, list, variable, filter, body } => {
                let name = match filter {
                    Some(filter) if !mentions(body, *variable) => element_name(filter, *variable),
                    _ => element_name(body, *variable),
                };
                let list = self.value(list).part();
                let (body, filter) = self.with_element(&name, |speaker| {
                    let filter = filter.as_ref().map(|filter| speaker.claim(filter, true).phrase);
                    (speaker.value(body).part(), filter)
                });
                let phrase = Phrase::text("the values of ").then(body).say(" for each ").name(name);
                let phrase = phrase.say(" in ").then(list);
                Said::loose(match filter {
                    Some(filter) => phrase.say(" for which ").then(filter.in_brackets()),
                    None => phrase,
                })
            }
            TypedKind::Call { function, arguments } if expr.ty != Type::Bool => {
                self.call_value(*function, arguments)
            }
            TypedKind::Call { function: Function::Bool, arguments }
                if arguments.iter().any(|argument| argument.ty != Type::Bool) =>
            {
                self.call_value(Function::Bool, arguments)
            }
            // A truth that is used as a value.
            TypedKind::Call { .. }
            | TypedKind::Macro { kind: Macro::All | Macro::Exists | Macro::ExistsOne, .. }
            | TypedKind::Not(_)
            | TypedKind::And(..)
            | TypedKind::Or(..)
            | TypedKind::Implies(..)
            | TypedKind::Compare { .. }
            | TypedKind::In { .. }
            | TypedKind::Is { .. }
            | TypedKind::Has { .. } => {
                let said = self.claim(expr, true).phrase;
                Said::whole(Phrase::text("whether ").then(said).in_brackets())
            }
        }
    }

    fn arithmetic(&mut self, op: BinaryOp, left: &TypedExpr, right: &TypedExpr) -> Said {
        let words = match op {
            BinaryOp::Add if matches!(left.ty, Type::String | Type::Enum(_) | Type::List(_)) => {
                " followed by "
            }
            BinaryOp::Add => " plus ",
            BinaryOp::Subtract => " minus ",
            BinaryOp::Multiply => " times ",
            BinaryOp::Divide => " divided by ",
            BinaryOp::Remainder => {
                let left = Phrase::text("the remainder of ").then(self.value(left).part());
                return Said::loose(left.say(" divided by ").then(self.value(right).part()));
            }
            // No arithmetic.
            BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual
            | BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::In
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Implies => " with ",
        };
        // `a plus b plus c`, read from the left, is what is meant.
        let chain = matches!(&left.kind, TypedKind::Arithmetic { op: inner, .. } if *inner == op);
        let said = self.value(left);
        let left = if chain && op != BinaryOp::Divide { said.phrase } else { said.part() };
        let phrase = left.say(words).then(self.value(right).part());
        Said::loose(match (op, &right.ty) {
            (BinaryOp::Divide, Type::Int) => phrase.say(" without the fraction"),
            _ => phrase,
        })
    }

    fn call_value(&mut self, function: Function, arguments: &[TypedExpr]) -> Said {
        let Some(first) = arguments.first() else { return Said::whole(Phrase::text(function.name())) };
        let text = matches!(first.ty, Type::String | Type::Enum(_));
        let said = |speaker: &mut Speaker| speaker.value(first).part();
        Said::loose(match function {
            Function::Size => {
                // Of some elements of a list: how many they are.
                if let TypedKind::Macro { kind: Macro::Filter, .. } = first.kind {
                    let said = self.value(first).phrase;
                    return Said::loose(Phrase::text("the number of ").then(said));
                }
                let (_, many) = counted(&first.ty);
                Phrase::text(format!("the number of {many} in ")).then(said(self))
            }
            Function::Type => Phrase::text("the type of ").then(said(self)),
            Function::Int if text => said(self).say(" read as a whole number"),
            Function::Double if text => said(self).say(" read as a number"),
            Function::Bool if text => said(self).say(" read as true or false"),
            Function::Int if first.ty == Type::Number => said(self).say(" without the fraction"),
            Function::String if !text => said(self).say(" written as text"),
            // Already what it is made.
            Function::Int | Function::Double | Function::String | Function::Bool => return self.value(first),
            // Claims.
            Function::StartsWith | Function::EndsWith | Function::Contains | Function::Matches => {
                Phrase::text(function.name()).say(" of ").then(said(self))
            }
        })
    }

    /// `base.name` where the whole is no path.
    fn property(&mut self, base: &TypedExpr, name: &str) -> Said {
        match self.path_of_property(base, name) {
            Some(path) => Said::whole(Phrase::code(path)),
            None => Said::whole(Phrase::code(name).say(" of ").then(self.value(base).part())),
        }
    }

    fn element(&mut self, base: &TypedExpr, index: &TypedExpr) -> Said {
        let of = self.value(base).part();
        if let Type::Map(_) = base.ty {
            let phrase = Phrase::text("the value in ").then(of).say(" for ");
            return Said::whole(phrase.then(self.value(index).part()));
        }
        let which = match index.kind {
            TypedKind::Literal(Literal::Int(0)) => "the first element of ".to_owned(),
            TypedKind::Literal(Literal::Int(1)) => "the second element of ".to_owned(),
            TypedKind::Literal(Literal::Int(2)) => "the third element of ".to_owned(),
            TypedKind::Literal(Literal::Int(place)) => {
                format!("element number {} of ", i128::from(place) + 1)
            }
            _ => {
                let index = self.value(index).part();
                let phrase = Phrase::text("the element of ").then(of).say(" at place ").then(index);
                return Said::loose(phrase.say(", counted from 0"));
            }
        };
        Said::whole(Phrase::text(which).then(of))
    }

    /// A chain of properties down to the input, the result or an element, in the language's own words.
    fn path(&self, expr: &TypedExpr) -> Option<String> {
        match &expr.kind {
            TypedKind::Field { base, name, .. } => self.path_of_property(base, name),
            TypedKind::Variable { name, .. } => Some(name.clone()),
            TypedKind::NotNull(read) => self.path(read),
            _ => None,
        }
    }

    fn path_of_property(&self, base: &TypedExpr, name: &str) -> Option<String> {
        match &base.kind {
            // `result.name`, where `result` is proved to be there.
            TypedKind::NotNull(read) => self.path_of_property(read, name),
            TypedKind::Root(Root::Output) => Some(format!("result.{name}")),
            // Other things go by this name here.
            TypedKind::Root(Root::Input)
                if matches!(name, "input" | "result" | "output")
                    || self.elements.iter().any(|element| element == name) =>
            {
                Some(format!("input.{name}"))
            }
            TypedKind::Root(Root::Input) => Some(name.to_owned()),
            _ => Some(format!("{}.{name}", self.path(base)?)),
        }
    }

    fn with_element<T>(&mut self, name: &str, say: impl FnOnce(&mut Speaker) -> T) -> T {
        self.elements.push(name.to_owned());
        let said = say(self);
        self.elements.pop();
        said
    }
}

/// What the author calls the element of a macro; a body that does not look at it has any word for it.
fn element_name(body: &TypedExpr, variable: usize) -> String {
    name_in(body, variable).unwrap_or_else(|| "element".to_owned())
}

fn mentions(expr: &TypedExpr, variable: usize) -> bool {
    name_in(expr, variable).is_some()
}

fn name_in(expr: &TypedExpr, variable: usize) -> Option<String> {
    let within = |inner: &TypedExpr| name_in(inner, variable);
    match &expr.kind {
        TypedKind::Variable { id, name } => (*id == variable).then(|| name.clone()),
        TypedKind::Literal(_) | TypedKind::Pattern(_) | TypedKind::TypeName(_) | TypedKind::Root(_) => None,
        TypedKind::Field { base, .. } | TypedKind::Has { base, .. } => within(base),
        TypedKind::Not(operand)
        | TypedKind::Negate(operand)
        | TypedKind::NotNull(operand)
        | TypedKind::Is { operand, .. } => within(operand),
        TypedKind::List(members) | TypedKind::Call { arguments: members, .. } => {
            members.iter().find_map(within)
        }
        TypedKind::Map(entries) => {
            entries.iter().find_map(|(key, value)| within(key).or_else(|| within(value)))
        }
        TypedKind::Index { base: left, index: right }
        | TypedKind::Arithmetic { left, right, .. }
        | TypedKind::Compare { left, right, .. }
        | TypedKind::In { element: left, list: right }
        | TypedKind::And(left, right)
        | TypedKind::Or(left, right)
        | TypedKind::Implies(left, right) => within(left).or_else(|| within(right)),
        TypedKind::Macro { list, filter, body, .. } => {
            within(list).or_else(|| filter.as_deref().and_then(within)).or_else(|| within(body))
        }
        TypedKind::Conditional { condition, then, otherwise } => {
            within(condition).or_else(|| within(then)).or_else(|| within(otherwise))
        }
    }
}

fn literal_in_words(literal: &Literal) -> Phrase {
    match literal {
        Literal::Null => Phrase::text("null"),
        Literal::Bool(true) => Phrase::text("true"),
        Literal::Bool(false) => Phrase::text("false"),
        Literal::Int(number) => Phrase::text(number.to_string()),
        Literal::Double(number) => Phrase::text(number_text(*number)),
        Literal::String(text) if text.is_empty() => Phrase::text("the empty text"),
        Literal::String(text) => Phrase::text("“").say(text.as_str()).say("”"),
    }
}

fn type_in_words(name: TypeName) -> &'static str {
    match name {
        TypeName::Null => "null",
        TypeName::Bool => "either true or false",
        TypeName::Int => "a whole number",
        TypeName::Number => "a number",
        TypeName::String => "text",
        TypeName::List => "a list",
        TypeName::Object => "an object",
    }
}

/// `[]` or `{}`.
fn is_empty(expr: &TypedExpr) -> bool {
    match &expr.kind {
        TypedKind::List(members) => members.is_empty(),
        TypedKind::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// What `size` counts, one and many.
fn counted(ty: &Type) -> (&'static str, &'static str) {
    match ty {
        Type::String | Type::Enum(_) => ("character", "characters"),
        Type::List(_) | Type::Tuple(_) => ("element", "elements"),
        Type::Nullable(value) => counted(value),
        Type::Map(_)
        | Type::Object(_)
        | Type::Type
        | Type::Null
        | Type::Bool
        | Type::Int
        | Type::Number
        | Type::Never => ("entry", "entries"),
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

fn if_true(truth: bool, positive: &'static str, negative: &'static str) -> &'static str {
    if truth { positive } else { negative }
}

#[cfg(test)]
mod tests;
