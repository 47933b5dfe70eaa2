use donor_report::diagnostic::Catalogue;
use donor_report::model::Lang;

use super::fixture::{assert_worded, format_problems, printed, render, render_in};

#[test]
fn a_true_claim_is_printed() {
    let claims = [
        "\"achieved\" \"I1\"",
        "\"exceeded\" \"I1\"",
        "\"not_exceeded\" \"I5\"",
        "\"increased\" \"I1\"",
        "\"some\" \"I1\"",
        "\"unchanged\" \"I5\"",
        "\"equal\" \"I5\" (target \"I5\")",
        "\"most\" (by \"I1\" \"sex\" \"F\") \"I1\"",
        "\"not_all\" (by \"I1\" \"sex\" \"F\") \"I1\"",
        "\"minority\" \"I5\" \"I1\"",
        "\"more\" \"I1\" \"I5\"",
        "\"fewer\" \"I5\" \"I1\"",
        "\"none\" (by \"I1\" \"sex\" \"unknown\")",
    ];
    for claim in claims {
        assert_eq!(printed("en", &format!("{{{{#claim {claim}}}}}so{{{{/claim}}}}")), "so", "{claim}");
    }
    assert_eq!(printed("en", "{{claim \"achieved\" \"I1\"}}so{{/claim}}"), "so");
}

#[test]
fn an_untrue_claim_names_its_sentence_and_language() {
    let text = "First. The target {{#claim \"exceeded\" \"I1\"}}was exceeded{{/claim}} by far. Last.";
    assert!(render("en", text).is_ok());
    for (lang, language) in [("en", "en"), ("mk", "mk")] {
        let file = format!("quarterly/summary.{lang}.md");
        let problems = render_in(lang, &[(&file, text)], 0).expect_err("400 is below 500");
        assert_worded(&problems);
        assert_eq!(format_problems(&problems), [format!("error untrue-claim quarterly/summary.{lang}.md:1:19")]);
        let args = &problems[0].args;
        assert_eq!(args["language"], Lang::new(language).as_str());
        assert_eq!(args["figures"], "400, 500");
        assert!(
            args["sentence"].starts_with("The target ") && args["sentence"].ends_with("by far."),
            "{}",
            args["sentence"]
        );
        let message = Catalogue::new("en").sentences(&problems[0]).message;
        assert!(message.contains("was exceeded"), "{message}");
    }
}

#[test]
fn a_claim_on_an_interval_must_hold_for_both_ends() {
    let claim = |kind: &str| printed("en", &format!("{{{{#claim \"{kind}\" \"I4\"}}}}so{{{{/claim}}}}"));
    assert_eq!(claim("exceeded"), "error undecided-claim/undetermined quarterly/summary.en.md:1:1");
    assert_eq!(claim("achieved"), "error undecided-claim/undetermined quarterly/summary.en.md:1:1");
    assert_eq!(claim("some"), "so");
    assert_eq!(
        printed("en", "{{#claim \"increased\" \"I3\"}}so{{/claim}}"),
        "error undecided-claim/absent quarterly/summary.en.md:1:1"
    );
}
