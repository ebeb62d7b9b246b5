//! What authors may write, and what HTML makes of it.

use super::super::markdown::tests::hostile;
use super::{escaped, render};

// spec: CLI-93
#[test]
fn nothing_in_a_contract_becomes_markup() {
    let attack = "<script>alert(1)</script><img src=x onerror=y> \"' onload=z &amp; `<b>` </style></title>";
    let page = render(&hostile(attack));
    for forbidden in ["<script", "<img", "<b>", "\"' onload", "&amp;amp; "] {
        let expected = usize::from(forbidden == "&amp;amp; ");
        assert_eq!(page.matches(forbidden).count().min(1), expected, "{forbidden} in\n{page}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("</title>").count(), 1);
    let steering = render(&hostile("a\u{1b}[2J\u{202e}b"));
    assert!(!steering.contains('\u{1b}') && !steering.contains('\u{202e}'), "{steering}");
    assert_eq!(escaped("<&>\"'"), "&lt;&amp;&gt;&quot;&#39;");
}

// spec: CLI-93
#[test]
fn the_file_stands_alone_and_is_well_formed() {
    let page = render(&hostile("plain"));
    for forbidden in ["http:", "https:", "<script", "<link", "src=", "url(", "@import"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("default-src 'none'") && page.contains("<html lang=\"en\">"));
    // Every element that is opened is closed, in order.
    let mut open: Vec<&str> = Vec::new();
    let body = page.split_once("</style>").expect("a style").1;
    for tag in body.split('<').skip(1).map(|rest| rest.split('>').next().expect("a tag's end")) {
        let name = tag.split(' ').next().unwrap_or(tag);
        match name.strip_prefix('/') {
            Some(closed) if closed == "head" || open.is_empty() => {}
            Some(closed) => assert_eq!(open.pop(), Some(closed)),
            None if name == "wbr" => {}
            None => open.push(name),
        }
    }
    // Every heading that the contents name is there.
    for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().expect("a quote")) {
        assert_eq!(page.matches(&format!("id=\"{link}\"")).count(), 1, "{link}");
    }
}
