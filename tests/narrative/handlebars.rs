//! The reader of prose against the `handlebars` crate: what both can read comes out the same, white space included.

use proptest::prelude::*;
use serde_json::json;

use super::fixture::{check, printed, render};

/// Pieces of templates that both readers understand.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "word",
        " ",
        "\n",
        "a\n",
        "  b ",
        "{{project.code}}",
        "{{~project.code}}",
        "{{project.code~}}",
        "x{{! note }}",
        "x{{!-- }} --}}",
        "\n{{#if true}}\n",
        "{{#if true}}",
        "{{#if false}}",
        "{{~#unless true~}}",
        "{{/if}}",
        "\n{{/if}}\n",
        "{{/unless}}",
        "{{else}}",
        "\n{{else}}\n",
        "\\{{x}} ",
        "{{literal \"}}\"}}",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_handlebars_prints_is_what_we_print(template in pieces()) {
        // The crate takes a comment behind a trimmed tag for one that stands alone on its line.
        prop_assume!(!(template.contains("~}}") && template.contains("{{!")));
        let mut reference = handlebars::Handlebars::new();
        reference.register_escape_fn(handlebars::no_escape);
        reference.register_helper(
            "literal",
            Box::new(|h: &handlebars::Helper, _: &handlebars::Handlebars, _: &handlebars::Context, _: &mut handlebars::RenderContext, out: &mut dyn handlebars::Output| {
                out.write(h.param(0).and_then(|param| param.value().as_str()).unwrap_or_default())?;
                Ok(())
            }),
        );
        // Signs on either side keep Markdown from trimming what is compared.
        let text = format!("^{template}$");
        let Ok(expected) = reference.render_template(&text, &json!({ "project": { "code": "TEST-1" } })) else {
            return Ok(());
        };
        prop_assume!(!expected.contains("\n    ") && !expected.contains("  \n"));
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(one_line(&printed("en", &text)), one_line(&expected), "{}", template);
    }

    #[test]
    fn nothing_that_is_typed_makes_it_panic(pieces in prop::collection::vec(prop_oneof![
        "\\PC{0,6}",
        prop::sample::select(vec![
            "{{", "}}", "{{#", "{{/", "{{else", "{{{", "{{!--", "(", ")", "\"", "|", "=", "actual", " \"I1\"", "claim", "each",
            "\n", "# ", "- ", "1. ", "> ", "| a |\n|---|\n", "[^1]", "[^1]: ", "![", "](images/a.jpg)", "<b>", "**", "`", "    ",
            "\u{e000}", "\u{e001}", "дваесет и ", "1.2", "\\", "~", "as |a b|", "../", "@index", "{{> a}}", "{{chart \"I1\"}}",
        ]).prop_map(str::to_owned),
    ], 0..16)) {
        let text = pieces.concat();
        let _ = render("mk", &text);
        let problems = check(&[("final/summary.mk.md", &text), ("final/summary.en.md", "{{actual \"I1\"}}"), ("partials/a.mk.md", &text)]);
        prop_assert!(problems.len() < 10_000);
    }
}
