//! x
use std::hint::black_box;
use std::time::Instant;
const INPUT: &[u8] = br#"{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}"#;
fn main() {
    let capability = traverse_runtime::Runtime::new().unwrap().load_package(std::env::args().nth(1).unwrap().as_ref()).unwrap();
    let threads: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let work = || { for _ in 0..100_000 { black_box(capability.call(black_box(INPUT)).unwrap()); } };
    work();
    for _ in 0..8 {
        let t = Instant::now();
        std::thread::scope(|s| { for _ in 0..threads { s.spawn(work); } });
        println!("{:.3} us per call and thread", t.elapsed().as_secs_f64() * 10.0);
    }
}
