//! Which packages are tested (spec TEST-50).

use crate::args::TestArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::project::Project;
use std::path::{Path, PathBuf};
use traverse_contract::diagnostic::nearest;
use traverse_contract::package::MANIFEST_FILE;

/// Folders in which no package of the user's lies.
const LEFT_OUT: [&str; 4] = ["target", "vendor", "node_modules", "artifacts"];

/// Deeper folders are not looked into.
const MAX_DEPTH: usize = 8;

/// The package of the manifest path, or, with `--workspace` and `-p`, those below the current folder.
///
/// # Errors
/// `package-not-found` where none is there, or none of a name.
pub(super) fn projects(args: &TestArgs, context: &Context) -> Result<Vec<Project>, CommandError> {
    if !args.selects_many() {
        return Ok(vec![Project::locate(context.manifest_path.as_deref())?]);
    }
    let root = match &context.manifest_path {
        Some(path) => Project::locate(Some(path))?.folder,
        None => PathBuf::from("."),
    };
    let mut folders = Vec::new();
    find(&root, MAX_DEPTH, &mut folders);
    let mut found: Vec<(String, Project)> = folders
        .into_iter()
        .map(|folder| {
            let project = Project { folder };
            (name_of(&project), project)
        })
        .collect();
    if found.is_empty() {
        return Err(CommandError::new(
            "package-not-found",
            format!("there is no `{MANIFEST_FILE}` in `{}` or below it", root.display()),
        )
        .help("`cargo traverse new NAME` makes a package"));
    }
    for wanted in &args.package {
        if !found.iter().any(|(name, project)| is_named(wanted, name, project)) {
            let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
            let error = CommandError::new("package-not-found", format!("no package is called `{wanted}`"));
            return Err(match nearest(wanted, names.iter().copied()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("these are there: {}", names.join(", "))),
            });
        }
    }
    if !args.package.is_empty() {
        found.retain(|(name, project)| args.package.iter().any(|wanted| is_named(wanted, name, project)));
    }
    Ok(found.into_iter().map(|(_, project)| project).collect())
}

/// The package's id; the folder's name where the manifest does not say.
pub(super) fn name_of(project: &Project) -> String {
    match project.manifest() {
        Ok(manifest) => manifest.package_id.value,
        Err(_) => folder_name(project),
    }
}

fn folder_name(project: &Project) -> String {
    let folder = project.folder.canonicalize().unwrap_or_else(|_| project.folder.clone());
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_named(wanted: &str, name: &str, project: &Project) -> bool {
    wanted == name || wanted == folder_name(project)
}

fn find(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    if folder.join(MANIFEST_FILE).is_file() {
        found.push(folder.to_owned());
    }
    if depth == 0 {
        return;
    }
    // A folder that cannot be read holds no package that could be built.
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && !name.starts_with('.') && !LEFT_OUT.contains(&name.as_ref()) {
            let below = if folder == Path::new(".") { PathBuf::from(&*name) } else { entry.path() };
            find(&below, depth - 1, found);
        }
    }
}
