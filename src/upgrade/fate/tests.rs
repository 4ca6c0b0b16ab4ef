use proptest::prelude::*;

use super::*;

const BASE: &str = "one\ntwo\nthree\nfour\nfive\n";

fn fate(path: &str, own: Option<&str>, new: Option<&str>, choice: Option<Choice>) -> Fate {
    let made = digest(BASE.as_bytes());
    let texts = Texts {
        path,
        made: Some(&made),
        base: Some(BASE),
        own,
        new,
    };
    decide(texts, choice)
}

#[test]
fn each_pair_of_changes_has_its_fate() {
    let new = BASE.replace("five", "FIVE");
    let own = BASE.replace("one", "ONE");
    let both = new.replace("one", "ONE");
    for (mine, theirs, expected) in [
        (Some(BASE), Some(BASE), Fate::Same),
        (Some(BASE), Some(new.as_str()), Fate::Replace(new.clone())),
        (Some(own.as_str()), Some(BASE), Fate::Same),
        (Some(own.as_str()), Some(new.as_str()), Fate::Merge(both)),
        (Some(new.as_str()), Some(new.as_str()), Fate::Same),
        (None, Some(BASE), Fate::Same),
        (None, Some(new.as_str()), Fate::Leave(DELETED)),
        (Some(BASE), None, Fate::Remove),
        (Some(own.as_str()), None, Fate::Leave(DROPPED)),
        (None, None, Fate::Same),
    ] {
        assert_eq!(
            fate("notes.txt", mine, theirs, None),
            expected,
            "{mine:?} {theirs:?}"
        );
    }
}

#[test]
fn what_nobody_has_made_before_comes_unless_it_is_there() {
    let texts = |own, new| Texts {
        path: "a.txt",
        made: None,
        base: None,
        own,
        new,
    };
    assert_eq!(
        decide(texts(None, Some("new\n")), None),
        Fate::Create("new\n".to_owned())
    );
    assert_eq!(
        decide(texts(Some("new\n"), Some("new\n")), None),
        Fate::Same
    );
    assert!(matches!(
        decide(texts(Some("own\n"), Some("new\n")), None),
        Fate::Conflict(_)
    ));
    assert_eq!(decide(texts(Some("own\n"), None), None), Fate::Same);
}

#[test]
fn ends_of_lines_are_the_projects() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let new = BASE.replace("five", "FIVE");
    let untouched = windows(BASE);
    assert_eq!(
        fate("a.txt", Some(&untouched), Some(&new), None),
        Fate::Replace(windows(&new))
    );
    let own = windows(&BASE.replace("one", "ONE"));
    let both = windows(&new.replace("one", "ONE"));
    assert_eq!(
        fate("a.txt", Some(&own), Some(&new), None),
        Fate::Merge(both)
    );
}

#[test]
fn the_same_lines_changed_by_both_are_a_conflict_with_its_line() {
    let own = BASE.replace("three", "mine");
    let new = BASE.replace("three", "theirs");
    let Fate::Conflict(places) = fate("a.txt", Some(&own), Some(&new), None) else {
        panic!("a conflict");
    };
    assert_eq!(places.len(), 1);
    assert_eq!(
        (
            places[0].line,
            places[0].own.as_str(),
            places[0].new.as_str()
        ),
        (3, "mine\n", "theirs\n")
    );
    let resolved = |choice| fate("a.txt", Some(&own), Some(&new), Some(choice));
    assert_eq!(resolved(Choice::Mine), Fate::Same);
    assert_eq!(resolved(Choice::Theirs), Fate::Merge(new.clone()));
    let Fate::Merge(marked) = resolved(Choice::Markers) else {
        panic!("marks");
    };
    assert!(marked.contains("two\n<<<<<<< yours\nmine\n||||||| as it was made\nthree\n=======\ntheirs\n>>>>>>> the new version\nfour\n"), "{marked}");
}

#[test]
fn merged_rust_is_rust() {
    let base = "fn a() {\n    b();\n\n\n\n    c();\n}\n";
    let made = digest(base.as_bytes());
    let own = base.replace("    b();\n", "    if x {\n    b();\n");
    let new = base.replace("c();", "d();");
    let texts = Texts {
        path: "src/a.rs",
        made: Some(&made),
        base: Some(base),
        own: Some(&own),
        new: Some(&new),
    };
    assert!(matches!(decide(texts, None), Fate::Conflict(_)));
}

proptest! {
    /// Whatever lines somebody has added is in the result, or in a conflict that is told.
    #[test]
    fn no_edit_vanishes(
        own_at in 0_usize..5, new_at in 0_usize..5, removed in proptest::option::of(0_usize..5), word in "[a-z]{3,8}",
    ) {
        let edit = |at: usize, word: &str, without: Option<usize>| {
            let mut lines: Vec<_> = BASE.lines().map(str::to_owned).collect();
            if let Some(without) = without {
                lines[without] = "changed by the new version".to_owned();
            }
            lines.insert(at, word.to_owned());
            lines.join("\n") + "\n"
        };
        let own = edit(own_at, &word, None);
        let new = edit(new_at, "NEW", removed);
        match fate("a.txt", Some(&own), Some(&new), None) {
            Fate::Merge(text) => {
                prop_assert!(text.lines().any(|line| line == word), "{text}");
                prop_assert!(text.lines().any(|line| line == "NEW"), "{text}");
            }
            Fate::Conflict(places) => prop_assert!(!places.is_empty()),
            other => prop_assert!(false, "{other:?}"),
        }
    }
}
