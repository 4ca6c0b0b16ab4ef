//! `?title__icontains=x`, `?search=x` and `?ordering=-id`.

use restkit::testing::TestClient;
use serde_json::json;

use super::{client, get, ids, quoted};

/// Queries, and the books that they find.
const FOUND: &[(&str, &[i64])] = &[
    ("in_print=true", &[1, 2, 4, 6]),
    ("in_print=False", &[3, 5]),
    ("in_print=0", &[3, 5]),
    ("in_print=", &[1, 2, 3, 4, 5, 6]),
    ("id=3", &[3]),
    ("id__ne=3", &[1, 2, 4, 5, 6]),
    ("id__in=1,3,,99", &[1, 3]),
    ("id__in=,", &[]),
    ("id__gt=4", &[5, 6]),
    ("id__range=2,4", &[2, 3, 4]),
    ("id=1&id=2", &[2]),
    ("id__gte=2&id__lt=4", &[2, 3]),
    // Those without a value are others, too.
    ("rating__ne=5", &[2, 3, 5, 6]),
    ("rating__lt=4", &[3, 6]),
    ("rating__isnull=true", &[2, 5]),
    ("rating__isnull=false", &[1, 3, 4, 6]),
    ("price=7", &[1]),
    ("price=0.1", &[5]),
    ("price=12.500", &[2, 4]),
    ("price__lte=12.5", &[1, 2, 4, 5]),
    ("price__range=7,12.5", &[1, 2, 4]),
    ("price__in=0.10,99.99", &[5, 6]),
    ("title=rust", &[3]),
    ("title= rust ", &[3]),
    ("title__iexact=RuST", &[3]),
    ("title__contains=RUST", &[4]),
    ("title__contains=Rust", &[2]),
    ("title__icontains=rust", &[2, 3, 4]),
    ("title__icontains=%", &[2]),
    ("title__icontains=_", &[2]),
    ("title__contains=*", &[2]),
    ("title__contains=[R]", &[]),
    ("title__icontains=\\", &[]),
    ("title__icontains='", &[5]),
    ("title__startswith=r", &[3]),
    ("title__istartswith=r", &[3, 4]),
    ("title__endswith=late", &[5]),
    ("title__endswith=LATE", &[]),
    ("title__iendswith=LATE", &[5]),
    ("title__contains=É", &[1]),
    ("title__ne=rust", &[1, 2, 4, 5, 6]),
    ("genre=fiction", &[1, 5, 6]),
    ("genre__ne=fiction", &[2, 3, 4]),
    ("genre__in=science,fiction", &[1, 2, 3, 4, 5, 6]),
    ("genre__icontains=SCI", &[2, 3, 4]),
    ("mood=wild", &[2, 4, 6]),
    ("code=00000000-0000-0000-0000-000000000001", &[1]),
    ("published=2024-02-29", &[1]),
    ("published__lt=2024-01-01", &[2, 6]),
    ("published__year=2024", &[1, 4, 5]),
    ("published__month=2", &[1, 5, 6]),
    ("published__day=29", &[1]),
    ("published__isnull=true", &[3]),
    ("published__in=2024-03-01,2023-12-31", &[2, 4]),
    // Whatever form a moment is kept in, and whatever time zone it is asked for in.
    ("created_at=2024-01-01T10:00:00Z", &[1]),
    ("created_at=2024-01-01T12:00:00%2B02:00", &[1]),
    ("created_at=2024-01-01T12:00:00+02:00", &[1]),
    ("created_at__gt=2024-01-01T10:00:00Z", &[2, 4, 6]),
    ("created_at__lte=2024-01-01T10:00:00", &[1, 3, 5]),
    ("created_at__lt=2024-01-01", &[5]),
    ("created_at__gte=2024-01-01 09:30", &[1, 2, 3, 4, 6]),
    ("created_at__range=2024-01-01,2024-01-02", &[1, 2, 3]),
    ("created_at__in=2024-01-01T09:30:00Z,2025-06-01", &[3, 4]),
    ("created_at__date=2024-01-01", &[1, 2, 3]),
    ("created_at__year=2024", &[1, 2, 3, 6]),
    ("created_at__year=9999", &[]),
    ("created_at__month=12", &[5, 6]),
    ("created_at__day=31", &[5, 6]),
    ("author=1", &[1, 2, 5]),
    ("author__in=1,2,2", &[1, 2, 3, 4, 5, 6]),
    ("author__name=Ada", &[1, 2, 5]),
    ("author__name__icontains=B", &[3, 4, 6]),
    // What is not declared does not count.
    ("title__regex=(", &[1, 2, 3, 4, 5, 6]),
    ("author_id=99&mood__ne=x", &[1, 2, 3, 4, 5, 6]),
    ("search=rust", &[2, 3, 4]),
    ("search=rust depth", &[4]),
    ("search=rust,science", &[2, 3, 4]),
    ("search=\"in depth\"", &[4]),
    ("search=\"depth in\"", &[]),
    ("search=it's", &[5]),
    ("search=fiction", &[1, 5, 6]),
    ("search=4", &[4]),
    ("search=00", &[2]),
    ("search=%", &[2]),
    ("search= , ", &[1, 2, 3, 4, 5, 6]),
    ("ordering=-id", &[6, 5, 4, 3, 2, 1]),
    ("ordering=in_print,-id", &[5, 3, 6, 4, 2, 1]),
    ("ordering=-in_print", &[1, 2, 4, 6, 3, 5]),
    ("ordering=genre, -code ,genre", &[6, 5, 1, 2, 4, 3]),
    ("ordering=author,nonsense,--id", &[1, 2, 3, 4, 5, 6]),
    ("ordering=nonsense,-id", &[6, 5, 4, 3, 2, 1]),
];

/// Queries, and what is wrong with them.
const REFUSED: &[(&str, &str, &str)] = &[
    ("price__lt=x", "price__lt", "Enter a number."),
    ("price=NaN", "price", "Enter a number."),
    ("id=x", "id", "Enter a number."),
    ("id=1.5", "id", "Enter a whole number."),
    (
        "id=99999999999999999999",
        "id",
        "Ensure this value is less than or equal to 9223372036854775807.",
    ),
    (
        "rating__in=1,-2147483649",
        "rating__in",
        "Ensure this value is greater than or equal to -2147483648.",
    ),
    (
        "price=1e400",
        "price",
        "Ensure that there are no more than 28 digits in total.",
    ),
    (
        "id__range=1",
        "id__range",
        "Range query expects two values.",
    ),
    ("in_print=maybe", "in_print", "Must be a valid boolean."),
    (
        "rating__isnull=2",
        "rating__isnull",
        "Must be a valid boolean.",
    ),
    ("title=%00", "title", "Null characters are not allowed."),
    ("search=%00", "search", "Null characters are not allowed."),
    (
        "genre=drama",
        "genre",
        "Select a valid choice. drama is not one of the available choices.",
    ),
    (
        "mood=x",
        "mood",
        "Select a valid choice. x is not one of the available choices.",
    ),
    ("code=x", "code", "Enter a valid UUID."),
    (
        "published__lt=2024-02-30",
        "published__lt",
        "Enter a valid date.",
    ),
    (
        "published=-271821-04-20",
        "published",
        "Enter a valid date.",
    ),
    (
        "published__month=13",
        "published__month",
        "Ensure this value is less than or equal to 12.",
    ),
    (
        "published__year=0",
        "published__year",
        "Ensure this value is greater than or equal to 1.",
    ),
    ("created_at=soon", "created_at", "Enter a valid date/time."),
    (
        "author=99",
        "author",
        "Select a valid choice. That choice is not one of the available choices.",
    ),
    (
        "author=x",
        "author",
        "Select a valid choice. That choice is not one of the available choices.",
    ),
    (
        "author__in=1,99",
        "author__in",
        "Select a valid choice. That choice is not one of the available choices.",
    ),
];

/// Asks for all of them.
pub async fn check(client: &mut TestClient) {
    for (query, expected) in FOUND {
        let (status, list) = get(client, &path(query)).await;
        assert_eq!(status, 200, "{query}: {list}");
        assert_eq!(ids(&list), *expected, "{query}");
    }
    for (query, parameter, words) in REFUSED {
        let answer = get(client, &path(query)).await;
        assert_eq!(answer, (400, json!({ *parameter: [words] })), "{query}");
    }
}

fn path(query: &str) -> String {
    let query = query
        .replace('\\', "%5C")
        .replace('[', "%5B")
        .replace(']', "%5D");
    let query = query
        .replace(' ', "%20")
        .replace('"', "%22")
        .replace("=%&", "=%25&");
    let query = match query.strip_suffix("=%") {
        Some(rest) => format!("{rest}=%25"),
        None => query,
    };
    format!("/api/whole/?{}", query.replace('É', "%C3%89"))
}

#[tokio::test]
async fn what_is_declared_is_found() {
    check(&mut client().await).await;
}

#[tokio::test]
async fn sqlite_knows_small_and_capital_letters_beyond_ascii() {
    let mut client = client().await;
    for (query, expected) in [
        ("title__icontains=ÉMILE", vec![1, 6]),
        ("title__istartswith=ém", vec![1, 6]),
        ("title__iexact=éMILE", vec![1]),
        ("search=éMI", vec![1, 6]),
    ] {
        let (name, value) = query.split_once('=').unwrap();
        let (_, list) = get(
            &mut client,
            &format!("/api/whole/?{name}={}", quoted(value)),
        )
        .await;
        assert_eq!(ids(&list), expected, "{query}");
    }
}

#[tokio::test]
async fn all_mistakes_are_told_at_once() {
    let (status, answer) = get(&mut client().await, "/api/books/?id=x&genre=y&author=9").await;
    assert_eq!(status, 400);
    assert_eq!(answer.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn nothing_is_too_much() {
    let mut client = client().await;
    for (name, value, part) in [
        (
            "title",
            "a".repeat(50_000),
            "at most 1000 characters (it has 50000)",
        ),
        (
            "title__icontains",
            "%".repeat(20_000),
            "at most 1000 characters",
        ),
        ("search", "a ".repeat(400), "at most 50 words (it has 400)"),
        (
            "id__in",
            "1,".repeat(20_000),
            "at most 1000 items (it has 20000)",
        ),
        ("id", "9".repeat(60_000), "less than or equal to"),
    ] {
        let value = value.replace('%', "%25").replace(' ', "+");
        let (status, answer) = get(&mut client, &format!("/api/whole/?{name}={value}")).await;
        assert_eq!(status, 400, "{name}");
        let words = answer[name][0].as_str().unwrap();
        assert!(words.contains(part), "{name}: {words}");
    }
    for (name, value) in [
        ("id__in", "1,".repeat(1000)),
        ("title__icontains", "%25".repeat(1000)),
        ("title__icontains", quoted(&"é".repeat(1000))),
        ("search", "a+".repeat(50)),
    ] {
        let (status, answer) = get(&mut client, &format!("/api/whole/?{name}={value}")).await;
        assert_eq!(status, 200, "{name}: {answer}");
    }
}
