//! A contract as a text for a reader who knows no code (spec `CLI-90` to `CLI-95`): what `cargo traverse explain`
//! prints. What a broken contract means after a call is told in [`crate::breach`] instead.
//!
//! [`document`] says everything once, as data whose sentences are [`phrase::Phrase`]s; [`markdown`] and [`html`] only
//! lay it out. [`rule`] says checked expressions in English, [`schema`] says what values are admitted.

pub(crate) mod document;
pub(crate) mod html;
pub(crate) mod markdown;
mod phrase;
mod rule;
mod schema;
mod sections;
