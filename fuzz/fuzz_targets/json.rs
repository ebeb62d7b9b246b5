//! Any bytes as JSON: no panic, and what is taken is what another reader takes.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(value) = traverse_contract::json::parse(bytes) {
        // Stricter than serde_json (repeated keys, depth), never looser.
        let other: serde_json::Value = serde_json::from_slice(bytes).expect("serde_json takes it, too");
        assert_eq!(value, other);
    }
});
