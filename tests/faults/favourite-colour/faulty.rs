//! The colour that most customers chose.

use traverse_sdk::prelude::*;

use std::collections::HashMap;

#[capability]
fn favourite(votes: &[VotesItem]) -> String {
    let mut counts = HashMap::new();
    for vote in votes {
        *counts.entry(vote.as_str()).or_insert(0) += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(colour, _)| colour.to_owned()).unwrap_or_default()
}
