//! Prints inputs for a spec: `cargo run --release -p traverse-inputs --example draw -- traverse.spec.toml 20 [SEED]`.
//! How many a second were drawn stands on stderr.

use std::error::Error;
use std::time::Instant;
use traverse_contract::{Contract, Source};
use traverse_inputs::Inputs;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("usage: draw SPEC [COUNT] [SEED]")?;
    let count: u32 = arguments.next().map_or(Ok(10), |count| count.parse())?;
    let seed: u64 = arguments.next().map_or(Ok(0), |seed| seed.parse())?;
    let source = Source { text: std::fs::read_to_string(&name)?, name };
    let contract = Contract::from_toml(&source)
        .map_err(|errors| errors.iter().map(|error| error.render(&source)).collect::<Vec<_>>().join("\n"))?;
    let mut inputs = Inputs::new(&contract, seed);
    let began = Instant::now();
    let drawn: Vec<_> = (0..count).map(|_| inputs.draw()).collect();
    let rate = f64::from(count) / began.elapsed().as_secs_f64();
    for input in drawn {
        println!("{input}");
    }
    eprintln!("{rate:.0} inputs a second");
    Ok(())
}
