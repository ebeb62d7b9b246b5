//! [`Contract`]: a spec whose schema is settled and whose clauses are checked. What a macro expands, a runtime
//! enforces and a command explains.

mod optional;
mod prose;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(feature = "host")]
mod verdict;

use crate::diagnostic::{Diagnostic, Severity, Source, bounded};
use crate::lang::check::decided::{Judged, Place, decided};
use crate::lang::check::{Names, check};
use crate::lang::message::{Message, check_message};
use crate::lang::parser::parse;
use crate::lang::syntax::Expr;
use crate::lang::typed::{ObservedPath, TypedExpr};
use crate::pattern::Patterns;
use crate::schema::Schemas;
use crate::schema::infer::{RuleSource, infer};
use crate::spec::{ClauseKind, ClauseSource, ExceptionSource, Spec, Text};

/// A checked contract.
#[derive(Debug, Clone)]
pub struct Contract {
    /// What the author wrote.
    pub spec: Spec,
    /// The schema in force.
    pub schemas: Schemas,
    /// Every clause, preconditions first, then postconditions, then invariants, each in the author's order.
    pub clauses: Vec<CheckedClause>,
    /// Every exception, in the author's order.
    pub exceptions: Vec<CheckedException>,
    /// What is odd but no error.
    pub warnings: Vec<Diagnostic>,
}

/// A clause and what it means.
#[derive(Debug, Clone)]
pub struct CheckedClause {
    /// As written.
    pub source: ClauseSource,
    /// Expression or prose.
    pub rule: Rule,
    /// What a caller who broke it is told.
    pub message: Option<Message>,
}

/// What a clause's rule is.
#[derive(Debug, Clone)]
pub enum Rule {
    /// A checked expression of type bool, enforced by guest and host.
    Expression {
        /// The expression.
        expr: TypedExpr,
        /// What it reads, in the order of the text, each once.
        observed: Vec<ObservedPath>,
    },
    /// Words, bound by a Rust function and checked by the guest alone. Only invariants.
    Prose,
}

/// An exception and its condition.
#[derive(Debug, Clone)]
pub struct CheckedException {
    /// As written.
    pub source: ExceptionSource,
    /// `when`, checked, with what it reads.
    pub when: Option<(TypedExpr, Vec<ObservedPath>)>,
    /// The message that the outcome carries.
    pub message: Option<Message>,
}

impl Contract {
    /// Reads and checks `traverse.spec.toml`.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file, with places in `source`; the warnings, too.
    pub fn from_toml(source: &Source) -> Result<Contract, Vec<Diagnostic>> {
        Contract::of_file(source).map_err(bounded)
    }

    fn of_file(source: &Source) -> Result<Contract, Vec<Diagnostic>> {
        let (spec, mut errors) = Spec::partly_from_toml(source);
        let Some(spec) = spec else { return Err(errors) };
        if errors.is_empty() {
            return Contract::settle(spec, true);
        }
        // With a part of the spec missing, only what does not depend on that part can be said of the rules.
        let schema_is_whole = spec.input.is_some()
            && spec.output.is_some()
            && !errors.iter().any(|error| error.code.starts_with("schema-"));
        let of_rules = match schema_is_whole {
            true => Contract::settle(spec, true).map_or_else(|found| found, |contract| contract.warnings),
            false => syntax_errors(&spec),
        };
        errors.extend(of_rules);
        sort(&mut errors);
        Err(errors)
    }

    /// Reads and checks the canonical JSON that a module carries.
    ///
    /// # Errors
    /// As [`Contract::from_toml`], without places and without warnings, which were the author's to read.
    #[cfg(feature = "host")]
    pub fn from_json(text: &str) -> Result<Contract, Vec<Diagnostic>> {
        Contract::from_spec(Spec::from_json(text)?).map_err(|mut errors| {
            errors.retain(|error| error.severity == Severity::Error);
            for error in &mut errors {
                error.label = None;
                error.also.clear();
            }
            bounded(errors)
        })
    }

    /// Settles the schema of a spec and checks its clauses. What is well-formed but says nothing, or what nothing can
    /// fulfil (spec LANG-95 to LANG-99), is the author's to know: [`Contract::from_toml`] alone looks for it.
    ///
    /// # Errors
    /// Every error of every rule (`lang-*`, `prose-*`), in the order of the file, and with them the warnings: where
    /// something is wrong, a warning often says why.
    pub fn from_spec(spec: Spec) -> Result<Contract, Vec<Diagnostic>> {
        Contract::settle(spec, false)
    }

    /// `for_author`: whether to look for what is well-formed but says nothing, or too much.
    fn settle(spec: Spec, for_author: bool) -> Result<Contract, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let mut clause_exprs: Vec<Parsed> =
            spec.clauses.iter().map(|clause| parse_clause(clause, &mut errors)).collect();
        let when_exprs: Vec<Option<Expr>> =
            spec.exceptions.iter().map(|exception| parse_when(exception, &mut errors)).collect();
        prose::set_aside(&spec, &mut clause_exprs, &when_exprs, &mut errors);

        let (schemas, found) = infer(&spec, &rules(&spec, &clause_exprs, &when_exprs));
        let (mut warnings, found): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|diagnostic| diagnostic.severity == Severity::Warning);
        errors.extend(found);

        let patterns = &spec.patterns;
        let mut clauses = Vec::new();
        for (source, parsed) in spec.clauses.iter().zip(&clause_exprs) {
            let message =
                checked_message(source.message.as_ref(), &schemas, names(source.kind), patterns, &mut errors);
            let rule = match parsed {
                Parsed::Expression(expr) => {
                    match check(expr, &source.rule, &schemas, names(source.kind), patterns) {
                        Ok((expr, observed)) => Rule::Expression { expr, observed },
                        Err(found) => {
                            errors.extend(or_open(found, &source.rule));
                            continue;
                        }
                    }
                }
                Parsed::Prose => Rule::Prose,
                Parsed::Failed => continue,
            };
            clauses.push(CheckedClause { source: source.clone(), rule, message });
        }
        let mut exceptions = Vec::new();
        for (source, expr) in spec.exceptions.iter().zip(&when_exprs) {
            let message =
                checked_message(source.message.as_ref(), &schemas, Names::When, patterns, &mut errors);
            let when = match (expr, &source.when) {
                (Some(expr), Some(text)) => match check(expr, text, &schemas, Names::When, patterns) {
                    Ok(checked) => Some(checked),
                    Err(found) => {
                        errors.extend(or_open(found, text));
                        continue;
                    }
                },
                _ => None,
            };
            exceptions.push(CheckedException { source: source.clone(), when, message });
        }
        if for_author {
            let (told, wrong): (Vec<_>, Vec<_>) = decided(&schemas, &judged(&clauses, &exceptions))
                .into_iter()
                .partition(|diagnostic| diagnostic.severity == Severity::Warning);
            warnings.extend(told);
            errors.extend(wrong);
        }
        // What follows from another error alone is not said again.
        if errors.iter().any(|error| error.code != UNCHECKED) {
            errors.retain(|error| error.code != UNCHECKED);
        }
        optional::explain(&mut errors, &schemas, &rules(&spec, &clause_exprs, &when_exprs));
        if errors.is_empty() {
            sort(&mut warnings);
            Ok(Contract { spec, schemas, clauses, exceptions, warnings: bounded(warnings) })
        } else {
            errors.extend(warnings);
            sort(&mut errors);
            Err(errors)
        }
    }
}

/// By place in the file; what has no place comes first.
fn sort(errors: &mut [Diagnostic]) {
    errors.sort_by_key(|error| error.label.as_ref().map_or(0, |(span, _)| span.start));
}

/// What is wrong with the rules of `spec` whatever its schema is.
fn syntax_errors(spec: &Spec) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for clause in &spec.clauses {
        parse_clause(clause, &mut errors);
    }
    for exception in &spec.exceptions {
        parse_when(exception, &mut errors);
    }
    errors
}

/// The code of an error that stands for "this rule reads a field whose type is open".
const UNCHECKED: &str = "lang-unchecked";

/// A checker that found nothing to say and no type either met a field that inference left open.
fn or_open(found: Vec<Diagnostic>, rule: &Text) -> Vec<Diagnostic> {
    if !found.is_empty() {
        return found;
    }
    let error = Diagnostic::error(UNCHECKED, "the rule reads a field whose type stays open");
    vec![error.at(rule.span, "").help("write the schema under `[input]` or `[output]`")]
}

/// A message and what it inserts.
fn checked_message(
    text: Option<&Text>,
    schemas: &Schemas,
    names: Names,
    patterns: &Patterns,
    errors: &mut Vec<Diagnostic>,
) -> Option<Message> {
    let text = text?;
    check_message(text, schemas, names, patterns).map_err(|found| errors.extend(or_open(found, text))).ok()
}

/// What came of a clause's text.
enum Parsed {
    Expression(Expr),
    Prose,
    /// Reported.
    Failed,
}

fn names(kind: ClauseKind) -> Names {
    match kind {
        ClauseKind::Precondition => Names::Precondition,
        ClauseKind::Postcondition | ClauseKind::Invariant => Names::After,
    }
}

/// An invariant that does not parse counts as prose for now; `prose` looks at it when the fields are known.
fn parse_clause(clause: &ClauseSource, errors: &mut Vec<Diagnostic>) -> Parsed {
    match parse(&clause.rule.value) {
        Ok(expr) => Parsed::Expression(expr),
        Err(_) if clause.kind == ClauseKind::Invariant => Parsed::Prose,
        Err(found) => {
            let found = prose::misplaced(clause.kind, &clause.rule.value, found);
            errors.extend(located(found, &clause.rule));
            Parsed::Failed
        }
    }
}

fn parse_when(exception: &ExceptionSource, errors: &mut Vec<Diagnostic>) -> Option<Expr> {
    let text = exception.when.as_ref()?;
    parse(&text.value).map_err(|found| errors.extend(located(found, text))).ok()
}

fn rules<'a>(spec: &'a Spec, clauses: &'a [Parsed], whens: &'a [Option<Expr>]) -> Vec<RuleSource<'a>> {
    let mut rules = Vec::new();
    for (clause, parsed) in spec.clauses.iter().zip(clauses) {
        if let Parsed::Expression(expr) = parsed {
            rules.push(RuleSource { text: &clause.rule, expr, names: names(clause.kind) });
        }
    }
    for (exception, expr) in spec.exceptions.iter().zip(whens) {
        if let (Some(text), Some(expr)) = (&exception.when, expr) {
            rules.push(RuleSource { text, expr, names: Names::When });
        }
    }
    rules
}

/// What is checked of a contract, as the search for decided rules takes it.
fn judged<'a>(clauses: &'a [CheckedClause], exceptions: &'a [CheckedException]) -> Vec<Judged<'a>> {
    let of_clauses = clauses.iter().filter_map(|clause| {
        let Rule::Expression { expr, .. } = &clause.rule else { return None };
        Some(Judged { expr, text: &clause.source.rule, place: Place::Clause(clause.source.kind) })
    });
    let of_exceptions = exceptions.iter().filter_map(|exception| {
        let ((expr, _), text) = (exception.when.as_ref()?, exception.source.when.as_ref()?);
        Some(Judged { expr, text, place: Place::When(&exception.source.name.value) })
    });
    of_clauses.chain(of_exceptions).collect()
}

/// Places in a rule → places in the file.
fn located(mut errors: Vec<Diagnostic>, rule: &Text) -> Vec<Diagnostic> {
    for error in &mut errors {
        for (span, _) in error.label.iter_mut().chain(&mut error.also) {
            *span = rule.locate(*span);
        }
    }
    errors
}
