//! The parts of an expression and what each came to, as JSON and as lines for a person.

use crate::report::{Screen, Style, printable_line};
use serde::Serialize;
use serde_json::Value;
use traverse_contract::diagnostic::Span;
use traverse_contract::lang::eval::{Came, Node, Round};
use traverse_contract::lang::typed::Type;

/// A longer part's text is cut, in lines for a person.
const LONGEST_TEXT_CHARS: usize = 56;

/// A longer value is cut, in lines for a person.
const LONGEST_VALUE_CHARS: usize = 100;

/// Of so many elements of a macro each is shown to a person; of more, the first ones and the last.
const MOST_ELEMENTS: usize = 10;

/// A part: `{text, span: {start, end}, type, value | error | not_evaluated | left_out, parts?, elements?}`.
#[derive(Debug, Serialize)]
pub(super) struct Tree {
    text: String,
    span: Place,
    #[serde(rename = "type")]
    ty: String,
    #[serde(flatten)]
    came: Outcome,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Tree>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    elements: Vec<Element>,
    #[serde(skip)]
    literal: bool,
}

/// Bytes of the expression, from 0.
#[derive(Debug, Serialize)]
struct Place {
    start: usize,
    end: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Value(Value),
    Error(String),
    NotEvaluated(bool),
    LeftOut(bool),
}

/// An element of a macro: `{element, parts}`.
#[derive(Debug, Serialize)]
struct Element {
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<Value>,
    parts: Vec<Tree>,
}

/// A line for a person: how deep it stands, the text, what it came to.
struct Line {
    text: String,
    came: Option<(Style, String)>,
}

impl Tree {
    /// The whole expression; `value` is what it came to, which may be too long to be in the trace as well.
    pub(super) fn of(root: &Node, expression: &str, value: Option<&Value>) -> Tree {
        let mut tree = Tree::new(root, expression);
        if let (Outcome::LeftOut(_), Some(value)) = (&tree.came, value) {
            tree.came = Outcome::Value(value.clone());
        }
        tree
    }

    fn new(node: &Node, expression: &str) -> Tree {
        let Span { start, end } = node.span;
        let parts = |parts: &[Node]| parts.iter().map(|part| Tree::new(part, expression)).collect();
        let element = |round: &Round| Element { element: round.element.clone(), parts: parts(&round.parts) };
        Tree {
            text: expression.get(start..end).unwrap_or_default().to_owned(),
            span: Place { start, end },
            ty: type_name(&node.ty),
            came: match &node.came {
                Came::Value(value) => Outcome::Value(value.clone()),
                Came::Error(error) => Outcome::Error(error.to_string()),
                Came::NotEvaluated => Outcome::NotEvaluated(true),
                Came::LeftOut => Outcome::LeftOut(true),
            },
            parts: parts(&node.parts),
            elements: node.rounds.iter().map(element).collect(),
            literal: node.literal,
        }
    }

    /// Whether a person sees the value of the whole in part only.
    pub(super) fn is_cut(&self) -> bool {
        matches!(&self.came, Outcome::Value(value) if value.to_string().chars().count() > LONGEST_VALUE_CHARS)
    }

    /// A line for each part, values in one column. Literals are left out: they are their own values.
    pub(super) fn render(&self, screen: &mut Screen) {
        let mut lines = Vec::new();
        self.lines(0, &mut lines);
        let width = lines.iter().map(|line| line.text.chars().count()).max().unwrap_or(0);
        for line in lines {
            match line.came {
                None => screen.line(line.text),
                Some((style, came)) => {
                    let gap = " ".repeat(width - line.text.chars().count() + 2);
                    screen.line(format!("{}{gap}{}", line.text, screen.paint(style, came)));
                }
            }
        }
    }

    fn lines(&self, depth: usize, lines: &mut Vec<Line>) {
        let came = match &self.came {
            Outcome::Value(value) => {
                let style = match value {
                    Value::Bool(true) => Style::Good,
                    Value::Bool(false) => Style::Bad,
                    _ => Style::Strong,
                };
                (style, cut(&value.to_string(), LONGEST_VALUE_CHARS))
            }
            Outcome::Error(error) => (Style::Bad, format!("error: {error}")),
            Outcome::NotEvaluated(_) => (Style::Faint, "not evaluated".to_owned()),
            Outcome::LeftOut(_) => (Style::Faint, "left out".to_owned()),
        };
        let words: Vec<&str> = self.text.split_whitespace().collect();
        let text = cut(&words.join(" "), LONGEST_TEXT_CHARS);
        lines.push(Line { text: format!("{}{text}", "  ".repeat(depth)), came: Some(came) });
        for part in self.parts.iter().filter(|part| !part.literal) {
            part.lines(depth + 1, lines);
        }
        let hidden = self.elements.len().saturating_sub(MOST_ELEMENTS);
        for (index, element) in self.elements.iter().enumerate() {
            if hidden > 0 && (MOST_ELEMENTS - 1..self.elements.len() - 1).contains(&index) {
                if index == MOST_ELEMENTS - 1 {
                    let text = format!("{}… {hidden} elements more …", "  ".repeat(depth + 1));
                    lines.push(Line { text, came: None });
                }
                continue;
            }
            let shown = element.element.as_ref().map_or_else(String::new, |element| {
                format!(": {}", cut(&element.to_string(), LONGEST_VALUE_CHARS))
            });
            let text = format!("{}element {index}{shown}", "  ".repeat(depth + 1));
            lines.push(Line { text: cut(&text, LONGEST_TEXT_CHARS + 2 * depth), came: None });
            for part in element.parts.iter().filter(|part| !part.literal) {
                part.lines(depth + 2, lines);
            }
        }
    }
}

/// At most so many characters, none of which steers a terminal.
fn cut(text: &str, most: usize) -> String {
    let text = printable_line(text);
    match text.char_indices().nth(most) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A type as this command names it: `int`, `list(number)`, `map(string)`, `object`.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Null => "null".into(),
        Type::Bool => "bool".into(),
        Type::Int => "int".into(),
        Type::Number => "number".into(),
        Type::String | Type::Enum(_) => "string".into(),
        Type::List(of) => format!("list({})", type_name(of)),
        Type::Map(of) => format!("map({})", type_name(of)),
        Type::Tuple(items) => {
            format!("tuple({})", items.iter().map(type_name).collect::<Vec<_>>().join(", "))
        }
        Type::Object(_) => "object".into(),
        Type::Type => "type".into(),
        Type::Never => "nothing".into(),
        Type::Nullable(value) => format!("{} or null", type_name(value)),
    }
}
