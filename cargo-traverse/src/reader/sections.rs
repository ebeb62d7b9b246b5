//! What stands under which heading, the same in every layout.

use super::document::{Clause, ContractDocument};
use super::phrase::{Phrase, Piece};
use super::schema::Shape;
use traverse_contract::spec::ClauseKind;

pub(super) const EXCEPTIONS: &str = "Exceptions";
pub(super) const EXCEPTIONS_LEAD: &str = "The ways in which the capability may decline. Anything else that goes wrong is a fault, and gives no result.";
pub(super) const CHECKS: &str = "Who checks what";
pub(super) const CHECKS_LEAD: &str =
    "The capability is the module that does the work; the host is whoever calls it. In the order of a call:";
pub(super) const LIMITS: &str = "Limits of one call";

/// The clauses under one heading.
pub(super) struct ClauseSection<'d> {
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) clauses: Vec<&'d Clause>,
}

/// The headings that have clauses.
pub(super) fn clauses(document: &ContractDocument) -> Vec<ClauseSection<'_>> {
    let of_kind = |kind| document.of_kind(kind);
    let section = |title, lead, clauses: Vec<_>| ClauseSection { title, lead, clauses };
    let all = [
        section(
            "Before: preconditions",
            "What must hold for the capability to be asked at all. If one does not hold there is no result.",
            of_kind(ClauseKind::Precondition).collect(),
        ),
        section(
            "After: postconditions",
            "What holds for every result. If one does not hold the result is withheld.",
            of_kind(ClauseKind::Postcondition).collect(),
        ),
        section(
            "Always: invariants",
            "What holds between every input and its result. If one does not hold the result is withheld.",
            of_kind(ClauseKind::Invariant).filter(|clause| !clause.prose).collect(),
        ),
        section(
            "Always: invariants in words",
            "What a function of the capability decides, because it is not written as an expression. The host takes its word.",
            of_kind(ClauseKind::Invariant).filter(|clause| clause.prose).collect(),
        ),
    ];
    all.into_iter().filter(|section| !section.clauses.is_empty()).collect()
}

/// What the capability is, name by name.
pub(super) fn facts(document: &ContractDocument) -> Vec<(&'static str, Phrase)> {
    let mut facts = vec![
        ("Name", Phrase::code(&document.id)),
        ("Version", Phrase::text(&document.version)),
        ("Runs as", Phrase::code(&document.runtime)),
    ];
    if let Some(owner) = &document.owner {
        facts.push(("Owner", owner.clone()));
    }
    if let Some(placement) = &document.placement {
        facts.push(("Meant to run on", Phrase::text(placement.in_words())));
    }
    facts
}

/// What is said of a clause besides its rule.
pub(super) fn clause_notes(clause: &Clause) -> Vec<(&'static str, Phrase)> {
    let mut notes = Vec::new();
    if let Some(message) = &clause.message {
        notes.push(("If it does not hold, the caller is told", Phrase::text(format!("“{message}”"))));
    }
    if let Some(reason) = &clause.reason {
        notes.push(("Why", reason.clone()));
    }
    notes.push(("Checked", Phrase::text(clause.checked)));
    notes
}

/// How a note on a shape reads.
pub(super) enum ShapeNote {
    /// A sentence.
    Lead,
    /// The author's words.
    Words,
}

/// What is said of a shape before its fields.
pub(super) fn shape_notes(shape: &Shape, inferred: bool) -> Vec<(ShapeNote, Phrase)> {
    let mut notes = Vec::new();
    notes.extend(shape.title.iter().map(|title| (ShapeNote::Words, title.clone())));
    notes.extend(shape.description.iter().map(|words| (ShapeNote::Words, words.clone())));
    notes.push((ShapeNote::Lead, shape.shown.behind(&shape.whole)));
    if inferred {
        notes.push((ShapeNote::Lead, Phrase::text("these types follow from the rules below")));
    }
    notes
}

/// With a capital at its start, if it starts with a word, and a full stop at its end.
pub(super) fn sentence(phrase: &Phrase) -> Phrase {
    let mut sentence = Phrase::default();
    for (index, piece) in phrase.pieces().iter().enumerate() {
        sentence = match piece {
            Piece::Text(text) if index == 0 => {
                let mut characters = text.chars();
                let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
                sentence.say(first + characters.as_str())
            }
            Piece::Text(text) => sentence.say(text.as_str()),
            Piece::Code(name) => sentence.name(name.as_str()),
        };
    }
    let ended = matches!(phrase.pieces().last(), Some(Piece::Text(text)) if text.trim_end().ends_with(['.', '!', '?']));
    if ended { sentence } else { sentence.say(".") }
}
