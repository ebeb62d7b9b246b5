//! A rule on the first line, an input after it: whatever the checker takes can be evaluated on whatever fits.
#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use traverse_contract::json;
use traverse_contract::outcome::FoundBy;

fuzz_target!(|text: &str| {
    let Some((rule, input)) = text.split_once('\n') else { return };
    let Ok(input) = json::parse(input.as_bytes()) else { return };
    let Some(contract) = common::with_rule(rule) else { return };
    if contract.check_input(&input).is_ok() {
        let first = contract.check_preconditions(&input, FoundBy::Host);
        assert_eq!(
            first,
            contract.check_preconditions(&input, FoundBy::Host),
            "the same rule on the same input"
        );
    }
});
