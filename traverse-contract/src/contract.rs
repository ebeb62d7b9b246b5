//! [`Contract`]: a spec whose schema is settled and whose clauses are checked. What a macro expands, a runtime
//! enforces and a command explains.

use crate::diagnostic::Diagnostic;
use crate::lang::typed::{ObservedPath, TypedExpr};
use crate::schema::Schemas;
use crate::spec::{ClauseSource, ExceptionSource, Spec};

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
}
