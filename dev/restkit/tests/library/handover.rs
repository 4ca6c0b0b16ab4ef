//! Writers who wait in line for SQLite: COMMIT of one travels with the first statement of the next, and still each is
//! told what became of its own work.

use std::collections::BTreeSet;
use std::time::Duration;

use restkit::Settings;
use restkit::db::Connection;
use restkit::testing::TestClient;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, Set, TransactionTrait};

use crate::models::tag;
use crate::project;

const WRITERS: usize = 24;
const TURNS: usize = 40;

/// The work of a writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Commit,
    /// It rolls back by itself.
    RollBack,
    /// Its statement fails.
    Twice,
    /// Its COMMIT fails: a row refers to one that is not there.
    Dangling,
    /// It is a statement without a transaction.
    Single,
    /// Its caller goes away.
    CutOff,
}

/// The answer to its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Done,
    Failed,
    Nothing,
}

impl Kind {
    fn of(number: usize) -> Self {
        let kinds = [
            Self::Commit,
            Self::Single,
            Self::Commit,
            Self::Twice,
            Self::Dangling,
            Self::CutOff,
            Self::RollBack,
        ];
        kinds[number % kinds.len()]
    }
}

async fn add(db: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    let tag = tag::ActiveModel {
        name: Set(name.to_owned()),
        ..Default::default()
    };
    tag.insert(db).await.map(drop)
}

async fn write(db: &Connection, kind: Kind, name: &str) -> Result<(), DbErr> {
    if kind == Kind::Single {
        return add(db, name).await;
    }
    let transaction = db.begin().await?;
    if kind == Kind::Dangling {
        let later = "PRAGMA defer_foreign_keys = ON";
        transaction.execute_unprepared(later).await?;
    }
    add(&transaction, name).await?;
    match kind {
        Kind::Twice => add(&transaction, "red").await?,
        Kind::Dangling => {
            let dangling = "INSERT INTO library_book_tag (book_id, tag_id) VALUES (9999, 1)";
            transaction.execute_unprepared(dangling).await?;
        }
        Kind::RollBack => {
            transaction.rollback().await?;
            return Err(DbErr::Custom("on purpose".to_owned()));
        }
        Kind::Commit | Kind::Single | Kind::CutOff => {}
    }
    transaction.commit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_many_writers_is_told_what_became_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("db").display());
    let client = open(&url).await;
    add(client.db(), "red").await.unwrap();
    let writers = (0..WRITERS).map(|writer| {
        let db = client.db().clone();
        tokio::spawn(async move {
            let mut told = Vec::new();
            for turn in 0..TURNS {
                let (kind, name) = (Kind::of(writer + turn), format!("{writer} {turn}"));
                let work = write(&db, kind, &name);
                let answer = if kind == Kind::CutOff {
                    let patience = Duration::from_micros((writer * turn) as u64 * 20);
                    tokio::time::timeout(patience, work).await.ok()
                } else {
                    Some(work.await)
                };
                let answer = match answer {
                    None => Told::Nothing,
                    Some(Ok(())) => Told::Done,
                    Some(Err(_)) => Told::Failed,
                };
                told.push((kind, answer, name));
            }
            told
        })
    });
    let mut told = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        told.extend(writer.await.unwrap());
    }
    // Another program can write: nothing was left open.
    add(open(&url).await.db(), "late").await.unwrap();
    let tags = tag::Entity::find().all(client.db()).await.unwrap();
    let kept: BTreeSet<String> = tags.into_iter().map(|tag| tag.name).collect();
    for (kind, answer, name) in &told {
        let is_kept = kept.contains(name);
        match (kind, answer) {
            (Kind::Commit | Kind::Single, answer) => assert_eq!(*answer, Told::Done, "{name}"),
            (Kind::CutOff, answer) => assert_ne!(*answer, Told::Failed, "{name}"),
            (_, answer) => assert_eq!(*answer, Told::Failed, "{kind:?} {name}"),
        }
        if *answer != Told::Nothing {
            assert_eq!(is_kept, *answer == Told::Done, "{kind:?} {answer:?} {name}");
        }
    }
    let kinds: BTreeSet<_> = told
        .iter()
        .map(|(kind, answer, _)| (kind, answer))
        .collect();
    assert!(
        kinds.contains(&(&Kind::CutOff, &Told::Nothing)),
        "nothing was cut off"
    );
}

async fn open(url: &str) -> TestClient {
    let set = |settings: &mut Settings| settings.database_url = url.to_owned();
    TestClient::with_settings(project(), set).await
}
