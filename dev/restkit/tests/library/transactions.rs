//! Transactions: all of it happens or nothing, whatever becomes of the caller.

use std::time::Duration;

use restkit::Settings;
use restkit::db::{Connection, Transaction};
use restkit::testing::TestClient;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, Set, TransactionTrait,
};

use crate::models::tag;
use crate::{both, project};

both!(
    what_is_committed_stays,
    what_is_dropped_is_undone,
    a_part_can_fail_alone,
    a_dropped_part_is_undone,
    a_query_may_come_first,
    the_first_effect_is_counted_right,
    a_copy_cannot_outlive_it,
);

async fn add(db: &impl ConnectionTrait, name: &str) -> Result<tag::Model, DbErr> {
    let tag = tag::ActiveModel {
        name: Set(name.to_owned()),
        ..Default::default()
    };
    tag.insert(db).await
}

/// The tags beside the two that every client has.
async fn added(db: &impl ConnectionTrait) -> u64 {
    tag::Entity::find().count(db).await.unwrap() - 2
}

async fn begin(client: &TestClient) -> Transaction {
    client.db().begin().await.unwrap()
}

async fn what_is_committed_stays(client: TestClient) {
    let transaction = begin(&client).await;
    let tag = add(&transaction, "green").await.unwrap();
    transaction.commit().await.unwrap();
    let found = tag::Entity::find_by_id(tag.id).one(client.db()).await;
    assert_eq!(found.unwrap().unwrap().name, "green");
}

async fn what_is_dropped_is_undone(client: TestClient) {
    let transaction = begin(&client).await;
    add(&transaction, "green").await.unwrap();
    drop(transaction);
    assert_eq!(added(client.db()).await, 0);
    add(client.db(), "green").await.unwrap();
}

async fn a_part_can_fail_alone(client: TestClient) {
    let transaction = begin(&client).await;
    add(&transaction, "green").await.unwrap();
    let part = transaction.begin().await.unwrap();
    assert!(add(&part, "green").await.is_err(), "a name is unique");
    part.rollback().await.unwrap();
    add(&transaction, "pink").await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(added(client.db()).await, 2);
}

async fn a_dropped_part_is_undone(client: TestClient) {
    let transaction = begin(&client).await;
    let outer = transaction.begin().await.unwrap();
    add(&outer, "green").await.unwrap();
    let inner = outer.begin().await.unwrap();
    add(&inner, "pink").await.unwrap();
    drop(inner);
    add(&outer, "grey").await.unwrap();
    outer.commit().await.unwrap();
    drop(transaction.begin().await.unwrap());
    assert_eq!(added(&transaction).await, 2);
    transaction.commit().await.unwrap();
    assert_eq!(added(client.db()).await, 2);
}

async fn a_query_may_come_first(client: TestClient) {
    let transaction = begin(&client).await;
    assert_eq!(added(&transaction).await, 0);
    assert_eq!(
        tag::Entity::find().all(&transaction).await.unwrap().len(),
        2
    );
    add(&transaction, "green").await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(added(client.db()).await, 0);
}

async fn the_first_effect_is_counted_right(client: TestClient) {
    add(client.db(), "green").await.unwrap();
    let transaction = begin(&client).await;
    let deleted = tag::Entity::delete_by_id(9_999)
        .exec(&transaction)
        .await
        .unwrap();
    assert_eq!(deleted.rows_affected, 0);
    transaction.commit().await.unwrap();
}

async fn a_copy_cannot_outlive_it(client: TestClient) {
    let transaction = begin(&client).await;
    add(&transaction, "green").await.unwrap();
    let copy: Connection = transaction.connection().clone();
    drop(transaction);
    // On PostgreSQL the transaction is open as long as there is a copy, and never committed.
    let late = add(&copy, "pink").await;
    assert!(late.is_err() || copy.get_database_backend() == sea_orm::DbBackend::Postgres);
    drop(copy);
    assert_eq!(added(client.db()).await, 0);
}

#[tokio::test]
async fn a_first_statement_that_fails_has_begun_nothing() {
    let client = crate::client("sqlite::memory:").await;
    let transaction = begin(&client).await;
    assert!(add(&transaction, "red").await.is_err(), "a name is unique");
    add(&transaction, "green").await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(added(client.db()).await, 0);
}

/// Whoever asks may be gone at any moment: the client hangs up, a time limit is over.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_is_cut_off_anywhere_is_done_or_undone() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("db").display());
    let set = |settings: &mut Settings| settings.database_url = url;
    let client = TestClient::with_settings(project(), set).await;
    let db = client.db();
    let mut committed = 0;
    for turn in 0_u64..300 {
        let work = async {
            let transaction = db.begin().await?;
            add(&transaction, &format!("{turn} first")).await?;
            let part = transaction.begin().await?;
            add(&part, &format!("{turn} second")).await?;
            part.commit().await?;
            transaction.commit().await
        };
        let patience = Duration::from_micros(turn * 5);
        if let Ok(done) = tokio::time::timeout(patience, work).await {
            done.unwrap();
            committed += 1;
        }
        add(db, &format!("{turn} after")).await.unwrap();
    }
    // What is cut off during COMMIT may have happened, as a whole.
    let pairs = tag::Entity::find().count(db).await.unwrap() - 300;
    assert_eq!(pairs % 2, 0);
    assert!(pairs / 2 >= committed, "{pairs} {committed}");
    assert!(committed < 300, "nothing was cut off");
}
