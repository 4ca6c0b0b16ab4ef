CREATE INDEX api_task_title_idx ON api_task (title);
