//! `cargo traverse approve`: the contract's version does not change from here on (spec `CLI-83`, `CLI-84`).

use crate::approval::{LockFile, Standing, changed, standing};
use crate::args::ApproveArgs;
use crate::change::comparison::{Compared, Comparison};
use crate::change::version::Judgement;
use crate::commands::Context;
use crate::commands::diff::{contract_path, invalid};
use crate::error::CommandError;
use crate::guest::publish;
use crate::project::Project;
use crate::report::{Report, Screen, Style};
use crate::write::{clear_beside, write_named};
use serde::Serialize;
use traverse_contract::lock::Approved;
use traverse_contract::{Contract, Diagnostic, canonical};

/// `{id, version, digest, lock, changed, since?, judgement?}`
#[derive(Debug, Serialize)]
pub(crate) struct ApproveReport {
    id: String,
    version: String,
    digest: String,
    lock: String,
    /// Whether the lock was written; not where it had this approval.
    changed: bool,
    /// The approved version before.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// What the change since then is.
    #[serde(skip_serializing_if = "Option::is_none")]
    judgement: Option<Judgement>,
}

impl Report for ApproveReport {
    fn render_human(&self, screen: &mut Screen) {
        let word = if self.changed { "Approved" } else { "Unchanged" };
        let word = screen.paint(Style::Good, format!("{word:>12}"));
        let since = match (&self.since, self.judgement) {
            (Some(since), Some(judgement)) => format!(", {} since {since}", judgement.as_str()),
            _ => String::new(),
        };
        screen.line(format!("{word} {} {}{since}", self.id, self.version));
        screen.line(format!("      digest {}", self.digest));
        screen.line(format!("        lock {}", self.lock));
    }
}

/// Writes the approval, unless the version is approved with another contract or too small.
pub(crate) fn execute(args: &ApproveArgs, context: &Context) -> Result<ApproveReport, CommandError> {
    let project = Project::locate(context.manifest_path.as_deref())?;
    let spec_path = contract_path(&project)?;
    let source = project.read(&spec_path)?;
    let contract = Contract::from_toml(&source).map_err(|diagnostics| invalid(&source, diagnostics))?;
    let json = canonical::contract_json(&source).map_err(|diagnostics| invalid(&source, diagnostics))?;
    let now = Compared { contract, json, from: source.name.clone() };

    // No other command writes from here on: what is read now is what the new file is made of.
    let _writing = publish::Lock::acquire(&project, &project.folder)?;
    let mut file = LockFile::beside(&project, &spec_path)?;
    let refuse = |code: &'static str, message: String, diagnostic: Diagnostic| {
        Err(CommandError::new(code, message).diagnostics(&source, vec![diagnostic]))
    };
    let version = &now.contract.spec.capability.version;
    let since: Option<Comparison> = match standing(&file, &now, args.allow_undecided)? {
        Standing::Approved => return Ok(report(&now, &project, &file, false, None)),
        Standing::Changed(comparison) => {
            let message = format!("version `{}` is approved already, with another contract", version.value);
            return refuse("contract-changed", message, changed(&comparison, &now));
        }
        Standing::Behind(latest) if !args.allow_breaking => {
            let message = format!("version `{}` lies before all approved versions", version.value);
            let diagnostic = Diagnostic::error("version-behind", message.clone())
                .at(version.span, "")
                .help(format!("the latest approved version is `{latest}`; give a later one"));
            return refuse("version-behind", message, diagnostic);
        }
        Standing::New(Some(comparison)) if !comparison.suffices && !args.allow_breaking => {
            let message = format!(
                "version `{}` is too small for what changed since `{}`",
                version.value, comparison.old.version
            );
            let flag = match comparison.judgement {
                Judgement::NotDecided => "; `--allow-undecided` counts what is not decided as compatible",
                _ => "",
            };
            let diagnostic = Diagnostic::error("version-too-small", message.clone())
                .at(version.span, "")
                .note(comparison.summary())
                .help(format!("{}{flag}", comparison.mend()));
            return refuse("version-too-small", message, diagnostic);
        }
        Standing::Behind(_) | Standing::New(None) => None,
        Standing::New(Some(comparison)) => Some(*comparison),
    };
    file.lock.approve(Approved::of(now.version(), now.json.clone()));
    let place = project.path(&file.path);
    clear_beside(&place.canonicalize().unwrap_or_else(|_| place.clone()));
    write_named(&place, file.lock.to_toml().as_bytes())
        .map_err(|error| CommandError::io("lock-unwritable", "write", &place, &error))?;
    Ok(report(&now, &project, &file, true, since))
}

fn report(
    now: &Compared,
    project: &Project,
    file: &LockFile,
    changed: bool,
    since: Option<Comparison>,
) -> ApproveReport {
    let capability = &now.contract.spec.capability;
    ApproveReport {
        id: capability.id.value.clone(),
        version: capability.version.value.clone(),
        digest: canonical::sha256(now.json.as_bytes()),
        lock: project.path(&file.path).display().to_string(),
        changed,
        judgement: since.as_ref().map(|since| since.judgement),
        since: since.map(|since| since.old.version),
    }
}
