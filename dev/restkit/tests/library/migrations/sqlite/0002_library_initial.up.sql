CREATE TABLE "library_author" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(100) NOT NULL UNIQUE,
    "born" date_text
);
CREATE TABLE "library_tag" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(50) NOT NULL UNIQUE
);
CREATE TABLE "library_book" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" varchar(200) NOT NULL,
    "genre" varchar(10) NOT NULL,
    "pages" integer NOT NULL DEFAULT 0 CHECK ("pages" >= 0),
    "price" real_decimal(8, 2) NOT NULL,
    "rating" double,
    "published" date_text,
    "opens" time_text,
    "updated" timestamp_with_timezone_text,
    "code" uuid_text,
    "extra" json_text,
    "author_id" bigint NOT NULL REFERENCES "library_author" ("id"),
    UNIQUE ("author_id", "title")
);
CREATE TABLE "library_book_tag" (
    "book_id" bigint NOT NULL REFERENCES "library_book" ("id") ON DELETE CASCADE,
    "tag_id" bigint NOT NULL REFERENCES "library_tag" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("book_id", "tag_id")
);
