//! Where the data of a customer lies.

use traverse_sdk::prelude::*;

#[capability]
fn shard(customer: u64, shards: u8) -> Output {
    Output { shard: (customer % u64::from(shards)) as i64 }
}
