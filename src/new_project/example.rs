//! The project of inputs/myla-2017, as `init --example` writes it. The persons and dates in it are synthetic.

/// A file of the example by its path, and its bytes.
macro_rules! file {
    ($path:literal) => {
        ($path, include_bytes!(concat!("../../inputs/myla-2017/", $path)))
    };
}

/// Every file of the example: path relative to the project's folder, with `/`, and content.
///
/// A list and not the folder, so that nothing that happens to be in the folder (an editor's copy, a register with real
/// names) gets into the program; a test holds it to the files under version control.
pub const FILES: &[(&str, &[u8])] = &[
    file!("activities.xlsx"),
    file!("images/donor-embassy.svg"),
    file!("images/donor-group.svg"),
    file!("images/implementer.svg"),
    file!("lists.xlsx"),
    file!("logframe.xlsx"),
    file!("narrative/final/challenges.en.md"),
    file!("narrative/final/challenges.mk.md"),
    file!("narrative/final/cooperation.en.md"),
    file!("narrative/final/cooperation.mk.md"),
    file!("narrative/final/headline.en.md"),
    file!("narrative/final/headline.mk.md"),
    file!("narrative/final/results.en.md"),
    file!("narrative/final/results.mk.md"),
    file!("narrative/final/summary.en.md"),
    file!("narrative/final/summary.mk.md"),
    file!("narrative/final/sustainability.en.md"),
    file!("narrative/final/sustainability.mk.md"),
    file!("narrative/progress/challenges.en.md"),
    file!("narrative/progress/challenges.mk.md"),
    file!("narrative/progress/cooperation.en.md"),
    file!("narrative/progress/cooperation.mk.md"),
    file!("narrative/progress/headline.en.md"),
    file!("narrative/progress/headline.mk.md"),
    file!("narrative/progress/next-steps.en.md"),
    file!("narrative/progress/next-steps.mk.md"),
    file!("narrative/progress/results.en.md"),
    file!("narrative/progress/results.mk.md"),
    file!("narrative/progress/summary.en.md"),
    file!("narrative/progress/summary.mk.md"),
    file!("narrative/quarterly/2017-Q1/headline.en.md"),
    file!("narrative/quarterly/2017-Q1/headline.mk.md"),
    file!("narrative/quarterly/2017-Q1/next-steps.en.md"),
    file!("narrative/quarterly/2017-Q1/next-steps.mk.md"),
    file!("narrative/quarterly/2017-Q1/results.en.md"),
    file!("narrative/quarterly/2017-Q1/results.mk.md"),
    file!("narrative/quarterly/2017-Q1/summary.en.md"),
    file!("narrative/quarterly/2017-Q1/summary.mk.md"),
    file!("narrative/quarterly/2017-Q2/headline.en.md"),
    file!("narrative/quarterly/2017-Q2/headline.mk.md"),
    file!("narrative/quarterly/2017-Q2/next-steps.en.md"),
    file!("narrative/quarterly/2017-Q2/next-steps.mk.md"),
    file!("narrative/quarterly/2017-Q2/results.en.md"),
    file!("narrative/quarterly/2017-Q2/results.mk.md"),
    file!("narrative/quarterly/2017-Q2/summary.en.md"),
    file!("narrative/quarterly/2017-Q2/summary.mk.md"),
    file!("participants.xlsx"),
    file!("project.toml"),
    file!("pseudonyms.key"),
];
