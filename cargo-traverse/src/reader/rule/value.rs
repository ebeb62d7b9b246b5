//! What claims are about: what is named, read or computed.

use super::super::phrase::Phrase;
use super::{Said, Speaker, counted, element_name, mentions};
use traverse_contract::lang::syntax::{BinaryOp, Function, Literal, Macro};
use traverse_contract::lang::typed::{Root, Type, TypedExpr, TypedKind};
use traverse_contract::number::number_text;

impl Speaker {
    /// What is named, read or computed.
    pub(super) fn value(&mut self, expr: &TypedExpr) -> Said {
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
    pub(super) fn property(&mut self, base: &TypedExpr, name: &str) -> Said {
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
