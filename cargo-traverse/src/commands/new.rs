//! `cargo traverse new`: a template and the SDK's sources → a project.

mod name;

use crate::args::{NewArgs, SdkSource};
use crate::commands::Context;
use crate::error::CommandError;
use crate::report::{Report, Screen, Style};
use crate::{editor, manifest_edit, vendor};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, InlineTable};

/// What the command did.
#[derive(Debug, Serialize)]
pub(crate) struct NewReport {
    /// The project's name.
    name: String,
    /// The template that it was made from.
    template: String,
    /// The folder, as the user named it.
    path: PathBuf,
    /// The version of the SDK that it uses.
    sdk: &'static str,
    /// Every file that was written, sorted; those of the SDK as the one entry `vendor/`.
    files: Vec<String>,
    /// Whether the SDK comes from the registry.
    #[serde(skip)]
    from_registry: bool,
}

impl Report for NewReport {
    fn render_human(&self, screen: &mut Screen) {
        let verb = screen.paint(Style::Good, format!("{:>12}", "Created"));
        screen.line(format!(
            "{verb} `{}` from template `{}` in {}",
            self.name,
            self.template,
            self.path.display()
        ));
        for file in &self.files {
            screen.line(format!("             {file}"));
        }
        if self.from_registry {
            screen.note("note: the SDK's crates are not published yet; until they are, cargo finds them only with `--sdk vendored`");
        }
        screen.line("");
        screen.line(format!("next: cd {} && cargo traverse build", self.path.display()));
    }
}

/// Runs the command.
///
/// # Errors
///
/// `bad-name`, `unknown-template`, `folder-exists`, `new-failed`.
pub(crate) fn execute(args: &NewArgs, _context: &Context) -> Result<NewReport, CommandError> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => name::of_folder(&args.path)?,
    };
    name::check(&name)?;
    check_template(&args.template)?;
    check_free(&args.path)?;

    let files = project_files(&args.template, &name, args.sdk)?;
    name::check_dependencies(&name, &files)?;
    write_project(&args.path, &files)?;

    let mut listed: Vec<String> =
        files.iter().map(|(path, _)| path.clone()).filter(|path| !path.starts_with("vendor/")).collect();
    if args.sdk == SdkSource::Vendored {
        listed.push("vendor/".to_owned());
    }
    listed.sort();
    Ok(NewReport {
        name,
        template: args.template.clone(),
        path: args.path.clone(),
        sdk: env!("CARGO_PKG_VERSION"),
        files: listed,
        from_registry: args.sdk == SdkSource::Registry,
    })
}

fn check_template(template: &str) -> Result<(), CommandError> {
    let names = vendor::template_names();
    if names.contains(&template) {
        return Ok(());
    }
    Err(CommandError::new("unknown-template", format!("there is no template `{template}`"))
        .help(format!("the templates are `{}`", names.join("`, `"))))
}

/// A folder that is there and holds something is never written to.
fn check_free(path: &Path) -> Result<(), CommandError> {
    let exists = |what: &str| {
        CommandError::new("folder-exists", format!("`{}` {what}", path.display()))
            .help("choose another folder; the project's name may be given apart with `--name NAME`")
    };
    match fs::read_dir(path).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(exists("is there already, and it is not empty")),
        Err(_) if path.symlink_metadata().is_ok() => {
            Err(exists("is there already, and it is not an empty folder"))
        }
        Err(_) => Ok(()),
    }
}

/// Every file of the project, sorted by path.
pub(crate) fn project_files(
    template: &str,
    name: &str,
    sdk: SdkSource,
) -> Result<Vec<vendor::ProjectFile>, CommandError> {
    let broken = |path: &str, reason: String| {
        CommandError::new("new-failed", format!("`{path}` of template `{template}` is broken: {reason}"))
    };
    let mut files = match sdk {
        SdkSource::Vendored => vendor::sdk().map_err(|reason| broken("Cargo.toml", reason))?,
        SdkSource::Registry => Vec::new(),
    };
    for (path, content) in vendor::template(template) {
        let text = || std::str::from_utf8(content).map_err(|error| broken(path, error.to_string()));
        let content = match path {
            "Cargo.toml" => {
                cargo_manifest(text()?, name, sdk).map_err(|reason| broken(path, reason))?.into_bytes()
            }
            // What the registry will say of the SDK is not known yet; cargo writes the lock file then.
            "Cargo.lock" if sdk == SdkSource::Registry => continue,
            "Cargo.lock" => vendor::lock::renamed(text()?, template, name).into_bytes(),
            "traverse.package.toml" => {
                manifest_edit::with_artifact(text()?, &format!("artifacts/{name}.wasm"))
                    .map_err(|reason| broken(path, reason))?
                    .into_bytes()
            }
            _ => content.to_vec(),
        };
        // Under its true name it would apply to the template itself, and cargo would not package it.
        let path = if path == "gitignore" { ".gitignore" } else { path };
        files.push((path.to_owned(), content));
    }
    files.extend(editor::files());
    files.sort();
    Ok(files)
}

/// The template's `Cargo.toml` with the project's name and the SDK from where it shall come.
fn cargo_manifest(manifest: &str, name: &str, sdk: SdkSource) -> Result<String, String> {
    let mut document: DocumentMut =
        manifest.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let package_name = document
        .get_mut("package")
        .and_then(|package| package.get_mut("name"))
        .and_then(|item| item.as_value_mut())
        .ok_or("it has no `package.name`")?;
    replace_value(package_name, name.into());
    let version = concat!("=", env!("CARGO_PKG_VERSION"));
    let source = match sdk {
        SdkSource::Registry => version.into(),
        SdkSource::Vendored => {
            let mut table = InlineTable::new();
            table.insert("version", version.into());
            table.insert("path", "vendor/traverse-sdk".into());
            table.into()
        }
    };
    let dependency = document
        .get_mut("dependencies")
        .and_then(|dependencies| dependencies.get_mut("traverse-sdk"))
        .and_then(|item| item.as_value_mut())
        .ok_or("it has no dependency `traverse-sdk`")?;
    replace_value(dependency, source);
    Ok(document.to_string())
}

fn replace_value(old: &mut toml_edit::Value, mut new: toml_edit::Value) {
    *new.decor_mut() = old.decor().clone();
    *old = new;
}

/// Writes the project beside its place and moves it there once it is complete.
fn write_project(path: &Path, files: &[vendor::ProjectFile]) -> Result<(), CommandError> {
    let failed =
        |verb: &str, path: &Path, error: &std::io::Error| CommandError::io("new-failed", verb, path, error);
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(|error| failed("make", parent, &error))?;
    let beside = tempfile::Builder::new()
        .prefix(".traverse-new-")
        .tempdir_in(parent)
        .map_err(|error| failed("make a folder in", parent, &error))?;
    // Inside, because the temporary folder itself is closed to others.
    let project = beside.path().join("project");
    for (inner, content) in files {
        let file = project.join(inner);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|error| failed("make", folder, &error))?;
        }
        fs::write(&file, content).map_err(|error| failed("write", &file, &error))?;
    }
    // An empty folder may be in the place; one that has been filled since is left as it is.
    fs::rename(&project, path).map_err(|error| failed("make", path, &error))
}

#[cfg(test)]
mod tests;
