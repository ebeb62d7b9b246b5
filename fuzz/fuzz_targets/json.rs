//! Any bytes as JSON: no panic, what is taken is what another reader takes, a document is the same however it is kept, and guests take
//! the same as hosts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use traverse_contract::json::{Read, ValueRef, read, read_value};
use traverse_guest::testing::written_again;

fuzz_target!(|bytes: &[u8]| {
    let guest = written_again(bytes, true);
    assert_eq!(guest.is_some(), written_again(bytes, false).is_some(), "with doubles and without");
    let (read, borrowed) = (read_value(bytes), read(bytes));
    assert_eq!(read.as_ref().err(), borrowed.as_ref().err(), "borrowed or not");
    let (Ok(Read { value, rounded }), Ok(borrowed)) = (read, borrowed) else {
        return assert_eq!(guest, None, "the host refuses it");
    };
    assert_eq!(rounded, borrowed.rounded);
    assert!(ValueRef::from(&borrowed.value) == ValueRef::from(&value), "{value}");
    assert_eq!(borrowed.value.into_value(), value);
    // Stricter than serde_json (repeated keys, depth), never looser.
    let other: Value = serde_json::from_slice(bytes).expect("serde_json takes it, too");
    assert_eq!(value, other);
    let guest: Value = serde_json::from_str(&guest.expect("the host takes it")).expect("guests write JSON");
    assert!(same(&value, &guest), "{value} and {guest}");
});

/// Guests have integers where hosts have the nearest doubles.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|((name, one), (other_name, other))| name == other_name && same(one, other))
        }
        _ => one == other,
    }
}
