//! Which invariants are prose (spec LANG-36 to LANG-38).
//!
//! Prose is what does not parse, unless it looks like a mistyped expression: it has an operator that running text
//! does not have, a function call, or a path into a known field. Also prose are plain words that happen to parse
//! (`idempotent`, `monotonic and stable`) when none of them names a field.

use super::{Parsed, located};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::lexer::{TokenKind, lex};
use crate::lang::parser::{KEYWORDS, parse};
use crate::lang::syntax::{Expr, ExprKind};
use crate::schema::SchemaKind;
use crate::spec::{ClauseKind, Spec};
use std::collections::BTreeSet;

/// Turns invariants of plain words into prose, and reports what is neither prose nor expression.
pub(super) fn set_aside(
    spec: &Spec,
    clauses: &mut [Parsed],
    whens: &[Option<Expr>],
    errors: &mut Vec<Diagnostic>,
) {
    let known = known_names(spec, clauses, whens);
    for (clause, parsed) in spec.clauses.iter().zip(clauses) {
        if clause.kind != ClauseKind::Invariant {
            continue;
        }
        let rule = &clause.rule.value;
        match parsed {
            Parsed::Expression(expr) if only_words(rule) => {
                let mut names = BTreeSet::new();
                collect_names(expr, &mut names);
                if !names.is_empty() && names.is_disjoint(&known) {
                    *parsed = Parsed::Prose;
                }
            }
            Parsed::Prose => {
                let Err(found) = parse(rule) else { continue };
                let unsupported = found.iter().any(|error| error.code == "lang-unsupported");
                let Some(sign) = sign_of_expression(rule, &known) else { continue };
                *parsed = Parsed::Failed;
                if unsupported {
                    errors.extend(located(found, &clause.rule));
                    continue;
                }
                errors.extend(located(found, &clause.rule).into_iter().map(|mut error| {
                    error.code = "prose-looks-like-expression";
                    error.note(format!("it has `{sign}`, so it is read as an expression, not as prose"))
                }));
            }
            _ => {}
        }
    }
}

/// Says of a precondition or postcondition that does not parse, and reads as words, that it is in the wrong place.
pub(super) fn misplaced(kind: ClauseKind, rule: &str, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if !reads_as_words(rule) {
        return found;
    }
    let message = format!("this {} is words, not an expression", kind.as_str());
    let error = Diagnostic::error("lang-syntax", message).at(Span::new(0, rule.len()), "");
    vec![error.help("words are for `invariants` only; write an expression, or move it")]
}

/// Whether a text that does not parse is running text: at least three words and the marks that go with them, where
/// somewhere two words follow each other that are none of the language.
fn reads_as_words(rule: &str) -> bool {
    let words: Vec<&str> = rule.split_whitespace().collect();
    let bare = |word: &str| {
        let word = word.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        let letters = word.chars().all(|char| char.is_alphabetic() || matches!(char, '-' | '\'' | '’'));
        letters && !word.is_empty() && !KEYWORDS.contains(&word)
    };
    let none_of_expressions =
        |char: char| !matches!(char, '=' | '<' | '>' | '&' | '|' | '[' | ']' | '(' | '"');
    words.len() >= 3
        && rule.chars().all(none_of_expressions)
        && words.windows(2).any(|pair| bare(pair[0]) && bare(pair[1]))
}

/// Names of fields: the roots, and the top-level properties of input and result.
fn known_names(spec: &Spec, clauses: &[Parsed], whens: &[Option<Expr>]) -> BTreeSet<String> {
    let mut known = BTreeSet::from(["input", "result", "output"].map(str::to_owned));
    // A property of the result stands for nothing on its own, but whoever writes it alone means it.
    for schema in spec.input.iter().chain(&spec.output) {
        if let SchemaKind::Object(object) = &crate::schema::resolve_value(&spec.types, schema).kind {
            known.extend(object.properties.iter().map(|property| property.name.clone()));
        }
    }
    if spec.input.is_some() {
        return known;
    }
    let spoken = spec.clauses.iter().zip(clauses).filter_map(|(clause, parsed)| match parsed {
        // Plain words are what is to be judged, so they prove nothing.
        Parsed::Expression(expr)
            if clause.kind != ClauseKind::Invariant || !only_words(&clause.rule.value) =>
        {
            Some(expr)
        }
        _ => None,
    });
    spoken.chain(whens.iter().flatten()).for_each(|expr| collect_names(expr, &mut known));
    known
}

fn only_words(rule: &str) -> bool {
    lex(rule).is_ok_and(|tokens| {
        tokens.iter().all(|token| matches!(token.kind, TokenKind::Word(_) | TokenKind::End))
    })
}

fn collect_names(expr: &Expr, names: &mut BTreeSet<String>) {
    let mut each = |inner: &Expr| collect_names(inner, names);
    match &expr.kind {
        ExprKind::Literal(_) => {}
        ExprKind::Name(name) => {
            names.insert(name.clone());
        }
        ExprKind::Field { base, .. } | ExprKind::Has { base, .. } => each(base),
        ExprKind::Index { base, index } => {
            each(base);
            each(index);
        }
        ExprKind::List(elements) | ExprKind::Call { arguments: elements, .. } => {
            elements.iter().for_each(each)
        }
        ExprKind::Map(entries) => entries.iter().for_each(|(key, value)| {
            each(key);
            each(value);
        }),
        ExprKind::Unary { operand, .. } | ExprKind::Is { operand, .. } => each(operand),
        ExprKind::Binary { left, right, .. } => {
            each(left);
            each(right);
        }
        ExprKind::Macro { list, variable, filter, body, .. } => {
            each(list);
            let mut inner = BTreeSet::new();
            filter.iter().for_each(|filter| collect_names(filter, &mut inner));
            collect_names(body, &mut inner);
            inner.remove(variable);
            names.extend(inner);
        }
        ExprKind::Conditional { condition, then, otherwise } => {
            each(condition);
            each(then);
            each(otherwise);
        }
    }
}

/// What gives a text away as a mistyped expression, if anything does.
fn sign_of_expression(rule: &str, known: &BTreeSet<String>) -> Option<String> {
    // `=` is none of the language, but is what `==` is mistyped as.
    const OPERATORS: [&str; 9] = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "="];
    const FUNCTIONS: [&str; 6] = ["has", "size", "startsWith", "endsWith", "contains", "matches"];
    const MACROS: [&str; 5] = ["all", "exists", "exists_one", "filter", "map"];
    if let Some(operator) = OPERATORS.iter().find(|operator| rule.contains(**operator)) {
        return Some((*operator).to_owned());
    }
    let trimmed = rule.trim_start();
    if trimmed.starts_with('(') || trimmed.starts_with("!(") {
        return Some("(".to_owned());
    }
    if let Some(name) = MACROS.iter().find(|name| rule.contains(&format!(".{name}("))) {
        return Some(format!(".{name}("));
    }
    let word_char = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let mut rest = rule;
    let mut before = None;
    while let Some(start) = rest.find(word_char) {
        before = rest[..start].chars().next_back().or(before);
        let end = rest[start..].find(|char| !word_char(char)).map_or(rest.len(), |length| start + length);
        let (word, after) = (&rest[start..end], &rest[end..]);
        let mut following = after.chars();
        match following.next() {
            Some('(') if FUNCTIONS.contains(&word) => return Some(format!("{word}(")),
            Some('.')
                if before != Some('.') && known.contains(word) && following.next().is_some_and(word_char) =>
            {
                let length =
                    after[1..].find(|char| !word_char(char)).map_or(after.len(), |length| length + 1);
                return Some(format!("{word}{}", &after[..length]));
            }
            Some('[') if known.contains(word) => return Some(format!("{word}[")),
            _ => {}
        }
        before = word.chars().next_back();
        rest = after;
    }
    None
}
