//! What one does without Traverse: compiled once, `instantiate_pre`, wasmtime-wasi, the pooling allocator.

use std::path::Path;
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, InstancePre, Linker, Module, PoolingAllocationConfig, Store,
};
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::runtime::poll_noop;
use wasmtime_wasi::{I32Exit, WasiCtxBuilder};

pub(crate) struct Plain {
    pre: InstancePre<WasiP1Ctx>,
}

impl Plain {
    pub(crate) fn load(path: &Path) -> wasmtime::Result<Plain> {
        let mut config = Config::new();
        let mut pool = PoolingAllocationConfig::default();
        pool.total_core_instances(16).total_memories(16).total_tables(16);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        let engine = Engine::new(&config)?;
        let module = Module::from_file(&engine, path)?;
        let mut linker: Linker<WasiP1Ctx> = Linker::new(&engine);
        p1::add_to_linker_async(&mut linker, |context| context)?;
        Ok(Plain { pre: linker.instantiate_pre(&module)? })
    }

    /// stdout of one run.
    pub(crate) fn call(&self, input: &[u8]) -> wasmtime::Result<Vec<u8>> {
        let stdout = MemoryOutputPipe::new(1 << 20);
        let context = WasiCtxBuilder::new()
            .stdin(MemoryInputPipe::new(input.to_vec()))
            .stdout(stdout.clone())
            .build_p1();
        let mut store = Store::new(self.pre.module().engine(), context);
        let ended = poll_noop(std::pin::pin!(async {
            let instance = self.pre.instantiate_async(&mut store).await?;
            instance.get_typed_func::<(), ()>(&mut store, "_start")?.call_async(&mut store, ()).await
        }));
        match ended {
            Some(Ok(())) => {}
            Some(Err(error)) if error.downcast_ref::<I32Exit>().is_some_and(|exit| exit.0 == 0) => {}
            Some(Err(error)) => return Err(error),
            None => return Err(wasmtime::Error::msg("the guest waited for something")),
        }
        drop(store);
        Ok(stdout.contents().to_vec())
    }
}
