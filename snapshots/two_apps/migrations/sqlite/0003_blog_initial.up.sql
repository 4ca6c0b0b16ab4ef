-- Create model Blog

CREATE TABLE "blog_blog" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" varchar(200) NOT NULL,
    "active" boolean NOT NULL DEFAULT FALSE
);

CREATE INDEX "blog_blog_title_idx" ON "blog_blog" ("title");
