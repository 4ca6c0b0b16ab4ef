-- Create model Author; Create model Book; Create model Genre; Create model BookGenre

CREATE TABLE "library_author" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(100) NOT NULL,
    "born" date_text
);

CREATE UNIQUE INDEX "library_author_name_key" ON "library_author" ("name");

CREATE TABLE "library_book" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" varchar(200) NOT NULL,
    "summary" text NOT NULL DEFAULT '',
    "status" varchar(10) NOT NULL DEFAULT 'draft',
    "pages" integer,
    "price" real(8, 2) NOT NULL DEFAULT 0,
    "in_print" boolean NOT NULL DEFAULT FALSE,
    "published" date_text,
    "read_at" time_text,
    "updated" timestamp_with_timezone_text,
    "code" uuid_text,
    "extra" json_text,
    "author_id" bigint NOT NULL,
    "editor_id" bigint,
    CONSTRAINT "library_book_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "library_author" ("id") ON DELETE CASCADE,
    CONSTRAINT "library_book_editor_id_fkey" FOREIGN KEY ("editor_id") REFERENCES "library_author" ("id") ON DELETE SET NULL,
    CONSTRAINT "library_book_pages_check" CHECK ("pages" >= 0)
);

CREATE TABLE "library_genre" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(50) NOT NULL,
    "letters" integer NOT NULL GENERATED ALWAYS AS (length(name)) STORED
);

CREATE TABLE "library_book_genre" (
    "book_id" bigint NOT NULL,
    "genre_id" bigint NOT NULL,
    CONSTRAINT "library_book_genre_pkey" PRIMARY KEY ("book_id", "genre_id"),
    CONSTRAINT "library_book_genre_book_id_fkey" FOREIGN KEY ("book_id") REFERENCES "library_book" ("id") ON DELETE CASCADE,
    CONSTRAINT "library_book_genre_genre_id_fkey" FOREIGN KEY ("genre_id") REFERENCES "library_genre" ("id") ON DELETE RESTRICT
);
