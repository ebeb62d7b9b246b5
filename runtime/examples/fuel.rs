//! Runs any WASI preview 1 command on what stands on stdin, with wasmtime-wasi, nothing granted and every limit off, and
//! says its fuel: what guests that are not Traverse's are measured with. One unit is one instruction, as wasmtime counts.
//!
//! ```text
//! cargo run --example fuel -- FILE.wasm < input.json
//! ```

use std::io::Read;
use std::process::ExitCode;
use wasmtime::{Config, Engine, Linker, Module, Store};
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::runtime::poll_noop;
use wasmtime_wasi::{I32Exit, WasiCtxBuilder};

const OUTPUT_BYTES: usize = 1 << 20;

fn main() -> ExitCode {
    match std::env::args()
        .nth(1)
        .ok_or_else(|| wasmtime::Error::msg("usage: fuel FILE.wasm"))
        .and_then(|path| run(&path))
    {
        Ok((fuel, code, stdout)) => {
            println!("{fuel} units of fuel, exit code {code}, stdout {stdout}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(path: &str) -> wasmtime::Result<(u64, i32, String)> {
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input)?;
    let mut config = Config::new();
    config.consume_fuel(true);
    let engine = Engine::new(&config)?;
    let module = Module::from_file(&engine, path)?;
    let mut linker: Linker<WasiP1Ctx> = Linker::new(&engine);
    p1::add_to_linker_async(&mut linker, |context| context)?;
    let stdout = MemoryOutputPipe::new(OUTPUT_BYTES);
    let context = WasiCtxBuilder::new().stdin(MemoryInputPipe::new(input)).stdout(stdout.clone()).build_p1();
    let mut store = Store::new(&engine, context);
    store.set_fuel(u64::MAX)?;
    // Streams in memory are always ready, so that one poll is the whole run.
    let ended = poll_noop(std::pin::pin!(async {
        let instance = linker.instantiate_async(&mut store, &module).await?;
        instance.get_typed_func::<(), ()>(&mut store, "_start")?.call_async(&mut store, ()).await
    }));
    let code = match ended {
        Some(Ok(())) => 0,
        Some(Err(error)) => match error.downcast_ref::<I32Exit>() {
            Some(I32Exit(code)) => *code,
            None => return Err(error),
        },
        None => return Err(wasmtime::Error::msg("the guest waited for something")),
    };
    let fuel = u64::MAX - store.get_fuel()?;
    Ok((fuel, code, String::from_utf8_lossy(&stdout.contents()).into_owned()))
}
