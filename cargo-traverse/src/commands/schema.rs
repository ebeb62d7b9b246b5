//! `cargo traverse schema`: the JSON Schemas of the two files that an author writes (spec `CLI-105`).

use crate::args::{SchemaArgs, SchemaOf};
use crate::commands::Context;
use crate::editor;
use crate::error::CommandError;
use crate::report::{Report, Screen};
use serde::{Serialize, Serializer};

/// The schema itself, in its own layout for a person.
#[derive(Debug)]
pub(crate) struct SchemaReport {
    text: &'static str,
}

impl Serialize for SchemaReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value: serde_json::Value = serde_json::from_str(self.text).map_err(serde::ser::Error::custom)?;
        value.serialize(serializer)
    }
}

impl Report for SchemaReport {
    fn render_human(&self, screen: &mut Screen) {
        screen.out.push_str(self.text);
    }
}

/// Nothing can go wrong.
pub(crate) fn execute(args: &SchemaArgs, _context: &Context) -> Result<SchemaReport, CommandError> {
    let text = match args.of {
        SchemaOf::Spec => editor::SPEC_SCHEMA,
        SchemaOf::Package => editor::PACKAGE_SCHEMA,
    };
    Ok(SchemaReport { text })
}
