//! Rules of the repository itself, checked by code.

mod json_schemas;
mod licences;
mod rules;
mod wording;
