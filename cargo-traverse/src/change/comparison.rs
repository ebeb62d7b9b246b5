//! Two contracts with where they come from, and the judgement on both (spec `CLI-80`).

use super::version::{Bump, Judgement, least_version, suffices};
use super::{Change, Side, compare, overall};
use crate::report::{Screen, Style, printable, printable_line};
use semver::Version;
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;
use traverse_contract::{Contract, canonical};

/// A contract to compare.
#[derive(Debug, Clone)]
pub(crate) struct Compared {
    pub(crate) contract: Contract,
    /// Its canonical JSON.
    pub(crate) json: String,
    /// Where it was read.
    pub(crate) from: String,
}

/// `{id, version, digest, from}`
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) digest: String,
    pub(crate) from: String,
}

/// `{old, new, judgement, bump, least_version, suffices, changes}`
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Comparison {
    pub(crate) old: Named,
    pub(crate) new: Named,
    pub(crate) judgement: Judgement,
    pub(crate) bump: Bump,
    pub(crate) least_version: String,
    pub(crate) suffices: bool,
    pub(crate) changes: Vec<Change>,
}

impl Compared {
    /// The contract's version, which was read when the contract was.
    pub(crate) fn version(&self) -> Version {
        Version::parse(&self.contract.spec.capability.version.value).unwrap_or(Version::new(0, 0, 0))
    }

    fn named(&self) -> Named {
        let capability = &self.contract.spec.capability;
        Named {
            id: capability.id.value.clone(),
            version: capability.version.value.clone(),
            digest: canonical::sha256(self.json.as_bytes()),
            from: self.from.clone(),
        }
    }
}

impl Comparison {
    pub(crate) fn of(old: &Compared, new: &Compared, allow_undecided: bool) -> Comparison {
        let mut changes = compare(&old.contract, &new.contract);
        if overall(&changes) == Judgement::Identical && versionless(&old.json) != versionless(&new.json) {
            let what = "written in another way that means the same";
            changes.push(Change::new("contract", Judgement::Text, what));
        }
        let judgement = overall(&changes);
        let bump = Bump::of(judgement, allow_undecided);
        let (was, is) = (old.version(), new.version());
        Comparison {
            old: old.named(),
            new: new.named(),
            judgement,
            bump,
            least_version: least_version(&was, bump).to_string(),
            suffices: suffices(&was, &is, bump),
            changes,
        }
    }

    /// What is not identical, a line each, with the example where there is one.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        for change in self.changes.iter().filter(|change| change.judgement != Judgement::Identical) {
            let _ = write!(text, "{}: {}, {}", change.judgement.as_str(), heading(change), change.what);
            if let (Some(old), Some(new)) = (&change.old, &change.new) {
                let _ = write!(text, ", from `{old}` to `{new}`");
            } else if let Some(rule) = change.old.as_ref().or(change.new.as_ref()) {
                let _ = write!(text, ", `{rule}`");
            }
            if let Some(example) =
                change.example.as_ref().filter(|_| change.judgement >= Judgement::NotDecided)
            {
                let _ = write!(text, "; input {}", example.input);
                if let Some(result) = &example.result {
                    let _ = write!(text, " with result {result}");
                }
            }
            text.push('\n');
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// What to do about a version that does not suffice.
    pub(crate) fn mend(&self) -> String {
        format!(
            "{} needs {} version: make it {} or later in the spec and the manifest, or take the change back",
            noun(self.judgement),
            self.bump.as_str(),
            self.least_version
        )
    }

    /// `1.2.0`, or where both have one version `the old contract`.
    fn called(&self, side: Side) -> String {
        match side {
            _ if self.old.version == self.new.version => match side {
                Side::Old => "the old contract".to_owned(),
                Side::New => "the new contract".to_owned(),
            },
            Side::Old => self.old.version.clone(),
            Side::New => self.new.version.clone(),
        }
    }

    pub(crate) fn render(&self, screen: &mut Screen) {
        let id = if self.old.id == self.new.id {
            self.new.id.clone()
        } else {
            format!("{} → {}", self.old.id, self.new.id)
        };
        screen.line(
            screen.paint(
                Style::Strong,
                printable(&format!("{id} {} → {}", self.old.version, self.new.version)),
            ),
        );
        screen.line("");
        for change in &self.changes {
            let style = match change.judgement {
                Judgement::Identical | Judgement::Text => Style::Faint,
                Judgement::Compatible => Style::Good,
                Judgement::NotDecided => Style::Warn,
                Judgement::Breaking => Style::Bad,
            };
            let word = screen.paint(style, format!("{:<11}", change.judgement.as_str()));
            let text = printable_line(&format!("{}: {}", heading(change), change.what));
            screen.line(format!("{word}  {text}"));
            self.render_change(change, screen);
        }
        screen.line("");
        let verdict = match (self.bump, self.suffices) {
            (Bump::None, true) => "identical: no other version is needed".to_owned(),
            (_, true) => format!("{}: {} suffices", self.judgement.as_str(), self.new.version),
            (Bump::None, false) => format!("{} lies before {}", self.new.version, self.old.version),
            (_, false) => format!(
                "{}: needs {} version, {} or later; {} does not suffice",
                self.judgement.as_str(),
                self.bump.as_str(),
                self.least_version,
                self.new.version
            ),
        };
        screen.line(screen.paint(if self.suffices { Style::Good } else { Style::Bad }, verdict));
    }

    fn render_change(&self, change: &Change, screen: &mut Screen) {
        const INDENT: &str = "             ";
        let mut line = |text: String| {
            for part in printable(&text).lines() {
                screen.line(format!("{INDENT}{part}"));
            }
        };
        if change.judgement == Judgement::Identical {
            if let Some(rule) = &change.new {
                line(format!("  {rule}"));
            }
            return;
        }
        match (&change.old, &change.new) {
            (None, Some(rule)) if change.what.starts_with("added") => line(format!("+ {rule}")),
            (None, Some(rule)) => line(format!("  {rule}")),
            (old, new) => {
                old.iter().for_each(|old| line(format!("- {old}")));
                new.iter().for_each(|new| line(format!("+ {new}")));
            }
        }
        if let Some(why) = &change.why {
            line(format!("because {why}"));
        }
        let Some(example) = &change.example else { return };
        let what = if example.result.is_some() { "call" } else { "input" };
        let (giver, other) = (self.called(example.accepted_by), self.called(example.accepted_by.other()));
        line(format!("{giver} accepts this {what}, {other} does not: {}", example.refused_because));
        line(format!("  input  {}", shown(&example.input)));
        if let Some(result) = &example.result {
            line(format!("  result {}", shown(result)));
        }
    }
}

/// A longer value is cut: JSON has all of it.
const SHOWN_CHARS: usize = 2000;

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}

fn heading(change: &Change) -> String {
    match &change.id {
        Some(id) => format!("{} ({id})", change.place),
        None => change.place.clone(),
    }
}

fn noun(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Identical => "what is identical",
        Judgement::Text => "a change of words",
        Judgement::Compatible => "a compatible change",
        Judgement::NotDecided => "what is not decided counts as breaking and",
        Judgement::Breaking => "a breaking change",
    }
}

/// The contract without its version.
fn versionless(json: &str) -> Option<Value> {
    let mut value: Value = serde_json::from_str(json).ok()?;
    value.pointer_mut("/capability")?.as_object_mut()?.shift_remove("version");
    Some(value)
}
