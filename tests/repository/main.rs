//! Rules of the repository itself, checked by code.

mod licences;
mod rules;
mod wording;
