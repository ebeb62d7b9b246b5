use traverse_sdk::prelude::*;

#[capability]
struct FreeShipping;
