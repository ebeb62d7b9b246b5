//! Which version a change asks for (spec `CHANGE-10` to `CHANGE-12`).

use semver::Version;
use serde::Serialize;
use std::cmp::Ordering;

/// What a change is to those who rely on the contract; of several the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Judgement {
    /// Nothing is different.
    Identical,
    /// Only words for readers are.
    Text,
    /// Whoever kept to the old contract keeps to the new one, and gets what was promised.
    Compatible,
    /// Neither a proof nor a counterexample was found.
    NotDecided,
    /// Some input is refused, or some result given, that was not before.
    Breaking,
}

impl Judgement {
    /// As reports name it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Judgement::Identical => "identical",
            Judgement::Text => "text",
            Judgement::Compatible => "compatible",
            Judgement::NotDecided => "not decided",
            Judgement::Breaking => "breaking",
        }
    }
}

/// The part of a version that must rise, as semantic versioning has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Bump {
    None,
    Patch,
    Minor,
    Major,
}

impl Bump {
    /// What a judgement asks for. What is not decided counts as breaking, unless the author answers for it.
    pub(crate) fn of(judgement: Judgement, allow_undecided: bool) -> Bump {
        match judgement {
            Judgement::Identical => Bump::None,
            Judgement::Text => Bump::Patch,
            Judgement::Compatible => Bump::Minor,
            Judgement::NotDecided if allow_undecided => Bump::Minor,
            Judgement::NotDecided | Judgement::Breaking => Bump::Major,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Bump::None => "no",
            Bump::Patch => "a patch",
            Bump::Minor => "a minor",
            Bump::Major => "a major",
        }
    }
}

/// The least version after `old` that a change asks for. Below 1.0.0 the number after the leading zeros stands for the
/// major one, as cargo has it. A pre-release has promised nothing yet: its own release is enough.
pub(crate) fn least_version(old: &Version, bump: Bump) -> Version {
    if bump == Bump::None {
        return old.clone();
    }
    let Version { major, minor, patch, .. } = *old;
    if !old.pre.is_empty() {
        return Version::new(major, minor, patch);
    }
    match (bump, major, minor) {
        (Bump::Major, 1.., _) => Version::new(major.saturating_add(1), 0, 0),
        (Bump::Major, 0, 1..) => Version::new(0, minor.saturating_add(1), 0),
        (Bump::Minor, 1.., _) => Version::new(major, minor.saturating_add(1), 0),
        _ => Version::new(major, minor, patch.saturating_add(1)),
    }
}

/// Whether `new` is enough of a version for a change since `old`.
pub(crate) fn suffices(old: &Version, new: &Version, bump: Bump) -> bool {
    let order = new.cmp_precedence(old);
    if bump == Bump::None {
        return order != Ordering::Less;
    }
    let least = least_version(old, bump);
    // A pre-release of the version that is needed has its number.
    let number = |version: &Version| (version.major, version.minor, version.patch);
    order == Ordering::Greater && number(new) >= number(&least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    /// spec: CHANGE-10, CHANGE-11
    #[test]
    fn the_least_version_follows_semantic_versioning() {
        for (old, patch, minor, major) in [
            ("1.2.3", "1.2.4", "1.3.0", "2.0.0"),
            ("0.2.3", "0.2.4", "0.2.4", "0.3.0"),
            ("0.0.3", "0.0.4", "0.0.4", "0.0.4"),
            ("1.0.0-rc.1", "1.0.0", "1.0.0", "1.0.0"),
        ] {
            let least = |bump| least_version(&version(old), bump).to_string();
            assert_eq!([least(Bump::Patch), least(Bump::Minor), least(Bump::Major)], [patch, minor, major]);
            assert_eq!(least(Bump::None), old);
        }
    }

    /// spec: CHANGE-11
    #[test]
    fn a_version_suffices_or_does_not() {
        for (old, new, bump, enough) in [
            ("1.2.3", "1.2.3", Bump::None, true),
            ("1.2.3", "1.2.2", Bump::None, false),
            ("1.2.3", "1.2.3", Bump::Patch, false),
            ("1.2.3", "1.2.3+build", Bump::Patch, false),
            ("1.2.3", "1.2.9", Bump::Patch, true),
            ("1.2.3", "1.2.9", Bump::Minor, false),
            ("1.2.3", "1.3.0", Bump::Major, false),
            ("1.2.3", "2.0.0", Bump::Major, true),
            ("1.2.3", "2.0.0-alpha.1", Bump::Major, true),
            ("1.2.3", "1.2.4-alpha.1", Bump::Minor, false),
            ("0.2.3", "0.2.4", Bump::Minor, true),
            ("0.2.3", "0.2.4", Bump::Major, false),
            ("0.2.3", "0.3.0", Bump::Major, true),
            ("0.2.3", "1.0.0", Bump::Major, true),
            ("1.0.0-rc.1", "1.0.0-rc.2", Bump::Major, true),
            ("1.0.0-rc.2", "1.0.0-rc.1", Bump::Patch, false),
            ("1.0.0-rc.1", "1.0.0", Bump::Major, true),
            ("2.0.0", "1.9.9", Bump::Patch, false),
        ] {
            assert_eq!(suffices(&version(old), &version(new), bump), enough, "{old} -> {new} {bump:?}");
        }
    }
}
