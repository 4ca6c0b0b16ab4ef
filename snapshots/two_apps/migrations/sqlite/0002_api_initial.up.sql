-- Create model Task

CREATE TABLE "api_task" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" varchar(200) NOT NULL,
    "completed" boolean NOT NULL DEFAULT FALSE
);

CREATE INDEX "api_task_title_idx" ON "api_task" ("title");
