CREATE TABLE api_task (id integer PRIMARY KEY, title text NOT NULL);
