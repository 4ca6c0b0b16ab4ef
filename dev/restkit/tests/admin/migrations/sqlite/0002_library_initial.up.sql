CREATE TABLE "library_author" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(100) NOT NULL UNIQUE,
    "born" date_text
);
CREATE TABLE "library_genre" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(50) NOT NULL
);
CREATE TABLE "library_book" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" varchar(200) NOT NULL,
    "summary" text NOT NULL DEFAULT '',
    "status" varchar(10) NOT NULL DEFAULT 'draft',
    "pages" integer,
    "price" real_decimal(8, 2) NOT NULL DEFAULT 0,
    "in_print" boolean NOT NULL DEFAULT FALSE,
    "published" date_text,
    "read_at" time_text,
    "updated" timestamp_with_timezone_text,
    "code" uuid_text,
    "extra" json_text,
    "author_id" bigint NOT NULL REFERENCES "library_author" ("id") ON DELETE CASCADE,
    "editor_id" bigint REFERENCES "library_author" ("id") ON DELETE SET NULL
);
CREATE TABLE "library_book_genre" (
    "book_id" bigint NOT NULL REFERENCES "library_book" ("id") ON DELETE CASCADE,
    "genre_id" bigint NOT NULL REFERENCES "library_genre" ("id") ON DELETE RESTRICT,
    PRIMARY KEY ("book_id", "genre_id")
);
