-- no-transaction
CREATE INDEX CONCURRENTLY api_task_title_idx ON api_task (title);
