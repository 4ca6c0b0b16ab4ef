-- Create model Author; Create model Book; Create model Tag; Create model BookTag

CREATE TABLE "library_author" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(100) NOT NULL,
    "born" date_text,
    "royalty" real(5, 2)
);

CREATE UNIQUE INDEX "library_author_name_key" ON "library_author" ("name");

CREATE TABLE "library_book" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" varchar(200) NOT NULL,
    "genre" varchar(10) NOT NULL,
    "pages" integer NOT NULL DEFAULT 0,
    "price" real(8, 2) NOT NULL,
    "rating" double,
    "published" date_text,
    "opens" time_text,
    "updated" timestamp_with_timezone_text,
    "code" uuid_text,
    "extra" json_text,
    "author_id" bigint NOT NULL,
    CONSTRAINT "library_book_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "library_author" ("id") ON DELETE RESTRICT,
    CONSTRAINT "library_book_pages_check" CHECK ("pages" >= 0)
);

CREATE UNIQUE INDEX "library_book_author_title_key" ON "library_book" ("title", "author_id");

CREATE TABLE "library_tag" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(50) NOT NULL
);

CREATE UNIQUE INDEX "library_tag_name_key" ON "library_tag" ("name");

CREATE TABLE "library_book_tag" (
    "book_id" bigint NOT NULL,
    "tag_id" bigint NOT NULL,
    CONSTRAINT "library_book_tag_pkey" PRIMARY KEY ("book_id", "tag_id"),
    CONSTRAINT "library_book_tag_book_id_fkey" FOREIGN KEY ("book_id") REFERENCES "library_book" ("id") ON DELETE CASCADE,
    CONSTRAINT "library_book_tag_tag_id_fkey" FOREIGN KEY ("tag_id") REFERENCES "library_tag" ("id") ON DELETE CASCADE
);
