//! The help texts and the errors of the command line, word for word: `tests/cmd/*.trycmd`.
//! `TRYCMD=overwrite cargo test sessions` writes them anew.

#[test]
fn sessions() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .case("tests/cmd/*.trycmd");
}
