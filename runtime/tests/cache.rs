//! Compiled code on disk: taken when it may be trusted, made anew when not, bounded, shared by many.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use support::*;
use traverse_runtime::{Cache, Runtime};

fn load_and_call(cache: &Cache, module: &[u8]) {
    let runtime =
        Runtime::builder().max_concurrent_calls(2).cache(cache.clone()).build().expect("the engine starts");
    let capability = runtime.load_bytes(&sealed(module.to_vec())).expect("it loads");
    assert_eq!(outcome(capability.call(INPUT))["outcome"], "result");
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    all.sort();
    all
}

// spec: RUN-18
#[test]
fn a_module_is_compiled_once_and_taken_from_the_cache_after() {
    let home = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(home.path().join("deep/compiled"));
    assert_eq!(cache.contents().expect("nothing yet").entries, 0);
    let module = saying(0, RESULT, "");
    load_and_call(&cache, &module);
    let made = entries(cache.folder());
    assert_eq!(made.len(), 1);
    let content = fs::read(&made[0]).expect("an entry");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options()
        .append(true)
        .open(&made[0])
        .expect("it opens")
        .set_modified(long_ago)
        .expect("a time");
    load_and_call(&cache, &module);
    // Taken, not made again: the same file, used now.
    assert_eq!(entries(cache.folder()), made);
    assert_eq!(fs::read(&made[0]).expect("an entry"), content);
    assert!(fs::metadata(&made[0]).and_then(|data| data.modified()).expect("a time") > long_ago);

    load_and_call(&cache, &saying(0, RESULT, "another module"));
    assert_eq!(cache.contents().expect("two").entries, 2);
    assert_eq!(cache.clear().expect("cleared").entries, 2);
    assert!(entries(cache.folder()).is_empty());
}

// spec: RUN-18
#[test]
fn an_entry_that_is_not_whole_is_made_anew() {
    let home = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(home.path().join("compiled"));
    let module = saying(0, RESULT, "");
    load_and_call(&cache, &module);
    let entry = entries(cache.folder()).remove(0);
    let good = fs::read(&entry).expect("an entry");
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let broken = [
        Vec::new(),
        good[..20].to_vec(),
        good[..good.len() - 1].to_vec(),
        flipped(3),
        flipped(40),
        flipped(good.len() / 2),
        flipped(good.len() - 1),
        vec![0x7f; good.len()],
    ];
    for bytes in broken {
        fs::write(&entry, &bytes).expect("written");
        load_and_call(&cache, &module);
        assert_eq!(fs::read(&entry).expect("an entry"), good, "made anew");
    }
}

// spec: RUN-18
#[cfg(unix)]
#[test]
fn what_others_may_write_is_not_taken() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
    let home = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(home.path().join("compiled"));
    let module = saying(0, RESULT, "");
    load_and_call(&cache, &module);
    let entry = entries(cache.folder()).remove(0);
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(cache.folder()), mode(&entry)), (0o700, 0o600));

    let made = |path: &Path| fs::metadata(path).expect("it is there").ino();
    let before = made(&entry);
    fs::set_permissions(&entry, fs::Permissions::from_mode(0o666)).expect("a mode");
    load_and_call(&cache, &module);
    assert_ne!(made(&entry), before, "made anew");
    assert_eq!(mode(&entry), 0o600);

    let before = made(&entry);
    // Only root can give a file away.
    if chown(&entry, Some(65534), None).is_ok() {
        load_and_call(&cache, &module);
        assert_ne!(made(&entry), before, "made anew");
    }

    // A folder that others may write is none at all: nothing is taken from it, and nothing put there.
    fs::remove_file(&entry).expect("removed");
    fs::set_permissions(cache.folder(), fs::Permissions::from_mode(0o777)).expect("a mode");
    load_and_call(&cache, &module);
    assert!(entries(cache.folder()).is_empty());

    // Nor a link to one that is another's.
    let other = home.path().join("other");
    fs::create_dir(&other).expect("a folder");
    fs::set_permissions(&other, fs::Permissions::from_mode(0o777)).expect("a mode");
    symlink(&other, home.path().join("linked")).expect("a link");
    load_and_call(&Cache::at(home.path().join("linked")), &module);
    assert!(entries(&other).is_empty());
}

// spec: RUN-18
#[test]
fn a_cache_keeps_to_its_bounds_and_lets_the_oldest_go() {
    let home = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(home.path().join("compiled"));
    load_and_call(&cache, &saying(0, RESULT, "the first"));
    let one = cache.contents().expect("one").bytes;
    let small = cache.clone().max_bytes(one * 4);
    for number in 0..12 {
        load_and_call(&small, &saying(0, RESULT, &format!("number {number}")));
        // The first is used again and again.
        load_and_call(&small, &saying(0, RESULT, "the first"));
        assert!(cache.contents().expect("some").bytes <= one * 5);
    }
    let kept = entries(cache.folder());
    load_and_call(&small, &saying(0, RESULT, "the first"));
    assert_eq!(entries(cache.folder()), kept, "the first was still there");
}

// spec: RUN-18
#[test]
fn what_a_killed_writer_left_goes_after_an_hour() {
    let home = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(home.path().join("compiled"));
    load_and_call(&cache, &saying(0, RESULT, "the first"));
    let left = |name: &str, hours: u64| {
        let path = cache.folder().join(name);
        let written = std::time::SystemTime::now() - std::time::Duration::from_secs(hours * 3600 + 60);
        let file = fs::File::create(&path).expect("a file");
        file.set_modified(written).expect("a time");
        path
    };
    let (old, young) = (left(".writing-abc", 1), left(".writing-def", 0));
    // Neither is counted, and each new process looks.
    assert_eq!(cache.contents().expect("one").entries, 1);
    load_and_call(&Cache::at(cache.folder()), &saying(0, RESULT, "the second"));
    assert!(!old.exists() && young.exists());
    cache.clear().expect("cleared");
    assert!(!young.exists());
}

// spec: RUN-18
#[test]
fn many_may_use_one_cache_at_once_and_one_that_cannot_be_written_is_none() {
    let home = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(home.path().join("compiled"));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let cache = &cache;
            scope.spawn(move || {
                for round in 0..4 {
                    load_and_call(cache, &saying(0, RESULT, &format!("module {}", (thread + round) % 3)));
                    if round == 2 {
                        // Another process clears it meanwhile.
                        cache.clear().expect("cleared");
                    }
                }
            });
        }
    });
    assert!(cache.contents().expect("some").entries <= 3);
    fs::write(home.path().join("file"), "").expect("a file");
    load_and_call(&Cache::at(home.path().join("file/compiled")), &saying(0, RESULT, ""));
}
