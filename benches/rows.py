#!/usr/bin/env python3
"""Times lists of a million rows in a generated server, on SQLite and on PostgreSQL.

    cargo build --release -p backsmith
    benches/rows.py [--rows 1000000] [--runs 9] [--target FOLDER]

The list is the one that every new app has, and the same by cursor. Each request is sent by itself, so a figure is what
somebody waits for: the median of the runs in milliseconds.
"""

import http.client
import json
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import load
from databases import Postgres, Sqlite

BY_CURSOR = """
/// The same list by cursor.
pub struct CursorViewSet;

impl ModelViewSet for CursorViewSet {
    type Entity = task::Entity;
    type Request = TaskRequest;
    type Response = TaskResponse;

    fn permission() -> Permission {
        Permission::AllowAny
    }

    fn filters() -> Filters<task::Entity> {
        Filters::new().ordering([Column::Id, Column::Title])
    }

    fn pagination() -> Pagination<task::Entity> {
        Pagination::cursor([(Column::Title, Order::Asc)])
    }
}
"""


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        project = load.scaffold(options, folder, add_cursor)
        server = load.generated(options, project)
        figures = {}
        for kind in (Sqlite, Postgres):
            database = kind(folder, load.migrator(options, project), options.rows)
            try:
                with load.serving(folder, database, server):
                    figures[kind.name] = measure(options)
            finally:
                if kind is Postgres:
                    database.stop()
    print(f"{options.rows:,} rows".ljust(46) + "".join(f"{name:>14}" for name in figures))
    for title in figures["SQLite"]:
        print(title.ljust(46) + "".join(f"{figures[name][title]:11.1f} ms" for name in figures))


def arguments():
    parser = load.parser(__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=9)
    return parser.parse_args()


def add_cursor(project):
    views, urls = project / "src/api/views.rs", project / "src/api/urls.rs"
    views.write_text(views.read_text() + BY_CURSOR)
    text = urls.read_text().replace("TaskViewSet;", "{CursorViewSet, TaskViewSet};")
    line = '.register::<TaskViewSet>("tasks")'
    urls.write_text(text.replace(line, line + '.register::<CursorViewSet>("cursor")'))


def measure(options):
    rows, number = options.rows, options.rows // 2
    paths = {
        "the first page": "/api/tasks/",
        "the last page": f"/api/tasks/?page={rows // 100}",
        "by cursor, the first page": "/api/cursor/",
        "by cursor, 200 pages on": walk("/api/cursor/", 200),
        "one row": f"/api/tasks/{number}/",
        "?title=Task N": f"/api/tasks/?title={quote(f'Task {number}')}",
        "?completed=true": "/api/tasks/?completed=true",
        "?completed=true, its last page": f"/api/tasks/?completed=true&page={rows // 200}",
        "?ordering=-title": "/api/tasks/?ordering=-title",
        "?ordering=title, the last page": f"/api/tasks/?ordering=title&page={rows // 100}",
        "?search=N": f"/api/tasks/?search={number}",
        "?title__icontains=N": f"/api/tasks/?title__icontains={number}",
    }
    return {title: statistics.median(timed(path) for _ in range(options.runs)) for title, path in paths.items()}


def walk(path, pages):
    """The path of the page that comes so many pages later."""
    for _ in range(pages):
        following = urlsplit(get(path)["next"])
        path = f"{following.path}?{following.query}"
    return path


def timed(path):
    begin = time.perf_counter()
    get(path)
    return (time.perf_counter() - begin) * 1000


def get(path):
    connection = http.client.HTTPConnection(load.ADDRESS)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, f"{path}: {answer.status} {text}"
    return json.loads(text)


if __name__ == "__main__":
    main()
