//! Where the data of a customer lies.

use traverse_sdk::prelude::*;

#[capability]
fn shard(customer: u64, shards: u8) -> Output {
    Output { shard: (customer as usize % usize::from(shards)) as i64 }
}
