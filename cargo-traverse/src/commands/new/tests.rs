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

/// spec: PKG-42
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

/// spec: PKG-42
#[test]
fn the_registrys_sdk_leaves_no_sources_and_no_lock_file() {
    let files = made("minimal", "my-rule", SdkSource::Registry);
    let cargo: DocumentMut = text(&files, "Cargo.toml").parse().unwrap();
    assert_eq!(cargo["dependencies"]["traverse-sdk"].as_str(), Some(concat!("=", env!("CARGO_PKG_VERSION"))));
    assert!(!files.iter().any(|(path, _)| path.starts_with("vendor/") || path == "Cargo.lock"));
}

/// spec: PKG-41
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

/// spec: PKG-40
#[test]
fn an_unknown_template_names_the_known_ones() {
    let error = check_template("princing").unwrap_err();
    assert_eq!(error.code, "unknown-template");
    assert_eq!(error.help.unwrap(), "the templates are `iban`, `minimal`, `pricing`");
}

/// A template's lock file is the repository's own, reduced to what the template uses, so that a project is compiled from
/// the very crates that the repository is tested with.
///
/// `TRAVERSE_WRITE_LOCKS=1 cargo test -p cargo-traverse lock_files` writes them anew.
///
/// spec: PKG-42
#[test]
fn the_templates_lock_files_are_what_cargo_writes() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for template in vendor::template_names() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join(template);
        write_project(&project, &project_files(template, template, SdkSource::Vendored).unwrap()).unwrap();
        fs::copy(repository.join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
        let output = std::process::Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1"])
            .current_dir(&project)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let wanted = fs::read_to_string(project.join("Cargo.lock")).unwrap();

        let kept = repository.join("templates").join(template).join("Cargo.lock");
        if std::env::var_os("TRAVERSE_WRITE_LOCKS").is_some() {
            fs::write(&kept, &wanted).unwrap();
        }
        assert!(
            fs::read_to_string(&kept).is_ok_and(|lock| lock == wanted),
            "{} is stale: run `TRAVERSE_WRITE_LOCKS=1 cargo test -p cargo-traverse lock_files`",
            kept.display()
        );
    }
}

/// spec: PKG-43
#[test]
fn the_document_has_these_fields() {
    let folder = tempfile::tempdir().unwrap();
    let context = Context {
        terminal: crate::report::Terminal::new(crate::args::MessageFormat::Json),
        manifest_path: None,
    };
    let report = execute(&args(folder.path().join("mine"), "minimal"), &context).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["name", "template", "path", "sdk", "files"]);
    assert_eq!((json["name"].as_str(), json["template"].as_str()), (Some("mine"), Some("minimal")));
    assert!(json["files"].as_array().unwrap().contains(&"vendor/".into()));
}
