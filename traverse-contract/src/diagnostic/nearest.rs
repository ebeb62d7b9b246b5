//! The known name that a misspelt one was most likely meant to be.

/// More names than a person wrote by hand are not searched.
const MAX_CANDIDATES: usize = 200;

/// The nearest of `known` to `name`, if near enough to suggest: within a third of its length in edits (a swap of
/// neighbours counts as one), or the same but for case and separators.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody means a known name by something this long, and the distance takes quadratic time.
    if name.len() > 64 {
        return None;
    }
    let plain = fold(name);
    known
        .into_iter()
        .take(MAX_CANDIDATES)
        .map(|candidate| (strsim::damerau_levenshtein(&plain, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(3)) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Without case and separators; a long candidate is cut, as it is not near to a short name anyway.
fn fold(name: &str) -> String {
    name.chars()
        .take(128)
        .filter(|character| !matches!(character, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    // spec: DIAG-3
    #[test]
    fn near_and_far() {
        let known = ["preconditions", "postconditions", "invariants", "exceptions"];
        assert_eq!(nearest("preconditons", known), Some("preconditions"));
        assert_eq!(nearest("Pre_Conditions", known), Some("preconditions"));
        assert_eq!(nearest("invariant", known), Some("invariants"));
        assert_eq!(nearest("limits", known), None);
        assert_eq!(nearest("di", ["id", "version"]), Some("id"));
        assert_eq!(nearest(&"x".repeat(1 << 20), known), None);
    }
}
