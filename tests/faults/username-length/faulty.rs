//! Whether a name can be taken as a user name.

use traverse_sdk::prelude::*;

#[capability]
fn username(name: &str) -> Output {
    Output { ok: (3..=20).contains(&name.len()) }
}
