INSERT INTO api_task (id, title)
WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 20000)
SELECT id, 'task' FROM n;
