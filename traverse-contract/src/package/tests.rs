use super::Manifest;
use crate::diagnostic::Source;

#[test]
fn templates() {
    for text in [
        include_str!("../../../templates/pricing/traverse.package.toml"),
        include_str!("../../../templates/iban/traverse.package.toml"),
        include_str!("../../../templates/minimal/traverse.package.toml"),
    ] {
        let source = Source { name: "traverse.package.toml".into(), text: text.into() };
        Manifest::from_toml(&source).unwrap();
    }
}
