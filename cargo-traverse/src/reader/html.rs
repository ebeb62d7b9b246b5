//! A [`ContractDocument`] as one HTML file that stands alone: no scripts, nothing fetched, and a policy in it that
//! forbids both, so that nothing in a contract can bring them in.

use super::document::{Clause, ContractDocument, Exception};
use super::phrase::{Phrase, Piece};
use super::schema::{Row, Shape};
use super::sections;
use crate::report::printable;
use std::fmt::Write as _;

pub(crate) const STYLE: &str = include_str!("html.css");

/// The whole file, with a line end at its end.
pub(crate) fn render(document: &ContractDocument) -> String {
    let title = format!("{} {}", escaped(&document.id), escaped(&document.version));
    let mut page = Page::default();
    page.line("<!DOCTYPE html>");
    page.line("<html lang=\"en\">");
    page.line("<head>");
    page.line("<meta charset=\"utf-8\">");
    page.line(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
    );
    page.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    page.line(format!("<title>{title}: contract</title>"));
    page.line(format!("<style>\n{}</style>", STYLE));
    page.line("</head>");
    page.line("<body>");
    page.line("<header>");
    page.line(format!("<h1>{}</h1>", escaped(&document.id)));
    if let Some(summary) = &document.summary {
        page.line(format!("<p>{}</p>", inline(summary)));
    }
    page.line("</header>");

    let mut main = Page::default();
    if let Some(description) = &document.description {
        main.words(description);
    }
    main.facts(&sections::facts(document));
    main.heading("What goes in");
    main.shape(&document.input.shape, document.input.inferred, "The fields of the input");
    main.heading("What comes out");
    main.shape(&document.output.shape, document.output.inferred, "The fields of the result");
    if !document.types.is_empty() {
        main.heading("Named types");
        for named in &document.types {
            main.line(format!("<h3><code>{}</code></h3>", escaped(&named.name)));
            main.shape(&named.shape, false, &format!("The fields of {}", named.name));
        }
    }
    for section in sections::clauses(document) {
        main.heading(section.title);
        main.line(format!("<p>{}</p>", escaped(section.lead)));
        main.line("<ol>");
        section.clauses.iter().for_each(|clause| main.clause(clause));
        main.line("</ol>");
    }
    if !document.exceptions.is_empty() {
        main.heading(sections::EXCEPTIONS);
        main.line(format!("<p>{}</p>", escaped(sections::EXCEPTIONS_LEAD)));
        document.exceptions.iter().for_each(|exception| main.exception(exception));
    }
    main.heading(sections::CHECKS);
    main.line(format!("<p>{}</p>", escaped(sections::CHECKS_LEAD)));
    main.table(
        "The checks of one call, in their order",
        &["When", "Who", "What"],
        document.checks.iter().map(|check| [check.when, check.who, check.what].map(escaped).into()),
    );
    main.heading(sections::LIMITS);
    main.table(
        "How much one call may use",
        &["Of", "At most", "Set by"],
        document.limits.iter().map(|limit| {
            let by = if limit.default { "default" } else { "the contract" };
            vec![escaped(limit.about), escaped(&limit.in_words()), by.to_owned()]
        }),
    );

    page.line("<nav aria-label=\"Contents\">");
    page.line("<ul>");
    for (index, heading) in main.headings.iter().enumerate() {
        page.line(format!("<li><a href=\"#part-{}\">{heading}</a></li>", index + 1));
    }
    page.line("</ul>");
    page.line("</nav>");
    page.line("<main>");
    page.text.push_str(&main.text);
    page.line("</main>");
    page.line("</body>");
    page.line("</html>");
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    /// Those of the second level, escaped.
    headings: Vec<String>,
}

impl Page {
    fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    fn heading(&mut self, text: &str) {
        let text = escaped(text);
        self.headings.push(text.clone());
        let number = self.headings.len();
        self.line(format!("<h2 id=\"part-{number}\">{text}</h2>"));
    }

    /// The author's words, with the author's lines.
    fn words(&mut self, words: &Phrase) {
        self.line(format!("<p class=\"words\">{}</p>", inline(words).trim()));
    }

    fn facts(&mut self, facts: &[(&str, Phrase)]) {
        self.line("<dl>");
        for (name, value) in facts {
            self.line(format!("<dt>{}</dt><dd>{}</dd>", escaped(name), inline(value)));
        }
        self.line("</dl>");
    }

    /// Rows of cells that are HTML already; the first of a row is what the row is about.
    fn table(&mut self, caption: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        self.line("<div class=\"scroll\">");
        self.line("<table>");
        self.line(format!("<caption>{}</caption>", escaped(caption)));
        let head: String = head.iter().fold(String::new(), |mut text, name| {
            let _ = write!(text, "<th scope=\"col\">{}</th>", escaped(name));
            text
        });
        self.line(format!("<thead><tr>{head}</tr></thead>"));
        self.line("<tbody>");
        for row in rows {
            let cells: String = row.iter().enumerate().fold(String::new(), |mut text, (index, cell)| {
                let _ = match index {
                    // A path breaks between its names, not within one.
                    0 => write!(text, "<th scope=\"row\">{}</th>", cell.replace('.', ".<wbr>")),
                    _ => write!(text, "<td>{cell}</td>"),
                };
                text
            });
            self.line(format!("<tr>{cells}</tr>"));
        }
        self.line("</tbody>");
        self.line("</table>");
        self.line("</div>");
    }

    fn shape(&mut self, shape: &Shape, inferred: bool, caption: &str) {
        for (note, value) in sections::shape_notes(shape, inferred) {
            match note {
                sections::ShapeNote::Lead => {
                    self.line(format!("<p>{}</p>", inline(&sections::sentence(&value))));
                }
                sections::ShapeNote::Words => self.words(&value),
            }
        }
        if shape.fields.is_empty() {
            return;
        }
        self.table(
            caption,
            &["Field", "What it is", "Given", "About"],
            shape.fields.iter().map(|Row { field, value, given, about, shown }| {
                vec![
                    inline(field),
                    inline(&shown.behind(value)),
                    escaped(given.unwrap_or_default()),
                    inline(about),
                ]
            }),
        );
    }

    fn clause(&mut self, clause: &Clause) {
        self.line("<li>");
        let id = clause.id.as_ref().map(|id| format!("<strong>{}</strong>: ", escaped(id)));
        let words = inline(&sections::sentence(&clause.words));
        self.line(format!("<p>{}{words}</p>", id.unwrap_or_default()));
        if !clause.prose {
            self.source(&clause.rule);
        }
        self.facts(&sections::clause_notes(clause));
        self.line("</li>");
    }

    fn exception(&mut self, exception: &Exception) {
        self.line(format!("<h3><code>{}</code></h3>", escaped(&exception.name)));
        self.line(format!("<p>Raised {}.</p>", inline(&exception.words)));
        if let Some(when) = &exception.when {
            self.source(when);
        }
        if let Some(message) = &exception.message {
            self.line(format!("<p>The caller is told: “{}”</p>", escaped(message)));
        }
        if let Some(details) = &exception.details {
            self.line("<p>With these details:</p>");
            self.shape(details, false, &format!("The details of {}", exception.name));
        }
    }

    fn source(&mut self, source: &str) {
        self.line(format!("<pre><code>{}</code></pre>", escaped(source.trim_end())));
    }
}

fn inline(phrase: &Phrase) -> String {
    phrase.pieces().iter().fold(String::new(), |mut text, piece| {
        match piece {
            Piece::Text(words) => text.push_str(&escaped(words)),
            Piece::Code(name) => {
                let _ = write!(text, "<code>{}</code>", escaped(name));
            }
        }
        text
    })
}

/// Text in which nothing is markup, between tags and in attributes alike.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests;
