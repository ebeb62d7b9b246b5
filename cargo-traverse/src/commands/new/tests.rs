use super::*;

fn args(path: PathBuf, template: &str) -> NewArgs {
    NewArgs { path, template: template.to_owned(), name: None, sdk: SdkSource::Vendored, offline: false }
}

fn made(template: &str, name: &str, sdk: SdkSource) -> Vec<(String, String)> {
    let files = project_files(template, name, sdk).unwrap();
    files.into_iter().map(|(path, content)| (path, String::from_utf8(content).unwrap())).collect()
}

fn text<'a>(files: &'a [(String, String)], path: &str) -> &'a str {
    &files.iter().find(|(file, _)| file == path).unwrap_or_else(|| panic!("no `{path}`")).1
}

#[test]
fn a_project_has_its_own_name_and_the_sdk_beside_it() {
    for template in vendor::template_names() {
        let files = made(template, "my-rule", SdkSource::Vendored);
        let cargo: DocumentMut = text(&files, "Cargo.toml").parse().unwrap();
        assert_eq!(cargo["package"]["name"].as_str(), Some("my-rule"));
        let sdk = &cargo["dependencies"]["traverse-sdk"];
        assert_eq!(sdk["path"].as_str(), Some("vendor/traverse-sdk"));
        assert_eq!(sdk["version"].as_str(), Some(concat!("=", env!("CARGO_PKG_VERSION"))));
        assert!(text(&files, "traverse.package.toml").contains("\"artifacts/my-rule.wasm\""));
        assert!(!text(&files, ".gitignore").is_empty());
        text(&files, "vendor/traverse-macros/src/lib.rs");
    }
}

#[test]
fn the_registrys_sdk_leaves_no_sources_and_no_lock_file() {
    let files = made("minimal", "my-rule", SdkSource::Registry);
    let cargo: DocumentMut = text(&files, "Cargo.toml").parse().unwrap();
    assert_eq!(cargo["dependencies"]["traverse-sdk"].as_str(), Some(concat!("=", env!("CARGO_PKG_VERSION"))));
    assert!(!files.iter().any(|(path, _)| path.starts_with("vendor/") || path == "Cargo.lock"));
}

#[test]
fn what_is_there_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("notes.txt"), "keep").unwrap();
    let context = || Context {
        terminal: crate::report::Terminal::new(crate::args::MessageFormat::Json),
        manifest_path: None,
    };
    let error = execute(&args(path.clone(), "minimal"), &context()).unwrap_err();
    assert_eq!(error.code, "folder-exists");
    assert_eq!(fs::read_to_string(path.join("notes.txt")).unwrap(), "keep");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    let file = folder.path().join("file");
    fs::write(&file, "keep").unwrap();
    assert_eq!(execute(&args(file, "minimal"), &context()).unwrap_err().code, "folder-exists");

    // An empty folder is no one's work; nothing else is left beside the project.
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    execute(&args(empty.clone(), "minimal"), &context()).unwrap();
    assert!(empty.join("traverse.spec.toml").is_file());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn an_unknown_template_names_the_known_ones() {
    let error = check_template("princing").unwrap_err();
    assert_eq!(error.code, "unknown-template");
    assert_eq!(error.help.unwrap(), "the templates are `iban`, `minimal`, `pricing`");
}
