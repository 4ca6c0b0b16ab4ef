-- Alter field title on task

-- This rebuilds tables. With foreign keys on, dropping the old ones would delete the rows
-- that refer to them, so it then refuses to run.
CREATE TEMP TABLE "_guard" (
    "on" integer CONSTRAINT "PRAGMA foreign_keys must be OFF to run this migration" CHECK ("on" = 0)
);

INSERT INTO "_guard" SELECT foreign_keys FROM pragma_foreign_keys;
DROP TABLE "_guard";

CREATE TABLE "_new_api_task" ("id" integer PRIMARY KEY, "title" varchar(300) NOT NULL, "done" boolean);
INSERT INTO "_new_api_task" ("id", "title", "done") SELECT "id", "title", "done" FROM "api_task";
DROP TABLE "api_task";
ALTER TABLE "_new_api_task" RENAME TO "api_task";
CREATE INDEX api_task_title_idx ON api_task (title);
