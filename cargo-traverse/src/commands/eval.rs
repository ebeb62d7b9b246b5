//! `cargo traverse eval`: an expression on a document, with what each of its parts comes to (spec `CLI-70` to `CLI-74`).

mod given;
mod tree;

use crate::args::EvalArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::report::{Report, Screen, Style, diagnostic_json, printable_line};
use given::{Given, NO_INPUT, TypesFrom};
use serde::Serialize;
use serde_json::Value;
use traverse_contract::lang::check::check_any;
use traverse_contract::lang::eval::{Came, Node, Traced, trace};
use traverse_contract::lang::parser::parse;
use traverse_contract::lang::typed::{Root, TypedExpr, TypedKind};
use traverse_contract::spec::Text;
use traverse_contract::{Diagnostic, Source};
use tree::{Tree, type_name};

/// What the expression's text is called where places in it are shown.
const SOURCE_NAME: &str = "EXPR";

/// What an expression came to:
/// `{expression, types_from, type, value | error, tree}`.
#[derive(Debug, Serialize)]
pub(crate) struct EvalReport {
    expression: String,
    types_from: TypesFrom,
    #[serde(rename = "type")]
    ty: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
    tree: Tree,
    #[serde(skip)]
    failure: Option<Diagnostic>,
}

impl Report for EvalReport {
    fn render_human(&self, screen: &mut Screen) {
        self.tree.render(screen);
        if let Some(failure) = &self.failure {
            screen.diagnostic(&source(&self.expression), failure);
        } else if let Some(value) = &self.value
            && self.tree.is_cut()
        {
            // A value that the tree shows in part is the answer all the same.
            screen.line("");
            screen.line(format!(
                "{} {}",
                screen.paint(Style::Faint, "="),
                printable_line(&value.to_string())
            ));
        }
    }

    fn exit(&self) -> Exit {
        if self.failure.is_none() { Exit::Success } else { Exit::Failure }
    }
}

/// Reads what is given, checks the expression against its types, evaluates it.
pub(crate) fn execute(args: &EvalArgs, context: &Context) -> Result<EvalReport, CommandError> {
    let source = source(&args.expression);
    let expr = parse(&args.expression).map_err(|errors| refused(&source, errors))?;
    let given = Given::read(args, context)?;
    let text = Text::whole(args.expression.as_str());
    let checked = check_any(&expr, &text, &given.schemas, given.names())
        .map_err(|errors| given.explained(refused(&source, or_open(errors, &text))))?;
    if given.input.is_none()
        && let Some(read) = read_of_input(&checked)
    {
        let read = Diagnostic::error("eval-no-input", "the expression reads the input, and none is given")
            .at(read.span, "read here")
            .help(NO_INPUT);
        return Err(refused(&source, vec![read]));
    }
    let Traced { value, root } = trace(&checked, given.scope());
    let failure = value.as_ref().err().map(|error| {
        let span = first_error(&root).unwrap_or(&root).span;
        Diagnostic::error("eval-error", format!("the expression has no value: {error}")).at(span, "")
    });
    Ok(EvalReport {
        types_from: given.types_from,
        ty: type_name(&checked.ty),
        tree: Tree::of(&root, &args.expression, value.as_ref().ok()),
        value: value.ok(),
        error: failure.as_ref().map(|failure| {
            let diagnostic = diagnostic_json(&source, failure);
            serde_json::json!({
                "code": failure.code, "message": failure.message, "notes": [], "help": null,
                "diagnostics": [diagnostic],
            })
        }),
        expression: args.expression.clone(),
        failure,
    })
}

/// A checker that found no type and nothing to say met one that the documents leave open.
fn or_open(errors: Vec<Diagnostic>, text: &Text) -> Vec<Diagnostic> {
    if !errors.is_empty() {
        return errors;
    }
    let message = "the expression reads a value whose type the documents do not tell";
    let error = Diagnostic::error("eval-open-type", message).at(text.span, "");
    vec![
        error
            .note("null and the elements of an empty list have no type of their own")
            .help("give a document that has a value there, or let a spec say the types"),
    ]
}

fn source(expression: &str) -> Source {
    Source { name: SOURCE_NAME.to_owned(), text: expression.to_owned() }
}

fn refused(source: &Source, errors: Vec<Diagnostic>) -> CommandError {
    CommandError::new("eval-refused", "the expression cannot be evaluated").diagnostics(source, errors)
}

/// A read of the input, if there is one: the name that stands for it, or for a property of it.
fn read_of_input(expr: &TypedExpr) -> Option<&TypedExpr> {
    let found = match &expr.kind {
        TypedKind::Root(Root::Input) => Some(expr),
        _ => expr.operands().into_iter().find_map(read_of_input),
    };
    // The input before a bare name is not in the text.
    found.map(|found| if found.span.start == found.span.end { expr } else { found })
}

/// The innermost part that the error comes from: the first whose own parts all have values.
fn first_error(node: &Node) -> Option<&Node> {
    if !matches!(node.came, Came::Error(_)) {
        return None;
    }
    let own = |came: &Came| match (came, &node.came) {
        (Came::Error(part), Came::Error(whole)) => part == whole,
        _ => false,
    };
    let rounds = node.rounds.iter().flat_map(|round| &round.parts);
    let within = node.parts.iter().chain(rounds).find(|part| own(&part.came));
    Some(within.and_then(first_error).unwrap_or(node))
}
