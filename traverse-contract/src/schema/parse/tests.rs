use crate::diagnostic::Source;
use crate::schema::{NumberBounds, Schema, SchemaKind};
use crate::spec::Spec;

const HEAD: &str = "[capability]\nid = 'a.b'\nversion = '1.0.0'\nruntime = 'wasm32-wasip1'\n";

fn read(schemas: &str) -> (String, Result<Spec, Vec<crate::Diagnostic>>) {
    let text = format!("{HEAD}{schemas}");
    let spec = Spec::from_toml(&Source { name: "traverse.spec.toml".into(), text: text.clone() });
    (text, spec)
}

/// Each error as `code: message [marked text] {help}`.
fn told(schemas: &str) -> Vec<String> {
    let (text, spec) = read(schemas);
    spec.expect_err("errors")
        .iter()
        .map(|error| {
            let marked = error.label.as_ref().map_or("", |(span, _)| &text[span.start..span.end]);
            let help = error.help.as_deref().unwrap_or_default();
            format!("{}: {} [{marked}] {{{help}}}", error.code, error.message)
        })
        .collect()
}

/// What is told of `[output]` with these lines.
fn told_of_output(keywords: &str) -> Vec<String> {
    told(&format!("[output]\n{keywords}\n"))
}

fn output(keywords: &str) -> Schema {
    let (_, spec) = read(&format!("[output]\n{keywords}\n"));
    spec.expect("a spec").output.expect("an output")
}

// spec: SCHEMA-1, SCHEMA-2
#[test]
fn types() {
    for (name, kind) in
        [("boolean", "Boolean"), ("integer", "Integer"), ("number", "Number"), ("string", "String")]
    {
        let schema = output(&format!("type = '{name}'"));
        assert!(format!("{:?}", schema.kind).starts_with(kind));
    }
    assert_eq!(
        told_of_output("minimum = 1"),
        ["schema-missing-type: the schema `[output]` has no `type` [[output]] {add `type = \"string\"`}"]
    );
    assert_eq!(
        told_of_output("properties = {}"),
        ["schema-missing-type: the schema `[output]` has no `type` [[output]] {add `type = \"object\"`}"]
    );
    assert_eq!(
        told_of_output("type = 'int'"),
        ["schema-unknown-type: unknown type `int` ['int'] {did you mean `integer`?}"]
    );
    assert_eq!(
        told_of_output("type = 'nmuber'"),
        ["schema-unknown-type: unknown type `nmuber` ['nmuber'] {did you mean `number`?}"]
    );
    assert_eq!(
        told_of_output("type = 'date'"),
        ["schema-unknown-type: unknown type `date` ['date'] \
          {the types are `boolean`, `integer`, `number`, `string`, `array`, `object`, `null`}"]
    );
    assert_eq!(
        told("output = 1"),
        ["spec-unknown-key: unknown key `output` in `[capability]` [output] \
         {known here: `id`, `version`, `runtime`, `summary`, `description`, `owner`}"]
    );
    assert_eq!(
        told_of_output("type = 'array'\nitems = 'string'"),
        ["schema-wrong-type: the schema `[output].items` must be a table, found a string ['string'] {}"]
    );
}

// spec: SCHEMA-3
#[test]
fn keywords_that_are_not_carried_out_are_errors() {
    assert_eq!(
        told_of_output("type = 'string'\nnot = 'a'\nminLenght = 1\nfoo = 2\nminimum = 3"),
        [
            "schema-unsupported-keyword: the keyword `not` is not supported by this version [not] \
             {state it as a clause with `not`}",
            "schema-unknown-keyword: unknown keyword `minLenght` in the schema `[output]` [minLenght] \
             {did you mean `minLength`?}",
            "schema-unknown-keyword: unknown keyword `foo` in the schema `[output]` [foo] \
             {properties of an object stand under `properties`}",
            "schema-misplaced-keyword: `minimum` does not go with `type = \"string\"` [minimum] \
             {allowed there: `type`, `enum`, `const`, `minLength`, `maxLength`, `pattern`}",
        ]
    );
    for keyword in ["oneOf", "allOf", "not", "if", "contains", "patternProperties", "$defs", "$comment"] {
        let found = told_of_output(&format!("type = 'string'\n\"{keyword}\" = 1"));
        assert!(found[0].starts_with("schema-unsupported-keyword"), "{found:?}");
    }
}

// spec: SCHEMA-3
#[test]
fn short_names_of_bounds_are_those_of_the_type() {
    for (keywords, meant) in [
        ("type = 'number'\nmin = 1", "minimum"),
        ("type = 'integer'\nmaxValue = 1", "maximum"),
        ("type = 'string'\nmin = 1", "minLength"),
        ("type = 'string'\nmaxLen = 1", "maxLength"),
        ("type = 'array'\nmax = 1\nitems = { type = 'string' }", "maxItems"),
    ] {
        let told = told_of_output(keywords);
        assert!(told[0].ends_with(&format!("{{did you mean `{meant}`?}}")), "{told:?}");
    }
    let told = told(
        "[input]\ntype = 'object'\nrequired = 'a'\n[input.properties]\na = { type = 'integer', minimum = '3' }\n",
    );
    assert!(
        told[0].ends_with("{write `[\"a\"]`}") && told[1].ends_with("{write it without quotes}"),
        "{told:?}"
    );
}

// spec: SCHEMA-4
#[test]
fn annotations_are_kept_and_check_nothing() {
    let schema = output(
        "type = 'string'\ntitle = 'T'\ndescription = 'D'\ndefault = 'x'\nexamples = ['', 'y']\nformat = 'date'",
    );
    assert_eq!((schema.title.as_deref(), schema.description.as_deref()), (Some("T"), Some("D")));
    assert_eq!(
        told_of_output("type = 'string'\ntitle = 1\nexamples = 'a'\nformat = true"),
        [
            "schema-wrong-type: `title` must be a string, found an integer [1] {}",
            "schema-wrong-type: `format` must be a string, found a boolean [true] {}",
            "schema-wrong-type: `examples` must be an array, found a string ['a'] {write `[\"a\"]`}",
        ]
    );
}

// spec: SCHEMA-36
#[test]
fn defaults_and_examples_fit_their_schema() {
    let help = "{a reader takes it for a value that is admitted; change it or the schema}";
    for (keywords, message, marked) in [
        ("type = 'integer'\nminimum = 1\ndefault = 0", "must be at least 1", "0"),
        ("type = 'integer'\ndefault = 0.5", "expected an integer, found a number with a fraction", "0.5"),
        ("type = 'integer'\nmultipleOf = 3\ndefault = 4", "must be a multiple of 3", "4"),
        ("enum = ['a', 'b']\ndefault = 'c'", "must be one of \"a\", \"b\"", "'c'"),
        ("const = true\ndefault = false", "must be true", "false"),
        ("type = 'string'\ndefault = 1", "expected a string, found an integer", "1"),
        ("type = 'string'\nmaxLength = 1\ndefault = 'äö'", "must have at most 1 characters", "'äö'"),
        (
            "type = 'array'\nuniqueItems = true\nitems = { type = 'number' }\ndefault = [1, 2, 1.0]",
            "must not hold the same item twice",
            "[1, 2, 1.0]",
        ),
        (
            "type = 'array'\nitems = { type = 'number' }\ndefault = [1, true]",
            "expected a number, found a boolean",
            "true",
        ),
        (
            "type = 'object'\nrequired = ['a']\nproperties.a = { type = 'string' }\ndefault = {}",
            "required property `a` is missing",
            "{}",
        ),
        ("type = ['integer', 'null']\ndefault = 'x'", "expected an integer or null, found a string", "'x'"),
        (
            "type = 'array'\nprefixItems = [{ type = 'string' }, { type = 'integer' }]\nitems = false\nminItems = 2\ndefault = ['x']",
            "must have exactly 2 items",
            "['x']",
        ),
        ("type = 'object'\nadditionalProperties = false\ndefault = { b = 1 }", "unknown property", "b"),
        (
            "'$ref' = '#/types/Node'\ndefault = { next = { value = 'x' } }",
            "expected an integer, found a string",
            "'x'",
        ),
    ] {
        let types = "[types.Node]\ntype = 'object'\nproperties = { value = { type = 'integer' }, next = { '$ref' = '#/types/Node' } }\n";
        assert_eq!(
            told(&format!("[output]\n{keywords}\n{types}")),
            [format!(
                "schema-bad-annotation: `default` does not fit its schema: {message} [{marked}] {help}"
            )]
        );
    }
    assert_eq!(
        told_of_output("type = 'integer'\nexamples = [1, 'x', 2.0]"),
        [format!(
            "schema-bad-annotation: an example does not fit its schema: expected an integer, found a string ['x'] {help}"
        )]
    );
}

// spec: SCHEMA-6, SCHEMA-7, SCHEMA-8, SCHEMA-16
#[test]
fn bounds() {
    assert_eq!(
        told_of_output("type = 'integer'\nminimum = 0.5\nmaximum = 'x'\nexclusiveMinimum = 1e300"),
        [
            "schema-wrong-type: `minimum` must be an integer, as its `type` is, found a number [0.5] {}",
            "schema-wrong-type: `maximum` must be an integer, as its `type` is, found a string ['x'] {}",
            "schema-wrong-type: `exclusiveMinimum` must be an integer, as its `type` is, found a number [1e300] {}",
        ]
    );
    for empty in [
        "type = 'number'\nminimum = 2\nmaximum = 1",
        "type = 'number'\nexclusiveMinimum = 1\nmaximum = 1",
        "type = 'integer'\nexclusiveMinimum = 1\nexclusiveMaximum = 1",
    ] {
        assert_eq!(
            told_of_output(empty),
            ["schema-empty-range: no number is within these bounds [[output]] {}"]
        );
    }
    assert_eq!(
        told_of_output("type = 'string'\nminLength = 3\nmaxLength = 2"),
        ["schema-empty-range: `minLength` is greater than `maxLength` [[output]] {}"]
    );
    assert_eq!(
        told_of_output("type = 'string'\nminLength = -1\nmaxLength = 1.5"),
        [
            "schema-wrong-type: `minLength` must be an integer from 0 [-1] {}",
            "schema-wrong-type: `maxLength` must be an integer from 0 [1.5] {}",
        ]
    );
    assert_eq!(
        output("type = 'string'\nmaxLength = 3.0").kind,
        output("type = 'string'\nmaxLength = 3").kind
    );
    output("type = 'number'\nminimum = 1\nmaximum = 1");
}

// spec: SCHEMA-9
#[test]
fn enumerations() {
    assert_eq!(
        output("enum = ['b', 'a']").kind,
        SchemaKind::Enum(std::sync::Arc::new(vec!["b".into(), "a".into()]))
    );
    assert_eq!(output("enum = ['b', 'a']").kind, output("type = 'string'\nenum = ['b', 'a']").kind);
    assert_eq!(
        told_of_output("enum = ['a', 1, 'a']\nmaxLength = 3"),
        [
            "schema-wrong-type: a value of `enum` must be a string, as the first is, found an integer [1] {}",
            "schema-duplicate: `a` stands twice in `enum` ['a'] {}",
        ]
    );
    assert_eq!(told_of_output("enum = []"), ["schema-empty-range: `enum` admits nothing [[]] {}"]);
    assert_eq!(
        told_of_output("enum = 'a'"),
        ["schema-wrong-type: `enum` must be an array of strings, found a string ['a'] {write `[\"a\"]`}"]
    );
}

// spec: SCHEMA-9, SCHEMA-30
#[test]
fn numbers_and_booleans_are_listed_as_texts_are() {
    let among = |values: &[f64]| NumberBounds { among: values.to_vec(), ..NumberBounds::default() };
    assert_eq!(output("enum = [3, 1.0]").kind, SchemaKind::Integer(among(&[3.0, 1.0])));
    assert_eq!(output("type = 'number'\nenum = [3, -0.0]").kind, SchemaKind::Number(among(&[3.0, 0.0])));
    assert_eq!(output("enum = [3, 0.5]").kind, SchemaKind::Number(among(&[3.0, 0.5])));
    assert_eq!(output("const = 7").kind, SchemaKind::Integer(among(&[7.0])));
    assert_eq!(output("enum = [7, 8]\nconst = 7").kind, SchemaKind::Integer(among(&[7.0])));
    assert_eq!(output("const = 'a'").kind, SchemaKind::Enum(vec!["a".into()].into()));
    assert_eq!(output("const = true").kind, SchemaKind::Boolean(Some(true)));
    assert_eq!(output("enum = [true, false]").kind, SchemaKind::Boolean(None));
    assert_eq!(
        told_of_output("enum = [1, 1.0, 'a', 2.5, {}]\ntype = 'integer'"),
        [
            "schema-duplicate: `1` stands twice in `enum` [1.0] {}",
            "schema-wrong-type: a value of `enum` must be an integer, as its `type` is, found a string ['a'] {}",
            "schema-wrong-type: a value of `enum` must be an integer, as its `type` is, found a number [2.5] {}",
            "schema-unsupported: a value of `enum` is a table, which this version does not support [{}] \
             {give its parts schemas of their own, with `const` where one is fixed}",
        ]
    );
    assert_eq!(
        told_of_output("const = ['a']"),
        ["schema-unsupported: `const` is an array, which this version does not support [['a']] \
          {give its parts schemas of their own, with `const` where one is fixed}"]
    );
}

// spec: SCHEMA-16, SCHEMA-31
#[test]
fn keywords_that_contradict_each_other() {
    let outside = |shown: &str, marked: &str| {
        format!(
            "schema-contradiction: `{shown}` is listed, and the bounds beside it do not admit it [{marked}] \
             {{remove the value, or the bound}}"
        )
    };
    assert_eq!(told_of_output("enum = [1, 7]\nmaximum = 5"), [outside("7", "7")]);
    assert_eq!(told_of_output("const = 7\nmultipleOf = 2"), [outside("7", "7")]);
    assert_eq!(told_of_output("const = 0.5\nexclusiveMinimum = 0.5"), [outside("0.5", "0.5")]);
    assert_eq!(told_of_output("enum = ['a', 'äöü']\nmaxLength = 2"), [outside("äöü", "'äöü'")]);
    assert_eq!(
        told_of_output("enum = [1, 2]\nconst = 3"),
        [
            "schema-contradiction: `3` is not among the values of `enum` [3] {`const` alone says it; remove `enum`}"
        ]
    );
    for (keywords, message) in [
        ("type = 'integer'\nexclusiveMinimum = 1\nexclusiveMaximum = 2", "no integer is within these bounds"),
        (
            "type = 'integer'\nminimum = 11\nmaximum = 19\nmultipleOf = 10",
            "no multiple of 10 is within these bounds",
        ),
        (
            "type = 'integer'\nminimum = -9\nmaximum = -1\nmultipleOf = 10",
            "no multiple of 10 is within these bounds",
        ),
        (
            "type = 'array'\nuniqueItems = true\nminItems = 3\nitems = { type = 'boolean' }",
            "`minItems` asks for 3 items, all of them different, and there are 2 different values",
        ),
        (
            "type = 'array'\nuniqueItems = true\nminItems = 4\nitems = { type = 'integer', minimum = -5, maximum = 5, multipleOf = 5 }",
            "`minItems` asks for 4 items, all of them different, and there are 3 different values",
        ),
    ] {
        assert_eq!(told_of_output(keywords), [format!("schema-empty-range: {message} [[output]] {{}}")]);
    }
    output("type = 'integer'\nminimum = -10\nmaximum = -1\nmultipleOf = 10");
    output("type = 'array'\nuniqueItems = true\nminItems = 3\nitems = { enum = ['a', 'b', 'c'] }");
}

// spec: SCHEMA-32
#[test]
fn multiples_are_of_integers() {
    assert_eq!(
        told_of_output("type = 'number'\nmultipleOf = 0.1"),
        [
            "schema-unsupported-keyword: `multipleOf` is not supported for `type = \"number\"`, only for `integer` \
          [multipleOf] {count in the smallest unit, as an integer: cents, not euros}"
        ]
    );
    for wrong in ["0", "-2", "0.5", "'2'"] {
        let told = told_of_output(&format!("type = 'integer'\nmultipleOf = {wrong}"));
        assert!(
            told[0].starts_with("schema-wrong-type: `multipleOf` must be an integer from 1, found"),
            "{told:?}"
        );
    }
    assert_eq!(
        told_of_output("type = 'array'\nitems = { type = 'string' }\nuniqueItems = 1"),
        ["schema-wrong-type: `uniqueItems` must be `true` or `false`, found an integer [1] {}"]
    );
}

// spec: SCHEMA-10
#[test]
fn arrays() {
    assert_eq!(
        told_of_output("type = 'array'\nminItems = 2\nmaxItems = 1"),
        [
            "schema-empty-range: `minItems` is greater than `maxItems` [[output]] {}",
            "schema-missing-items: an array needs `items` [[output]] \
             {say what it holds: `items = { type = \"string\" }`}",
        ]
    );
}

// spec: SCHEMA-11, SCHEMA-17
#[test]
fn objects() {
    assert_eq!(
        told_of_output(
            "type = 'object'\nrequired = ['a', 'totl', 'a', 1, 'zzz']\nadditionalProperties = 7\n\
             properties = { a = { type = 'string', required = true }, total = { type = 'number' }, 'x y' = { type = 'string' }, '_' = { type = 'string' }, ä = { type = 'string' } }"
                .replace("ä =", "'ä' =")
                .as_str()
        ),
        [
            "schema-wrong-type: `additionalProperties` must be `true`, `false` or a schema, found an integer [7] {}",
            "schema-unknown-property: `required` names `totl`, which `properties` does not have ['totl'] \
             {did you mean `total`?}",
            "schema-duplicate: `a` stands twice in `required` ['a'] {}",
            "schema-wrong-type: a name in `required` must be a string, found an integer [1] {}",
            "schema-unknown-property: `required` names `zzz`, which `properties` does not have ['zzz'] \
             {add `zzz` to `properties`}",
            "schema-misplaced-keyword: `required` does not go with `type = \"string\"` [required] \
             {allowed there: `type`, `enum`, `const`, `minLength`, `maxLength`, `pattern`}",
            "schema-bad-property-name: `x y` cannot name a property ['x y'] \
             {a name starts with a letter and goes on with letters, digits, `_` or `-` (ASCII)}",
            "schema-bad-property-name: `_` cannot name a property ['_'] \
             {a name starts with a letter and goes on with letters, digits, `_` or `-` (ASCII)}",
            "schema-bad-property-name: `ä` cannot name a property ['ä'] \
             {a name starts with a letter and goes on with letters, digits, `_` or `-` (ASCII)}",
        ]
    );
    assert_eq!(
        told_of_output("type = 'object'\nrequired = true\nproperties = []"),
        [
            "schema-wrong-type: `properties` must be a table, found an array [[]] {}",
            "schema-wrong-type: `required` must be an array of strings, found a boolean [true] \
             {`required` stands beside `properties` and lists their names: `required = [\"total\"]`}",
        ]
    );
}

// spec: SCHEMA-12
#[test]
fn properties_stand_in_the_order_that_canonical_json_keeps() {
    let SchemaKind::Object(object) = output(
        "type = 'object'\nrequired = ['z', 'm']\n[output.properties]\nb.type = 'string'\nm.type = 'string'\nz.type = 'string'\na.type = 'string'",
    )
    .kind
    else {
        panic!("an object")
    };
    let order: Vec<(&str, bool)> =
        object.properties.iter().map(|property| (property.name.as_str(), property.required)).collect();
    assert_eq!(order, [("z", true), ("m", true), ("a", false), ("b", false)]);
    assert!(object.additional);
}

// spec: SCHEMA-13, SCHEMA-18
#[test]
fn references() {
    assert_eq!(
        told(
            "[types.Line]\ntype = 'string'\n[types.line_item]\ntype = 'string'\n\
             [output]\ntype = 'array'\nitems = { '$ref' = '#/types/Lin' }\n\
             [input]\ntype = 'object'\n[input.properties]\na = { '$ref' = 'Line' }\nb = { '$ref' = '#/types/Order', type = 'object' }\n"
        ),
        [
            "schema-bad-type-name: `line_item` is not a name for a type [line_item] \
             {names of types are UpperCamelCase: `[types.LineItem]`}",
            "schema-bad-ref: `$ref` does not point to a type: `Line` ['Line'] \
             {a reference is written `$ref = \"#/types/Name\"`}",
            "schema-misplaced-keyword: `type` does not go with `$ref` [type] {allowed there: `$ref`}",
            "schema-bad-ref: there is no type `Order` ['#/types/Order'] {add a section `[types.Order]`}",
            "schema-bad-ref: there is no type `Lin` ['#/types/Lin'] {did you mean `#/types/Line`?}",
        ]
    );
    assert_eq!(
        told("[[types]]\n"),
        ["schema-wrong-type: `[types]` must be a table, found an array [[[types]]] {}"]
    );
}

/// Each error of these types as `message [marked text] note`.
fn told_of_types(types: &str) -> Vec<String> {
    let (text, spec) = read(types);
    let shown = |error: &crate::Diagnostic| {
        let span = error.label.as_ref().expect("a place").0;
        let note = error.note.as_deref().unwrap_or("");
        format!("{} [{}] {note}", error.message, &text[span.start..span.end])
    };
    spec.expect_err("errors").iter().map(shown).collect()
}

// spec: SCHEMA-14
#[test]
fn types_without_an_end_are_refused() {
    assert_eq!(
        told_of_types(
            "[types.B]\ntype = 'array'\nminItems = 1\nitems = { '$ref' = '#/types/C' }\n\
             [types.C]\ntype = 'object'\nrequired = ['b']\nproperties.b = { '$ref' = '#/types/B' }\n\
             [types.D]\n'$ref' = '#/types/B'\n[types.E]\n'$ref' = '#/types/E'\n[types.F]\ntype = 'string'\n\
             [input]\n'$ref' = '#/types/E'\n"
        ),
        [
            "no value of type `B` ever ends [[types.B]] it contains itself by way of B → C → B",
            "no value of type `E` ever ends [[types.E]] it contains itself by way of E → E",
        ]
    );
}

// spec: SCHEMA-35
#[test]
fn an_object_stands_between_a_type_and_itself() {
    assert_eq!(
        told_of_types(
            "[types.Tree]\ntype = 'array'\nitems = { '$ref' = '#/types/Trees' }\n\
             [types.Trees]\ntype = 'array'\nitems = { '$ref' = '#/types/Tree' }\n"
        ),
        ["type `Tree` contains itself without an object between [[types.Tree]] \
          it contains itself by way of Tree → Trees → Tree"]
    );
    let trees = "[types.Tree]\ntype = 'object'\nproperties.below = { '$ref' = '#/types/Trees' }\n\
                 [types.Trees]\ntype = 'array'\nitems = { '$ref' = '#/types/Tree' }\n\
                 [types.Chain]\ntype = 'object'\nrequired = ['link']\n\
                 properties.link = { type = 'object', properties = { next = { '$ref' = '#/types/Chain' } } }\n";
    let spec = read(trees).1.expect("a spec");
    let in_place = crate::schema::InPlace::of(&spec.types);
    assert!(in_place.meet("Chain", "Chain"));
    assert!(!in_place.meet("Tree", "Tree") && !in_place.meet("Tree", "Chain"));
}

// spec: SCHEMA-15
#[test]
fn the_input_is_an_object() {
    assert_eq!(
        told("[input]\ntype = 'string'\n"),
        ["schema-not-an-object: `[input]` must describe an object [[input]] \
          {write `type = \"object\"` and name the values in `properties`}"]
    );
    assert!(read("[types.In]\ntype = 'object'\n[input]\n'$ref' = '#/types/In'\n").1.is_ok());
}

// spec: SCHEMA-50
#[test]
fn maps() {
    let map =
        "type = 'object'\nadditionalProperties = { type = 'number' }\nminProperties = 1\nmaxProperties = 3";
    let SchemaKind::Map(values, bounds) = output(map).kind else { panic!("no map") };
    assert!(matches!(values.kind, SchemaKind::Number(_)));
    assert_eq!((bounds.min, bounds.max), (Some(1), Some(3)));
    let told = |schema: &str| told_of_output(schema).join("\n");
    for (schema, error) in [
        (
            "type = 'object'\nproperties = {}\nadditionalProperties = { type = 'number' }",
            "schema-unsupported: `properties` beside a schema as `additionalProperties` is not supported by this version",
        ),
        ("type = 'object'\nminProperties = 1", "schema-missing-values: a map needs `additionalProperties`"),
        (
            "type = 'object'\nproperties = {}\nminProperties = 1",
            "schema-misplaced-keyword: `minProperties` does not go with `type = \"object\"`",
        ),
        (
            "type = 'object'\nadditionalProperties = {}",
            "schema-missing-type: the schema `[output].additionalProperties` has no `type`",
        ),
        (
            "type = 'object'\nadditionalProperties = { type = 'number' }\nminProperties = 2\nmaxProperties = 1",
            "schema-empty-range: `minProperties` is greater than `maxProperties`",
        ),
    ] {
        assert!(told(schema).contains(error), "{schema}: {}", told(schema));
    }
}

// spec: SCHEMA-55
#[test]
fn one_type_may_stand_beside_null() {
    for types in ["['string', 'null']", "['null', 'string']"] {
        let SchemaKind::Nullable(value) = output(&format!("type = {types}\nmaxLength = 3")).kind else {
            panic!("{types}");
        };
        assert!(matches!(value.kind, SchemaKind::String(bounds) if bounds.length.max == Some(3)), "{types}");
    }
    let schema = output(
        "type = ['object', 'null']\ndescription = 'A cart.'\nproperties = { a = { type = 'integer' } }",
    );
    let SchemaKind::Nullable(value) = schema.kind else { panic!("nullable") };
    assert!(matches!(value.kind, SchemaKind::Object(_)));
    // The type that is made of it is told what the whole is.
    assert_eq!(value.description.as_deref(), Some("A cart."));
    let one = "a list of types is one type and `\"null\"`";
    for (types, error) in [
        (
            "[]",
            format!(
                "schema-unsupported: {one} [[]] {{make an optional property for each type that the value may have}}"
            ),
        ),
        (
            "['string']",
            format!(
                "schema-unsupported: {one} [['string']] {{write `type = \"string\"`, or `type = [\"string\", \"null\"]`}}"
            ),
        ),
        (
            "['string', 'integer']",
            format!(
                "schema-unsupported: {one} [['string', 'integer']] {{make an optional property for each type that the value may have}}"
            ),
        ),
        (
            "['string', 'integer', 'null']",
            format!(
                "schema-unsupported: {one} [['string', 'integer', 'null']] {{make an optional property for each type that the value may have}}"
            ),
        ),
        ("['null', 'null']", "schema-duplicate: `null` stands twice in `type` ['null'] {}".into()),
        (
            "['text', 'null']",
            "schema-unknown-type: unknown type `text` [['text', 'null']] {did you mean `string`?}".into(),
        ),
        (
            "[1, 'null']",
            "schema-wrong-type: a name in `type` must be a string, found an integer [1] {}".into(),
        ),
        ("1", "schema-wrong-type: `type` must be a string, found an integer [1] {}".into()),
    ] {
        assert_eq!(told_of_output(&format!("type = {types}")), [error]);
    }
    assert_eq!(
        told_of_output("type = ['boolean', 'null']\nmaxLength = 3"),
        [
            "schema-misplaced-keyword: `maxLength` does not go with `type = [\"boolean\", \"null\"]` [maxLength] {allowed there: `type`, `enum`, `const`}"
        ]
    );
}

// spec: SCHEMA-56
#[test]
fn null_alone_and_a_reference_or_null() {
    assert_eq!(output("type = 'null'").kind, SchemaKind::Null);
    let row = "[types.Row]\ntype = 'object'\n";
    let (_, spec) =
        read(&format!("[output]\nanyOf = [{{ type = 'null' }}, {{ '$ref' = '#/types/Row' }}]\n{row}"));
    let schema = spec.expect("a spec").output.expect("an output");
    assert!(
        matches!(schema.kind, SchemaKind::Nullable(value) if value.kind == SchemaKind::Ref("Row".into()))
    );
    let only = "schema-unsupported: `anyOf` is for a `$ref` or null";
    let way = "write `anyOf = [{ \"$ref\" = \"#/types/Name\" }, { type = \"null\" }]`, or make a property for each type";
    for (any_of, error) in [
        ("[]", format!("{only} [[]] {{{way}}}")),
        ("[{ type = 'string' }]", format!("{only} [[{{ type = 'string' }}]] {{{way}}}")),
        (
            "[{ type = 'string' }, { type = 'null' }]",
            format!(
                "{only} [[{{ type = 'string' }}, {{ type = 'null' }}]] {{write the type with null beside it: `type = [\"string\", \"null\"]`}}"
            ),
        ),
        ("1", "schema-wrong-type: `anyOf` must be an array of schemas, found an integer [1] {}".into()),
    ] {
        assert_eq!(told_of_output(&format!("anyOf = {any_of}")), [error]);
    }
}

// spec: SCHEMA-57
#[test]
fn tuples_have_one_length() {
    let pair = "type = 'array'\nprefixItems = [{ type = 'integer' }, { type = 'string' }]";
    for closed in ["minItems = 2", "minItems = 2\nmaxItems = 2", "minItems = 2.0\nmaxItems = 9"] {
        let schema = output(&format!("{pair}\nitems = false\n{closed}"));
        assert!(matches!(schema.kind, SchemaKind::Tuple(items) if items.len() == 2), "{closed}");
    }
    assert_eq!(
        told_of_output(pair),
        [
            "schema-open-tuple: this array may go on after its `prefixItems` [[output]] {add `items = false`}",
            "schema-open-tuple: this array may end before its `prefixItems` do [[output]] {write `minItems = 2`}"
        ]
    );
    for (more, error) in [
        (
            "minItems = 2\nitems = { type = 'string' }",
            "schema-open-tuple: `items` beside `prefixItems` must be `false` [{ type = 'string' }] {write `items = false`, and put what follows into an array of its own}",
        ),
        (
            "items = false\nminItems = 1",
            "schema-open-tuple: this array may end before its `prefixItems` do [1] {write `minItems = 2`}",
        ),
        (
            "items = false\nminItems = 3",
            "schema-empty-range: `prefixItems` has 2 schemas, which `minItems` or `maxItems` excludes [[output]] {}",
        ),
        (
            "items = false\nminItems = 2\nmaxItems = 1",
            "schema-empty-range: `prefixItems` has 2 schemas, which `minItems` or `maxItems` excludes [[output]] {}",
        ),
    ] {
        assert_eq!(told_of_output(&format!("{pair}\n{more}")), [error]);
    }
    let many = "{ type = 'integer' }, ".repeat(13);
    for (items, length) in [("", 0), (many.as_str(), 13)] {
        let told = told_of_output(&format!("type = 'array'\nprefixItems = [{items}]\nitems = false"));
        assert!(
            told[0].starts_with(&format!(
                "schema-unsupported: `prefixItems` has from 1 to 12 schemas, not {length}"
            )),
            "{told:?}"
        );
    }
}

// spec: SCHEMA-59
#[test]
fn tuples_within_tuples_have_a_bound() {
    let tuple = |name: &str, of: &str| {
        format!("[types.{name}]\ntype = 'array'\nprefixItems = [{of}, {of}]\nitems = false\nminItems = 2\n")
    };
    let chain = |length: usize| -> String {
        let name = |at: usize| format!("T{at:03}");
        (0..length)
            .map(|at| tuple(&name(at), &format!("{{ '$ref' = '#/types/{}' }}", name(at + 1))))
            .chain([tuple(&name(length), "{ type = 'integer' }")])
            .collect()
    };
    assert!(read(&chain(6)).1.is_ok());
    for length in [7, 60, 400] {
        let told = told(&chain(length));
        assert!(told.iter().all(|error| error.starts_with("schema-tuple-too-large: type `T")), "{told:?}");
    }
}

// spec: SCHEMA-65
#[test]
fn types_are_counted() {
    let types = |count: usize| -> String {
        let one = |at| {
            format!(
                "[types.T{at}]\ntype = 'object'\nproperties = {{ t = {{ '$ref' = '#/types/T{}' }} }}\n",
                at + 1
            )
        };
        (0..count - 1).map(one).collect::<String>() + &format!("[types.T{}]\ntype = 'string'\n", count - 1)
    };
    let output = "[output]\n'$ref' = '#/types/T0'\n";
    assert!(read(&format!("{output}{}", types(1_000))).1.is_ok());
    assert_eq!(
        told(&format!("{output}{}", types(1_001))),
        ["schema-too-many-types: a contract has at most 1000 types [T1000] {}"]
    );
}
