//! Rust names out of JSON names (spec IO-16): fields in snake_case, types and variants in UpperCamelCase.

use proc_macro2::{Ident, Span};
use traverse_contract::schema::ObjectSchema;

/// Type names that generated types must not take: the macro's own, and what every file has in scope.
const TAKEN: &[&str] = &[
    "Input",
    "Output",
    "Exception",
    "Self",
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "String",
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "PartialEq",
    "Ord",
    "PartialOrd",
    "Hash",
    "From",
    "Into",
    "TryFrom",
    "TryInto",
    "AsRef",
    "AsMut",
    "Iterator",
    "IntoIterator",
    "Extend",
    "ToOwned",
    "ToString",
    "Send",
    "Sync",
    "Sized",
    "Unpin",
    "Fn",
    "FnMut",
    "FnOnce",
    "FromIterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
];

/// The Rust field of each property of an object, in its order.
pub fn field_names(object: &ObjectSchema) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for property in &object.properties {
        let mut name = snake_case(&property.name);
        while names.contains(&name) {
            name.push('_');
        }
        names.push(name);
    }
    names
}

/// The Rust field of one property.
pub fn field_name(object: &ObjectSchema, json: &str) -> String {
    let at = object.properties.iter().position(|property| property.name == json);
    at.and_then(|at| field_names(object).into_iter().nth(at)).unwrap_or_else(|| snake_case(json))
}

/// The Rust variant of each text of an enum, in its order.
pub fn variant_names(texts: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for text in texts {
        let mut name = upper_camel_case(text);
        if name.is_empty() {
            name = if text.is_empty() { "Empty".into() } else { "Other".into() };
        }
        if name == "Self" {
            name.push('_');
        }
        if names.contains(&name) {
            let number = (2..).find(|number| !names.contains(&format!("{name}{number}"))).unwrap_or_default();
            name = format!("{name}{number}");
        }
        names.push(name);
    }
    names
}

/// Hands out type names, each once.
#[derive(Default)]
pub struct TypeNames {
    used: Vec<String>,
}

impl TypeNames {
    /// A name for the type of the property `name` inside the type `parent`; the parent's name comes in front where
    /// the plain name is taken.
    pub fn claim(&mut self, name: &str, parent: &str) -> String {
        let mut candidate = upper_camel_case(name);
        if candidate.is_empty() {
            candidate = "Value".into();
        }
        if self.is_taken(&candidate) {
            candidate = format!("{parent}{candidate}");
        }
        if self.is_taken(&candidate) {
            let free = (2..).map(|number| format!("{candidate}{number}")).find(|name| !self.is_taken(name));
            candidate = free.unwrap_or(candidate);
        }
        self.used.push(candidate.clone());
        candidate
    }

    /// A name that the author chose for a type, as it stands unless it is taken.
    pub fn claim_exactly(&mut self, name: &str) -> String {
        let name = if self.is_taken(name) { self.claim(&format!("{name}Type"), "") } else { name.to_owned() };
        self.used.push(name.clone());
        name
    }

    fn is_taken(&self, name: &str) -> bool {
        TAKEN.contains(&name) || self.used.iter().any(|used| used == name)
    }
}

/// An identifier of generated code.
pub fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// `orderId` → `order_id`, `IBAN` → `iban`, `type` → `type_`, `2nd` → `_2nd`.
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let characters: Vec<char> = name.chars().collect();
    for (at, &character) in characters.iter().enumerate() {
        if !is_word(character) {
            if !snake.is_empty() && !snake.ends_with('_') {
                snake.push('_');
            }
            continue;
        }
        let follows_small = at > 0 && (characters[at - 1].is_lowercase() || characters[at - 1].is_numeric());
        let begins_word = at > 0
            && characters[at - 1].is_uppercase()
            && characters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if character.is_uppercase() && (follows_small || begins_word) && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(character.to_lowercase().filter(|&character| is_word(character)));
    }
    if name.starts_with('_') && !snake.starts_with('_') {
        snake.insert(0, '_');
    }
    legal(snake)
}

/// `order-id` → `OrderId`, `letter_or_digit` → `LetterOrDigit`, `2nd` → `_2nd`.
pub fn upper_camel_case(name: &str) -> String {
    let camel: String = name
        .split(|character| !is_word(character) || character == '_')
        .filter_map(|word| {
            let first = word.chars().next()?;
            let rest = &word[first.len_utf8()..];
            // A word in capitals is one word: `EUR` is `Eur`.
            let rest =
                if word.chars().any(char::is_lowercase) { rest.to_owned() } else { rest.to_lowercase() };
            Some(first.to_uppercase().filter(|&character| is_word(character)).collect::<String>() + &rest)
        })
        .collect();
    if camel.is_empty() { camel } else { legal(camel) }
}

/// What may stand inside a Rust identifier: letters and digits of any script that `syn` accepts, and `_`.
fn is_word(character: char) -> bool {
    let mut probe = String::from("x");
    probe.push(character);
    syn::parse_str::<Ident>(&probe).is_ok_and(|ident| ident == probe.as_str())
}

fn legal(mut name: String) -> String {
    if name.is_empty() || name.chars().all(|character| character == '_') {
        name = format!("field{name}");
    }
    if name.starts_with(|first: char| !(first == '_' || first.is_alphabetic())) {
        name.insert(0, '_');
    }
    // `syn` knows the keywords of every edition but the newest.
    if name == "gen" || syn::parse_str::<Ident>(&name).is_err() {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: IO-16
    #[test]
    fn fields_are_snake_case() {
        for (json, rust) in [
            ("total", "total"),
            ("orderId", "order_id"),
            ("IBAN", "iban"),
            ("httpURLPath", "http_url_path"),
            ("check-digits", "check_digits"),
            ("type", "type_"),
            ("gen", "gen_"),
            ("self", "self_"),
            ("2nd", "_2nd"),
            ("_", "field_"),
            ("", "field"),
            ("a b", "a_b"),
            ("größe", "größe"),
            ("😀", "field"),
        ] {
            assert_eq!(snake_case(json), rust, "{json}");
        }
    }

    /// spec: IO-16
    #[test]
    fn types_and_variants_are_upper_camel_case() {
        for (json, rust) in [
            ("customer", "Customer"),
            ("order-id", "OrderId"),
            ("orderId", "OrderId"),
            ("letter_or_digit", "LetterOrDigit"),
            ("EUR", "Eur"),
            ("2nd", "_2nd"),
            ("self", "Self_"),
        ] {
            assert_eq!(upper_camel_case(json), rust, "{json}");
        }
        let texts = ["a", "A", "", "%", "*"].map(String::from);
        assert_eq!(variant_names(&texts), ["A", "A2", "Empty", "Other", "Other2"]);
    }

    /// spec: IO-16
    #[test]
    fn clashing_types_take_their_parents_name() {
        let mut names = TypeNames::default();
        assert_eq!(names.claim("customer", "Input"), "Customer");
        assert_eq!(names.claim("customer", "Output"), "OutputCustomer");
        assert_eq!(names.claim("option", "Input"), "InputOption");
        assert_eq!(names.claim("customer", "Output"), "OutputCustomer2");
    }
}
