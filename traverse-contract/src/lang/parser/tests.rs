//! What is written, as a tree; and what is not, as the author reads it.

use super::{MAX_DEPTH, MAX_RULE_BYTES, parse};
use crate::diagnostic::Source;
use crate::lang::syntax::{BinaryOp, Expr, ExprKind, Literal, UnaryOp};
use proptest::prelude::*;

/// The tree with every bracket.
fn tree(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Literal(Literal::Null) => "null".into(),
        ExprKind::Literal(Literal::Bool(value)) => value.to_string(),
        ExprKind::Literal(Literal::Int(value)) => value.to_string(),
        ExprKind::Literal(Literal::Double(value)) => format!("{value:?}"),
        ExprKind::Literal(Literal::String(text)) => format!("{text:?}"),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Field { base, name, .. } => format!("{}.{name}", tree(base)),
        ExprKind::Index { base, index } => format!("{}[{}]", tree(base), tree(index)),
        ExprKind::List(elements) => format!("[{}]", elements.iter().map(tree).collect::<Vec<_>>().join(" ")),
        ExprKind::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", tree(key), tree(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
        }
        ExprKind::Unary { op: UnaryOp::Not, operand } => format!("(not {})", tree(operand)),
        ExprKind::Unary { op: UnaryOp::Negate, operand } => format!("(neg {})", tree(operand)),
        ExprKind::Binary { op, left, right, .. } => {
            let op = match op {
                BinaryOp::Add => "+",
                BinaryOp::Subtract => "-",
                BinaryOp::Multiply => "*",
                BinaryOp::Divide => "/",
                BinaryOp::Remainder => "%",
                BinaryOp::Less => "<",
                BinaryOp::LessOrEqual => "<=",
                BinaryOp::Greater => ">",
                BinaryOp::GreaterOrEqual => ">=",
                BinaryOp::Equal => "==",
                BinaryOp::NotEqual => "!=",
                BinaryOp::In => "in",
                BinaryOp::And => "and",
                BinaryOp::Or => "or",
                BinaryOp::Implies => "implies",
            };
            format!("({} {op} {})", tree(left), tree(right))
        }
        ExprKind::Macro { kind, list, variable, filter, body } => {
            let filter = filter.as_ref().map(|filter| format!("{} ", tree(filter))).unwrap_or_default();
            format!("{kind:?}({} {variable} {filter}{})", tree(list), tree(body))
        }
        ExprKind::Conditional { condition, then, otherwise } => {
            format!("({} ? {} : {})", tree(condition), tree(then), tree(otherwise))
        }
        ExprKind::Is { operand, type_name, negated, .. } => {
            format!("({} is{} {type_name:?})", tree(operand), if *negated { " not" } else { "" })
        }
        ExprKind::Has { base, name, .. } => format!("has({}.{name})", tree(base)),
        ExprKind::Call { function, arguments } => {
            format!("{function:?}({})", arguments.iter().map(tree).collect::<Vec<_>>().join(" "))
        }
    }
}

/// The tree, or the report.
fn parsed(rule: &str) -> String {
    match parse(rule) {
        Ok(expr) => tree(&expr),
        Err(errors) => {
            let source = Source { name: "rule".into(), text: rule.into() };
            errors.iter().map(|error| error.render(&source)).collect::<Vec<_>>().join("\n\n")
        }
    }
}

fn codes(rule: &str) -> Vec<&'static str> {
    parse(rule).err().into_iter().flatten().map(|error| error.code).collect()
}

/// spec: LANG-1, LANG-2
#[test]
fn length_and_depth_are_limited() {
    let long = format!("'{}'", "x".repeat(MAX_RULE_BYTES));
    assert_eq!(codes(&long), ["lang-too-long"]);
    for rule in ["(".repeat(60_000), "not ".repeat(16_000), "a[".repeat(30_000), "-".repeat(60_000) + "a"] {
        assert_eq!(codes(&rule), ["lang-too-deep"]);
    }
    for rule in
        ["a + ".repeat(16_000) + "a", "a".to_owned() + &".a".repeat(32_000), "a implies ".repeat(6_000) + "a"]
    {
        assert_eq!(codes(&rule), ["lang-too-deep"]);
    }
    let fits = format!("{}a{}", "(".repeat(MAX_DEPTH - 1), ")".repeat(MAX_DEPTH - 1));
    assert_eq!(parsed(&fits), "a");
}

/// spec: LANG-3
#[test]
fn space_and_comments_mean_nothing() {
    assert_eq!(parsed(" a\t==\r\n // the gold tier\n 1"), "(a == 1)");
    assert_eq!(parsed("a==1"), "(a == 1)");
}

/// spec: LANG-4
#[test]
fn numbers() {
    assert_eq!(parsed("[0, 12, 0x1F, 1.5, .5, 1e3, 2.5E-1]"), "[0 12 31 1.5 0.5 1000.0 0.25]");
    assert_eq!(parsed("-9223372036854775808"), "-9223372036854775808");
    assert_eq!(parsed("- 1.5"), "-1.5");
    assert_eq!(parsed("a -1"), "(a - 1)");
    assert_eq!(parsed("-a"), "(neg a)");
    for out_of_range in
        ["9223372036854775808", "-9223372036854775809", "99999999999999999999", "0x10000000000000000"]
    {
        assert!(parsed(out_of_range).contains("is too large for an int"), "{out_of_range}");
    }
    assert!(parsed("1e999").contains("`1e999` is too large for a double"));
    for malformed in ["1a", "0x", "0xg", "1e", "1.5x", "1_000"] {
        assert!(parsed(malformed).contains("is not a number"), "{malformed}: {}", parsed(malformed));
    }
    assert_eq!(codes("1u"), ["lang-unsupported"]);
}

/// spec: LANG-5
#[test]
fn text() {
    assert_eq!(parsed(r#"['it', "it's", 'it\'s', 'é']"#), r#"["it" "it's" "it's" "é"]"#);
    assert_eq!(
        parsed(r"'\a\b\f\n\r\t\v\\\?\x41\101\u00e9\U0001F600'"),
        format!("{:?}", "\u{7}\u{8}\u{c}\n\r\t\u{b}\\?AAé😀")
    );
    for bad in [r"'\q'", r"'\xZ1'", r"'\ud800'", r"'\U00110000'", r"'\8'"] {
        assert!(parsed(bad).contains("is not an escape"), "{bad}");
    }
    assert!(parsed("a == 'gold").contains("text has no closing quotation mark"));
    assert!(parsed("'a\nb'").contains("text has no closing quotation mark"));
    assert!(parsed("a == ‘gold’").contains("is a typographic quotation mark"));
    for unsupported in ["b'a'", "rb'a'", "B\"a\""] {
        assert_eq!(codes(unsupported), ["lang-unsupported"], "{unsupported}");
    }
}

/// spec: LANG-54
#[test]
fn raw_and_tripled_text() {
    assert_eq!(parsed(r#"[r'\d+', R"\n", r'', r"it's"]"#), r#"["\\d+" "\\n" "" "it's"]"#);
    assert_eq!(parsed("'''it's ''a'' \n\r\n\r\\t'''"), r#""it's ''a'' \n\n\n\t""#);
    assert_eq!(parsed("\"\"\"a\"b\"\"\" + ''''''"), r#"("a\"b" + "")"#);
    assert_eq!(parsed("r'''\\n\n''' + r\"\"\"\\\"\"\""), r#"("\\n\n" + "\\")"#);
    assert_eq!(parsed(r"'''a\''''"), r#""a'""#);
    // A backslash at the end of raw text escapes nothing.
    assert_eq!(parsed(r"r'\' == '\\'"), r#"("\\" == "\\")"#);
    assert_eq!(parsed("r == 'a' or x.r"), "((r == \"a\") or x.r)");
    assert_eq!(
        parsed("a == '''b\n'"),
        "error[lang-syntax]: text has no closing quotation mark\n  --> rule:1:6\n   |\n 1 | a == '''b\n   |      ^^^ no second `'''`\n   = help: close the text with `'''`"
    );
    assert!(parsed("r'a\nb'").contains("close the text with `'`"));
    assert!(parsed(r"'''\q'''").contains("is not an escape"));
}

/// spec: LANG-6
#[test]
fn names_and_words() {
    assert_eq!(parsed("_a1.B_2.in.is.not"), "_a1.B_2.in.is.not");
    assert_eq!(
        parsed("implies == 1"),
        "error[lang-syntax]: a value was expected, found `implies`\n  --> rule:1:1\n   |\n 1 | implies == 1\n   | ^^^^^^^\n   = help: `implies` is a word of the language; a property of that name is read as `input.implies`"
    );
    assert!(parsed("größe > 1").contains("is not part of the language"));
}

/// spec: LANG-7
#[test]
fn precedence() {
    assert_eq!(parsed("a || b && c == d + e * -f.g[0]"), "(a or (b and (c == (d + (e * (neg f.g[0]))))))");
    assert_eq!(parsed("a - b - c / d / e"), "((a - b) - ((c / d) / e))");
    assert_eq!(parsed("a < b == c"), "((a < b) == c)");
    assert_eq!(parsed("a in b is bool"), "((a in b) is Bool)");
    assert_eq!(parsed("(a || b) && c"), "((a or b) and c)");
    assert_eq!(parsed("!a.b == c"), "((not a.b) == c)");
    assert_eq!(parsed("!!a"), "(not (not a))");
    assert_eq!(parsed("[a, b,]"), "[a b]");
}

/// spec: LANG-8
#[test]
fn words_for_logic() {
    assert_eq!(parsed("a and b or not c"), "((a and b) or (not c))");
    assert_eq!(parsed("not a.b in [1]"), "(not (a.b in [1]))");
    assert_eq!(parsed("not not a == b and c"), "((not (not (a == b))) and c)");
    assert_eq!(parsed("not(a) && b"), "((not a) and b)");
    assert!(parsed("a == not b").contains("write `!` instead, or brackets: `(not a)`"));
    assert!(parsed("a not in b").contains("write `not a in b`"));
}

/// spec: LANG-9
#[test]
fn implication() {
    assert_eq!(parsed("a or b implies c implies not d"), "((a or b) implies (c implies (not d)))");
}

/// spec: LANG-51
#[test]
fn choices() {
    assert_eq!(parsed("a or b ? c and d : e implies f"), "(((a or b) ? (c and d) : e) implies f)");
    assert_eq!(parsed("a ? b : c ? d : e"), "(a ? b : (c ? d : e))");
    assert_eq!(parsed("a ? b ? c : d : e"), "(a ? (b ? c : d) : e)");
    assert_eq!(parsed("a implies b ? c : d"), "(a implies (b ? c : d))");
    assert_eq!(parsed("(a ? 1 : 2) + 1 == not_a ? x : y"), "((((a ? 1 : 2) + 1) == not_a) ? x : y)");
    assert_eq!(parsed("not a ? b : not c"), "((not a) ? b : (not c))");
    assert_eq!(
        parsed("(a ? b)"),
        "error[lang-syntax]: `?` has no `:`\n  --> rule:1:4\n   |\n 1 | (a ? b)\n   |    ^ no `:` for this\n   = help: write what holds otherwise: `condition ? a : b`"
    );
    assert!(parsed("a : b").contains("`:` stands without a `?`"));
    assert!(parsed("a ? b c : d").contains("an operator was expected before `c`"));
    assert_eq!(codes(&("a ? ".repeat(16_000) + "a")), ["lang-too-deep"]);
    assert_eq!(codes(&("a ? b : ".repeat(8_000) + "a")), ["lang-too-deep"]);
}

/// spec: LANG-10
#[test]
fn type_tests() {
    assert_eq!(parsed("a is string and b is not null"), "((a is String) and (b is not Null))");
    assert_eq!(
        parsed("a is boolean"),
        "error[lang-syntax]: `boolean` is not a type\n  --> rule:1:6\n   |\n 1 | a is boolean\n   |      ^^^^^^^\n   = help: did you mean `bool`?"
    );
    assert!(parsed("a is 5").contains("a type was expected after `is`, found `5`"));
    assert!(parsed("a is gold").contains("to compare values write `==`"));
}

/// spec: LANG-11
#[test]
fn functions() {
    assert_eq!(parsed("size(a) == a.size()"), "(Size(a) == Size(a))");
    assert_eq!(
        parsed("a.b.startsWith('x') || a.endsWith(b) || a.contains(c)"),
        "((StartsWith(a.b \"x\") or EndsWith(a b)) or Contains(a c))"
    );
    assert_eq!(parsed("has(a.b.c) && has(a)"), "(has(a.b.c) and has(input.a))");
    assert!(parsed("has(a[0])").contains("`has` takes one property"));
    assert!(parsed("has(result)").contains("`has` takes one property"));
    assert!(parsed("has(a.b, c)").contains("`has` takes one property"));
    assert!(parsed("a.startsWith()").contains("wrong number of arguments"));
    assert!(parsed("startsWith(a, b)").contains("write `text.startsWith(part)`"));
    assert_eq!(
        parsed("int(a) == string(double(b)) or bool(string)"),
        "((Int(a) == String(Double(b))) or Bool(string))"
    );
    assert!(parsed("int(a, b)").contains("write `int(e)`"));
    assert!(parsed("a.string() == b").contains("`string` stands before what it converts"));
    assert!(parsed("len(a) > 0").contains("did you mean `size`?"));
    assert!(parsed("max(a) > 0").contains("the functions are `size`"));
    assert!(parsed("a.startWith('x')").contains("did you mean `startsWith`?"));
}

/// spec: LANG-55
#[test]
fn macros_name_their_element() {
    assert_eq!(
        parsed("a.b.all(x, x > 0) and a.exists(y, b.exists_one(x, x == y))"),
        "(All(a.b x (x > 0)) and Exists(a y ExistsOne(b x (x == y))))"
    );
    assert_eq!(parsed("a.filter(x, x).map(x, x + 1)[0]"), "Map(Filter(a x x) x (x + 1))[0]");
    assert_eq!(parsed("size(a.map(x, x > 0, x,)) > a.all"), "(Size(Map(a x (x > 0) x)) > a.all)");
    assert_eq!(
        parsed("a.all(x > 0)"),
        "error[lang-syntax]: `all` first takes a name for the element, and then what is asked of it\n  --> rule:1:7\n   |\n 1 | a.all(x > 0)\n   |       ^\n   = help: it is written `list.all(x, x > 0)`"
    );
    for (rule, message) in [
        ("all(a, x, x > 0)", "`all` stands behind the list that it looks at"),
        ("a.all(x, x > 0, x)", "`all` is called with the wrong number of arguments"),
        ("a.map(x,)", "`map` is called with the wrong number of arguments"),
        ("a.map(x, x, x, x)", "`map` is called with the wrong number of arguments"),
        ("a.all(x.y, true)", "first takes a name for the element"),
        ("a.all(result, true)", "`result` has a meaning of its own and cannot name an element"),
        ("a.all(in, true)", "`in` has a meaning of its own and cannot name an element"),
        ("a.all()", "first takes a name for the element"),
        ("a.all(x, x", "`(` is not closed"),
        ("a.any(x, x)", "did you mean `exists`?"),
        ("a.fliter(x, x)", "did you mean `filter`?"),
    ] {
        assert!(parsed(rule).contains(message), "{rule}: {}", parsed(rule));
    }
    assert_eq!(codes(&("a.all(x, ".repeat(6_000) + "x")), ["lang-too-deep"]);
    assert_eq!(codes(&("a".to_owned() + &".map(x, x)".repeat(6_000))), ["lang-too-deep"]);
}

/// spec: LANG-12
#[test]
fn the_rest_of_cel_is_named_as_unsupported() {
    for rule in ["a.replace('x', 'y')", "uint(a) > 0", "dyn(a) == b", "a == `b`"] {
        assert!(codes(rule).contains(&"lang-unsupported"), "{rule}: {}", parsed(rule));
    }
}

/// spec: LANG-70
#[test]
fn map_literals() {
    assert_eq!(parsed("{'a': 1, b: c ? 2 : 3,}['a']"), "{\"a\": 1 b: (c ? 2 : 3)}[\"a\"]");
    assert_eq!(parsed("{}"), "{}");
    assert_eq!(codes(&"{'a':".repeat(6_000)), ["lang-too-deep"]);
}

/// spec: LANG-13
#[test]
fn what_is_not_an_expression_says_where() {
    assert_eq!(
        parsed("cart.total >"),
        "error[lang-syntax]: a value was expected, found the end of the rule\n  --> rule:1:12\n   |\n 1 | cart.total >\n   |            ^ the rule ends after this\n   = help: values are names, `'text'`, numbers, `true`, `false`, `null`, `[lists]` and `(expressions)`"
    );
    for (rule, message) in [
        ("", "the rule is empty"),
        ("a = 1", "`=` is not an operator"),
        ("a === 1", "`===` is not an operator"),
        ("a & b", "write `&&` or `and`"),
        ("a | b", "write `||` or `or`"),
        ("a <> b", "for not equal, write `!=`"),
        ("(a", "`(` is not closed"),
        ("[a, b", "`[` is not closed"),
        ("size(a", "`(` is not closed"),
        ("a)", "`)` closes nothing"),
        ("{'a': 1", "`{` is not closed"),
        ("{'a'}", "a value was expected for this key, found `}`"),
        ("{'a': }", "a value was expected, found `}`"),
        ("a}", "`}` closes nothing"),
        ("a b", "an operator was expected before `b`"),
        ("a matches 'x'", "write `a.matches(b)`"),
        ("a adn b", "did you mean `and`?"),
        ("(a b)", "an operator was expected before `b`"),
        ("a.", "a property name was expected after `.`"),
        ("a.5", "a property name was expected after `.`"),
        ("a # b", "`#` is not part of the language"),
        ("a == `b`", "names in backticks are not supported"),
        (",", "a value was expected, found `,`"),
    ] {
        assert!(parsed(rule).contains(message), "{rule}: {}", parsed(rule));
    }
    // Every token that cannot be read, not only the first.
    assert_eq!(codes("a = 1 & b = 2"), ["lang-syntax"; 3]);
}

/// Texts of the language's own parts, in any order.
pub(crate) fn soup() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "a",
        "cart.total",
        "result",
        "input",
        "'x'",
        "\"",
        "'",
        "\\",
        "1",
        "2.5",
        "0x",
        "1e",
        "-",
        "+",
        "*",
        "/",
        "%",
        "!",
        "<",
        "<=",
        "==",
        "!=",
        "&&",
        "||",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "?",
        ":",
        "{",
        "`",
        "//",
        "\n",
        "é",
        "😀",
        "in",
        "is",
        "not",
        "and",
        "or",
        "implies",
        "has",
        "has(",
        "size(",
        "null",
        "true",
        "string",
        ".startsWith(",
        ".all(x,",
        ".map(x, 'y',",
    ]);
    prop::collection::vec(parts, 0..40).prop_map(|parts| parts.join(" "))
}

proptest! {
    /// spec: LANG-13
    #[test]
    fn no_text_panics_and_every_place_is_in_it(rule in prop_oneof![any::<String>(), soup()]) {
        match parse(&rule) {
            Ok(expr) => prop_assert!(rule.get(expr.span.start..expr.span.end).is_some()),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                let source = Source { name: "rule".into(), text: rule.clone() };
                for error in errors {
                    let (span, _) = error.label.clone().unwrap_or_default();
                    prop_assert!(rule.get(span.start..span.end).is_some(), "{error:?}");
                    error.render(&source);
                }
            }
        }
    }
}
