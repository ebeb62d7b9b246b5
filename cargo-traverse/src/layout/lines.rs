//! Parts → text.

use super::parts::{Entry, Inside, Line, Part, Trailing, Value};
use super::{INDENT, MAX_COLUMN, MAX_WIDTH};

/// The whole file, with a line end at its end unless it is empty.
pub(super) fn render(lines: Vec<Line>) -> String {
    let lines = spaced(lines);
    let mut text = String::new();
    let mut section: Vec<Line> = Vec::new();
    for line in lines {
        if matches!(line, Line::Header { .. }) {
            render_section(&section, &mut text);
            section.clear();
        }
        section.push(line);
    }
    render_section(&section, &mut text);
    text
}

/// One empty line before each section and its comments, none behind its header, never two in a row, none at either end
/// of the file.
fn spaced(lines: Vec<Line>) -> Vec<Line> {
    let mut spaced: Vec<Line> = Vec::new();
    for line in lines {
        match &line {
            Line::Blank => {
                if matches!(spaced.last(), None | Some(Line::Blank | Line::Header { .. })) {
                    continue;
                }
            }
            Line::Header { .. } => {
                // Comments directly above a header are about it.
                let about = spaced.iter().rev().take_while(|line| matches!(line, Line::Comment(_))).count();
                let place = spaced.len() - about;
                if place > 0 && !matches!(spaced[place - 1], Line::Blank) {
                    spaced.insert(place, Line::Blank);
                }
            }
            Line::Comment(_) | Line::Entry(_) => {}
        }
        spaced.push(line);
    }
    if matches!(spaced.last(), Some(Line::Blank)) {
        spaced.pop();
    }
    spaced
}

/// A header and what stands under it, or what stands above the first header.
fn render_section(lines: &[Line], text: &mut String) {
    let column = equals_column(lines);
    let mut rendered: Vec<(String, Option<&Trailing>)> = Vec::new();
    for line in lines {
        rendered.push(match line {
            Line::Blank => (String::new(), None),
            Line::Comment(comment) => (comment.clone(), None),
            Line::Header { text, comment } => (text.clone(), comment.as_ref()),
            Line::Entry(Entry { key, value, comment, .. }) => {
                let head = format!("{key}{} = ", " ".repeat(column.saturating_sub(width(key) + 1)));
                let value = value_text(value, 0, width(&head), 0);
                (head + &value, comment.as_ref())
            }
        });
    }
    // Comments behind entries that follow each other line by line stand below each other.
    let mut start = 0;
    while start < lines.len() {
        let on_one_line =
            |index: usize| matches!(lines[index], Line::Entry(_)) && !rendered[index].0.contains('\n');
        let mut end = start + 1;
        while on_one_line(start) && end < lines.len() && on_one_line(end) {
            end += 1;
        }
        let comment_column = comment_column(&rendered[start..end]);
        for (line, comment) in &rendered[start..end] {
            text.push_str(line);
            if let Some(comment) = comment {
                let last = line.rsplit('\n').next().unwrap_or(line);
                text.push_str(&" ".repeat(comment_column.saturating_sub(width(last)).max(1)));
                text.push_str(&comment.text);
            }
            text.push('\n');
        }
        start = end;
    }
}

/// How many characters stand before the `=` of every entry of a section: where all of them stand below each other
/// already, that many; else one more than the longest key has.
fn equals_column(lines: &[Line]) -> usize {
    let entries: Vec<&Entry> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Entry(entry) => Some(entry),
            _ => None,
        })
        .collect();
    let least = entries.iter().map(|entry| width(&entry.key)).max().unwrap_or_default() + 1;
    match entries.as_slice() {
        [first, rest @ ..]
            if !rest.is_empty()
                && rest.iter().all(|entry| entry.column == first.column)
                && (least..=MAX_COLUMN).contains(&first.column) =>
        {
            first.column
        }
        _ => least,
    }
}

/// Where comments begin: behind the widest line that has one, as far from it as the author has it.
fn comment_column(lines: &[(String, Option<&Trailing>)]) -> usize {
    let commented = lines.iter().filter_map(|(line, comment)| {
        Some((width(line.rsplit('\n').next().unwrap_or(line)), comment.as_ref()?.gap))
    });
    commented.max().map_or(0, |(width, gap)| width + gap.max(1))
}

/// A value that begins at `column` of a line that is indented by `indent`, and has `behind` characters behind it.
fn value_text(value: &Value, indent: usize, column: usize, behind: usize) -> String {
    match value {
        Value::Scalar(text) => text.clone(),
        Value::Array(inside) => match flat(value) {
            Some(line) if column + width(&line) + behind <= MAX_WIDTH || inside.parts.is_empty() => line,
            _ => one_each(inside, "[", "]", indent),
        },
        // On several lines only where the author has it so: that takes a reader of TOML 1.1.
        Value::Table(inside) if inside.broken && !inside.is_empty() => one_each(inside, "{", "}", indent),
        Value::Table(inside) if inside.is_empty() => "{}".to_owned(),
        Value::Table(inside) => {
            let mut text = "{ ".to_owned();
            for (index, (key, value)) in inside.elements().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                text.push_str(&head(key));
                let at = match text.rsplit_once('\n') {
                    Some((_, last)) => width(last),
                    None => column + width(&text),
                };
                text.push_str(&value_text(value, indent, at, 0));
            }
            text + " }"
        }
    }
}

/// A value on one line, if it may stand on one, however long that is.
fn flat(value: &Value) -> Option<String> {
    let (inside, open, close) = match value {
        Value::Scalar(text) => return (!text.contains('\n')).then(|| text.clone()),
        Value::Array(inside) => (inside, "[", "]"),
        Value::Table(inside) if inside.is_empty() => (inside, "{", "}"),
        Value::Table(inside) => (inside, "{ ", " }"),
    };
    if inside.broken && !inside.is_empty() {
        return None;
    }
    let elements: Option<Vec<String>> =
        inside.elements().map(|(key, value)| Some(head(key) + &flat(value)?)).collect();
    Some(format!("{open}{}{close}", elements?.join(", ")))
}

fn head(key: &Option<String>) -> String {
    key.as_ref().map(|key| format!("{key} = ")).unwrap_or_default()
}

fn one_each(inside: &Inside, open: &str, close: &str, indent: usize) -> String {
    let inner = indent + INDENT;
    let pad = " ".repeat(inner);
    let mut text = open.to_owned();
    if let Some(comment) = &inside.opening {
        text.push(' ');
        text.push_str(comment);
    }
    text.push('\n');
    for part in &inside.parts {
        match part {
            Part::Blank => {}
            Part::Comment(comment) => {
                text.push_str(&pad);
                text.push_str(comment);
            }
            Part::Element { key, value, comment } => {
                let head = head(key);
                text.push_str(&pad);
                text.push_str(&head);
                text.push_str(&value_text(value, inner, inner + width(&head), 1));
                text.push(',');
                if let Some(comment) = comment {
                    text.push(' ');
                    text.push_str(comment);
                }
            }
        }
        text.push('\n');
    }
    text.push_str(&" ".repeat(indent));
    text.push_str(close);
    text
}

fn width(text: &str) -> usize {
    text.chars().count()
}
