//! Guests one after the other in one place: each finds zeros beyond its own data, and nothing beyond its own memory.

use super::super::Host;
use super::super::{Compiled, Ending, Engine, Run, Settings};
use super::{Filled, Giver, LOW_PAGES, MOST_RUNS, NoPlace, Places};
use crate::limits::CallLimits;
use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

const PAGE: usize = 64 << 10;
const LIMITS: CallLimits =
    CallLimits { fuel: 500_000_000, memory_bytes: 64 << 20, input_bytes: 1 << 20, output_bytes: 1 << 16 };

/// With a single place, which all calls share.
fn engine() -> Engine {
    Engine::new(Settings { host: Host::Metered, places: 1, stoppable: false, cache: None })
        .expect("the engine starts")
}

fn compile(engine: &Engine, pages: usize, declarations: &str, body: &str) -> Compiled {
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
            (memory (export "memory") {pages})
            {declarations}
            (func $fill (param $from i32) (param $to i32)
                (memory.fill (local.get $from) (i32.const 255) (i32.sub (local.get $to) (local.get $from))))
            ;; Exits with 1 if anything between two addresses, both multiples of eight, is not zero.
            (func $require_zero (param $from i32) (param $to i32)
                (loop $next
                    (if (i32.lt_u (local.get $from) (local.get $to)) (then
                        (if (i64.ne (i64.load (local.get $from)) (i64.const 0)) (then (call $proc_exit (i32.const 1))))
                        (local.set $from (i32.add (local.get $from) (i32.const 8)))
                        (br $next)))))
            (func (export "_start") {body}))"#
    );
    engine.compile(&wat::parse_str(text).expect("the test's module is well-formed")).expect("it compiles")
}

fn run(engine: &Engine, pages: usize, declarations: &str, body: &str) -> Run {
    compile(engine, pages, declarations, body).run(b"input", &LIMITS, None)
}

/// Requires a guest of so many pages to find all of them zero.
fn require_zeros(engine: &Engine, pages: usize) {
    let body = format!("(call $require_zero (i32.const 0) (i32.const {}))", pages * PAGE);
    assert_eq!(run(engine, pages, "", &body).ending, Ending::Exited(0), "{pages} pages");
}

#[test]
fn what_a_guest_wrote_is_gone_before_the_next() {
    let engine = engine();
    for pages in [1, 2, 8, 9, 40, 1] {
        let body = format!("(call $fill (i32.const 0) (i32.const {}))", pages * PAGE);
        assert_eq!(run(&engine, pages, "", &body).ending, Ending::Exited(0));
        for others in [1, 8, 9, 50] {
            require_zeros(&engine, others);
        }
    }
}

#[test]
fn a_guest_that_was_stopped_leaves_nothing() {
    let engine = engine();
    for end in ["unreachable", "(call $proc_exit (i32.const 7))", "(loop $for_ever (br $for_ever))"] {
        let body = format!("(call $fill (i32.const 1000) (i32.const {})) {end}", 20 * PAGE);
        assert_ne!(run(&engine, 20, "", &body).ending, Ending::Exited(0));
        require_zeros(&engine, 20);
    }
}

#[test]
fn what_a_guest_grew_by_is_zero_and_is_no_longer_there_for_the_next() {
    let engine = engine();
    for (pages, more) in [(1, 1), (1, 7), (7, 1), (7, 2), (1, 30), (12, 5)] {
        let (before, after) = (pages * PAGE, (pages + more) * PAGE);
        let body = format!(
            "(drop (memory.grow (i32.const {more})))
            (call $require_zero (i32.const 0) (i32.const {after}))
            (call $fill (i32.const 0) (i32.const {after}))"
        );
        for _ in 0..2 {
            let grown = run(&engine, pages, "", &body);
            assert_eq!((grown.ending, grown.peak_memory_bytes), (Ending::Exited(0), after as u64));
        }
        for address in [before, before + 4096, after - 4] {
            let beyond = run(&engine, pages, "", &format!("(drop (i32.load (i32.const {address})))"));
            assert_eq!(beyond.ending, Ending::Trapped("out of bounds memory access".into()), "at {address}");
        }
    }
}

#[test]
fn a_guest_has_its_data_wherever_it_lies() {
    let engine = engine();
    for at in [0, 4000, 8192, PAGE - 8, 2 * PAGE - 3, 8 * PAGE - 3, 8 * PAGE + 5000, 12 * PAGE - 8] {
        let data = format!(r#"(data (i32.const {at}) "\01\02\03\04\05\06\07\08")"#);
        let end = (at + 8).next_multiple_of(8);
        let body = format!(
            "(if (i64.ne (i64.load (i32.const {at})) (i64.const 0x0807060504030201)) (then unreachable))
            (call $require_zero (i32.const 0) (i32.const {}))
            (call $require_zero (i32.const {end}) (i32.const {}))
            (call $fill (i32.const 0) (i32.const {}))",
            at / 8 * 8,
            12 * PAGE,
            12 * PAGE
        );
        for _ in 0..2 {
            assert_eq!(run(&engine, 12, &data, &body).ending, Ending::Exited(0), "at {at}");
        }
        require_zeros(&engine, 12);
    }
}

#[test]
fn data_that_does_not_fit_is_a_trap_and_leaves_nothing() {
    let engine = engine();
    let data = format!(r#"(data (i32.const 40000) "abc") (data (i32.const {}) "abc")"#, 2 * PAGE - 2);
    let misfit = run(&engine, 2, &data, "");
    assert_eq!(misfit.ending, Ending::Trapped("out of bounds memory access".into()));
    require_zeros(&engine, 2);
}

#[test]
fn the_host_and_the_engine_may_be_the_first_to_touch_a_page() {
    let engine = engine();
    let read = format!(
        "(i32.store (i32.const 0) (i32.const {})) (i32.store (i32.const 4) (i32.const 5))
        (if (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const {})) (then unreachable))
        (if (i32.ne (i32.load8_u (i32.const {})) (i32.const 105)) (then unreachable))
        (if (i32.ne (i32.load (i32.const {})) (i32.const 5)) (then unreachable))",
        2 * PAGE - 3,
        11 * PAGE,
        2 * PAGE - 3,
        11 * PAGE
    );
    assert_eq!(run(&engine, 12, "", &read).ending, Ending::Exited(0));
    let copy = format!(
        "(memory.copy (i32.const {}) (i32.const {}) (i32.const 9000))
        (memory.init 0 (i32.const {}) (i32.const 0) (i32.const 3))
        (if (i32.ne (i32.load8_u (i32.const {})) (i32.const 98)) (then unreachable))",
        5 * PAGE,
        10 * PAGE,
        6 * PAGE - 1,
        6 * PAGE
    );
    assert_eq!(run(&engine, 12, r#"(data "abc")"#, &copy).ending, Ending::Exited(0));
    require_zeros(&engine, 12);
}

#[test]
fn random_writes_are_gone_whoever_wrote_before() {
    let engine = engine();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..60 {
        let pages = random.usize(1..14);
        let mut body = format!("(call $require_zero (i32.const 0) (i32.const {}))", pages * PAGE);
        let mut size = pages * PAGE;
        for _ in 0..random.usize(0..30) {
            if random.u8(..) < 20 {
                body.push_str("(drop (memory.grow (i32.const 1)))");
                size += PAGE;
            }
            let at = random.usize(0..size - 8);
            body.push_str(&format!("(i64.store (i32.const {at}) (i64.const -1))"));
        }
        let writer = compile(&engine, pages, "", &body);
        for _ in 0..random.usize(1..4) {
            assert_eq!(writer.run(b"", &LIMITS, None).ending, Ending::Exited(0));
        }
    }
}

#[test]
fn a_place_forgets_the_pages_of_a_large_call() {
    let engine = engine();
    let large = format!("(call $fill (i32.const 0) (i32.const {}))", 8 * PAGE);
    assert_eq!(run(&engine, 8, "", &large).ending, Ending::Exited(0));
    let small = compile(&engine, 8, "", "(i32.store (i32.const 5000) (i32.const 1))");
    for _ in 0..600 {
        assert_eq!(small.run(b"", &LIMITS, None).ending, Ending::Exited(0));
    }
    require_zeros(&engine, 8);
}

#[test]
fn one_more_call_than_there_are_places_is_told() {
    let engine = engine();
    let guest = compile(&engine, 1, "", "");
    let places = guest.first.places.clone().expect("places of the runtime's own");
    let taken = places.take(Filled::Anything).expect("a place is free");
    assert_eq!(guest.run(b"", &LIMITS, None).ending, Ending::Busy);
    drop(taken);
    assert_eq!(guest.run(b"", &LIMITS, None).ending, Ending::Exited(0));
}

#[test]
fn what_data_fills_is_known_before() {
    let filled = |text: &str| Filled::of(&wat::parse_str(text).expect("the test's module is well-formed"));
    assert_eq!(
        filled(
            r#"(module (memory 1) (data (i32.const 9) "abc") (data "passive") (data (i32.const 20) "d"))"#
        ),
        Filled::Bytes { from: 9, to: 21 }
    );
    assert_eq!(
        filled(r#"(module (global i32 (i32.const 3)) (memory 1) (data (offset global.get 0) "a"))"#),
        Filled::Anything
    );
    assert_eq!(filled("(module (memory 1))"), Filled::Bytes { from: usize::MAX, to: 0 });
}

/// A memory in the place that this thread has taken.
fn memory(bytes: usize) -> Result<Box<dyn LinearMemory>, String> {
    Giver.new_memory(MemoryType::new(1, None), bytes, None, Some(4 << 30), 32 << 20)
}

#[test]
fn a_place_is_given_to_one_memory_alone() {
    let places = Places::new(1).expect("there is address space");
    for _ in 0..2 {
        let _taken = places.take(Filled::Anything).expect("it is free");
        let first = memory(8 * PAGE).expect("nothing lies there");
        assert_eq!(memory(0).map(|_| ()), Err("there is one memory in a place".into()));
        assert_eq!(first.byte_size(), 8 * PAGE);
        assert_eq!(places.take(Filled::Anything).map(|_| ()), Err(NoPlace::AllTaken));
    }
}

#[test]
fn pages_far_from_each_other_take_few_mappings() {
    let places = Places::new(1).expect("there is address space");
    let taken = places.take(Filled::Bytes { from: 0, to: 0 }).expect("it is free");
    let memory = memory(8 * PAGE).expect("nothing lies there");
    let place = taken.place.as_ref().expect("a place was taken");
    let runs = |open: u128| (open & !(open << 1)).count_ones();
    for page in (0..LOW_PAGES).step_by(3) {
        let address = memory.as_ptr() as usize + page * place.page_bytes;
        let is_closed = place.open.get() & (1 << page) == 0;
        assert_eq!(place.touched(address), is_closed, "page {page}");
        assert!(!place.touched(address), "page {page} is open");
        assert!(runs(place.open.get()) <= MOST_RUNS, "page {page}: {:b}", place.open.get());
    }
    assert!(!place.touched(memory.as_ptr() as usize + 8 * PAGE), "beyond the memory");
}

#[test]
fn a_thread_that_had_blocked_signals_runs_guests() {
    let engine = engine();
    let guest = compile(&engine, 2, "", "(i32.store (i32.const 70000) (i32.const 1))");
    let ended = std::thread::spawn(move || {
        // SAFETY: a set of signals on the stack, for this thread alone.
        unsafe {
            let mut signals = std::mem::zeroed();
            libc::sigfillset(&raw mut signals);
            libc::pthread_sigmask(libc::SIG_BLOCK, &raw const signals, std::ptr::null_mut());
        }
        guest.run(b"", &LIMITS, None).ending
    });
    assert_eq!(ended.join().expect("the thread ends"), Ending::Exited(0));
}

/// In a process of its own, which has little memory left when it runs a guest that asks for much.
#[test]
#[ignore = "run by the test below"]
fn little_memory() {
    let Ok(first_touch) = std::env::var("TRAVERSE_FIRST_TOUCH") else { return };
    let engine = engine();
    assert_eq!(run(&engine, 1, "", "").ending, Ending::Exited(0));
    let guest = compile(&engine, 1000, "", &first_touch);
    let status = std::fs::read_to_string("/proc/self/status").expect("the system says what this process has");
    let data = status.lines().find_map(|line| line.strip_prefix("VmData:")).expect("data among it");
    let data: u64 = data.trim().trim_end_matches(" kB").parse().expect("a number of KiB");
    let limit = libc::rlimit { rlim_cur: (data << 10) + (32 << 20), rlim_max: libc::RLIM_INFINITY };
    // SAFETY: takes numbers.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_DATA, &raw const limit) }, 0);
    println!("{:?}", guest.run(b"input", &LIMITS, None).ending);
    println!("{:?}", run(&engine, 1, "", "").ending);
}

/// In a process of its own, which has no mappings left when it runs a guest that touches a page among closed ones.
#[test]
#[ignore = "run by the test below"]
fn few_mappings() {
    let engine = engine();
    // More than the low pages: what is behind them is open already when the second guest runs.
    let (pages, body) = (10, "(i32.store (i32.const 200000) (i32.const 7))");
    let ends = compile(&engine, pages, "", body);
    let traps = compile(&engine, pages, "", &format!("{body} unreachable"));
    assert_eq!(run(&engine, pages, "", "").ending, Ending::Exited(0));
    // SAFETY: it asks for a number.
    let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).expect("a size");
    let most = std::fs::read_to_string("/proc/sys/vm/max_map_count").expect("the system says how many");
    // Each page that is opened between closed ones is two mappings more.
    let count = most.trim().parse::<usize>().expect("a number") + 10;
    // SAFETY: new address space, which nothing else lies in.
    let start = unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        libc::mmap(std::ptr::null_mut(), count * page, libc::PROT_NONE, flags, -1, 0)
    };
    assert_ne!(start, libc::MAP_FAILED);
    // SAFETY: parts of it.
    let open = |at: usize| unsafe { libc::mprotect(start.byte_add(at * page), page, libc::PROT_READ) };
    assert!((0..count).step_by(2).any(|at| open(at) != 0), "a process has more mappings than are tried here");
    println!("{:?}", traps.run(b"", &LIMITS, None).ending);
    // SAFETY: nobody has looked into it.
    assert_eq!(unsafe { libc::munmap(start, count * page) }, 0);
    println!("{:?}", ends.run(b"", &LIMITS, None).ending);
}

#[test]
fn a_page_that_could_be_had_in_the_end_is_no_reason_for_a_trap() {
    let child = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["engine::place::tests::few_mappings", "--exact", "--ignored", "--nocapture"])
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success(), "{:?}: {said}", child.status);
    assert!(said.contains("Trapped(\"wasm `unreachable` instruction executed\")\nExited(0)\n"), "{said}");
}

#[test]
fn memory_that_the_system_refuses_is_told_and_kills_nobody() {
    let address = 900 * PAGE;
    let read = format!(
        "(i32.store (i32.const 0) (i32.const {address})) (i32.store (i32.const 4) (i32.const 5))
        (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))"
    );
    for first_touch in [
        format!("(i32.store (i32.const {address}) (i32.const 1))"),
        format!("(memory.fill (i32.const {address}) (i32.const 1) (i32.const 9))"),
        read,
    ] {
        let child = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["engine::place::tests::little_memory", "--exact", "--ignored", "--nocapture"])
            .env("TRAVERSE_FIRST_TOUCH", &first_touch)
            .output()
            .expect("it starts");
        let said = String::from_utf8_lossy(&child.stdout).into_owned();
        assert!(child.status.success(), "{first_touch}: {:?}: {said}", child.status);
        let refused = "Trapped(\"the host has no memory for the guest, whose limit allows it\")";
        assert!(said.contains(&format!("{refused}\nExited(0)\n")), "{first_touch}: {said}");
    }
}
