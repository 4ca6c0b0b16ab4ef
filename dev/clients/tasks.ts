// Works with the tasks of a generated project by its generated types: tasks.js URL

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Task = components["schemas"]["TaskResponse"];

const client = createClient<paths>({ baseUrl: process.argv[2] });

const made = await client.POST("/api/tasks/", { body: { title: "Learn TypeScript", completed: true } });
assert(made.data, JSON.stringify(made.error));
const task: Task = made.data;
assert.equal(task.completed, true);

const path = { params: { path: { id: task.id } } };
const read = await client.GET("/api/tasks/{id}/", path);
assert.deepEqual(read.data, task);

const list = await client.GET("/api/tasks/", { params: { query: { completed: true, title__icontains: "typescript" } } });
const titles: string[] = (list.data?.results ?? []).map((task) => task.title);
assert.deepEqual(titles, ["Learn TypeScript"]);

// A change of one field touches no other.
const changed = await client.PATCH("/api/tasks/{id}/", { ...path, body: { title: "Use TypeScript" } });
assert.deepEqual(changed.data, { ...task, title: "Use TypeScript" });

const refused = await client.POST("/api/tasks/", { body: { title: "", completed: false } });
assert.equal(refused.response.status, 400);
assert.deepEqual(refused.error, { title: ["This field may not be blank."] });

const gone = await client.DELETE("/api/tasks/{id}/", path);
assert.equal(gone.response.status, 204);
const missing = await client.GET("/api/tasks/{id}/", path);
assert.equal(missing.response.status, 404);
console.log("the TypeScript client works");
