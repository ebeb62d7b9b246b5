use crate::diagnostic::Source;
use crate::spec::Spec;

fn source(text: &str) -> Source {
    Source { name: "traverse.spec.toml".into(), text: text.into() }
}

#[test]
fn templates() {
    for text in [
        include_str!("../../../../templates/pricing/traverse.spec.toml"),
        include_str!("../../../../templates/iban/traverse.spec.toml"),
        include_str!("../../../../templates/minimal/traverse.spec.toml"),
    ] {
        let source = source(text);
        match Spec::from_toml(&source) {
            Ok(_) => {}
            Err(errors) => {
                for error in errors {
                    println!("{}\n", error.render(&source));
                }
                panic!();
            }
        }
    }
}
