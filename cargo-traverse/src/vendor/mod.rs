//! What the command carries for the projects that it makes: the SDK's sources, in lockstep with its own version, and
//! the templates (spec `CLI-NEW`). A project needs no checkout of the repository.

pub(crate) mod lock;
mod packed {
    include!(concat!(env!("OUT_DIR"), "/packed.rs"));
}

use toml_edit::DocumentMut;

/// A file to write: its path in the project, with `/`, and its content.
pub(crate) type ProjectFile = (String, Vec<u8>);

/// The crates of the SDK, which a project must not be named like.
pub(crate) const SDK_CRATES: [&str; 5] =
    ["traverse-contract", "traverse-expand", "traverse-guest", "traverse-macros", "traverse-sdk"];

/// What `vendor/README.md` says.
const README: &str = concat!(
    "The sources of the Traverse SDK ",
    env!("CARGO_PKG_VERSION"),
    ", written by `cargo traverse new`.\n\nThey are what `src/main.rs` is compiled with, and part of what the module's \
     digest stands for. Do not edit them.\n"
);

/// `cargo fmt --all` reaches the vendored crates, and another layout would give the module other bytes.
const RUSTFMT: &str = "disable_all_formatting = true\n";

/// The names of the templates, sorted.
pub(crate) fn template_names() -> Vec<&'static str> {
    let mut names: Vec<&str> =
        packed::TEMPLATES.iter().filter_map(|(path, _)| path.split_once('/').map(|(name, _)| name)).collect();
    names.dedup();
    names
}

/// The files of a template as they stand in the repository, by their path in the project.
pub(crate) fn template(name: &str) -> Vec<(&'static str, &'static [u8])> {
    packed::TEMPLATES
        .iter()
        .filter_map(|(path, content)| {
            let (template, path) = path.split_once('/')?;
            (template == name).then_some((path, *content))
        })
        .collect()
}

/// The SDK's sources under `vendor/`, their manifests without what only the repository needs.
///
/// # Errors
///
/// What is wrong with a manifest that the command carries.
pub(crate) fn sdk() -> Result<Vec<ProjectFile>, String> {
    let mut files = vec![
        ("vendor/README.md".to_owned(), README.as_bytes().to_vec()),
        ("vendor/rustfmt.toml".to_owned(), RUSTFMT.as_bytes().to_vec()),
    ];
    for (path, content) in packed::SDK {
        let content = match *path {
            manifest if manifest.ends_with("/Cargo.toml") => shipped_manifest(content)?,
            source if source.ends_with(".rs") => shipped_source(content)?,
            _ => content.to_vec(),
        };
        files.push((format!("vendor/{path}"), content));
    }
    Ok(files)
}

/// A manifest that stands alone: nothing inherited, no tests, no lints of the repository's.
fn shipped_manifest(manifest: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(manifest).map_err(|error| error.to_string())?;
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    for section in ["dev-dependencies", "lints", "test", "bench", "example"] {
        document.remove(section);
    }
    if let Some(package) = document.get_mut("package").and_then(|item| item.as_table_mut()) {
        package["publish"] = toml_edit::value(false);
    }
    Ok(document.to_string().into_bytes())
}

/// A source without the line that names its tests, which are not shipped.
fn shipped_source(source: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(source).map_err(|error| error.to_string())?;
    let mut shipped = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        // `#[cfg(test)]`, or `#[cfg(all(test, …))]`.
        let names_tests = line.starts_with("#[cfg(")
            && line.contains("test")
            && lines.peek().is_some_and(|next| next.ends_with("mod tests;\n"));
        if names_tests {
            lines.next();
        } else {
            shipped.push_str(line);
        }
    }
    Ok(shipped.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_templates_are_carried_with_spec_manifest_and_source() {
        assert_eq!(template_names(), ["iban", "minimal", "pricing"]);
        for name in template_names() {
            let files: Vec<&str> = template(name).into_iter().map(|(path, _)| path).collect();
            for wanted in
                ["Cargo.toml", "traverse.spec.toml", "traverse.package.toml", "src/main.rs", "gitignore"]
            {
                assert!(files.contains(&wanted), "`{wanted}` is not in template `{name}`: {files:?}");
            }
            assert!(files.iter().any(|path| path.starts_with("cases/")), "template `{name}` has no cases");
        }
        assert!(template("absent").is_empty());
    }

    #[test]
    fn vendored_manifests_stand_alone() {
        let files = sdk().unwrap();
        for name in SDK_CRATES {
            let path = format!("vendor/{name}/Cargo.toml");
            let (_, content) = files.iter().find(|(file, _)| *file == path).unwrap();
            let text = String::from_utf8(content.clone()).unwrap();
            for word in ["workspace", "dev-dependencies", "[lints"] {
                assert!(!text.contains(word), "`{word}` in {path}:\n{text}");
            }
            assert!(text.contains(&format!("version = \"{}\"", env!("CARGO_PKG_VERSION"))), "{path}");
        }
        assert!(files.iter().any(|(path, _)| path == "vendor/traverse-sdk/src/lib.rs"));
        assert!(!files.iter().any(|(path, _)| path.ends_with("tests.rs")));
        for (path, content) in &files {
            let text = String::from_utf8_lossy(content);
            assert!(!text.contains("mod tests;"), "`{path}` names tests that are not there");
        }
    }
}
