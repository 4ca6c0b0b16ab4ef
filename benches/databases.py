"""Databases with tasks in them, for servers to be measured on: SQLite's files, and a PostgreSQL server of one's own."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path


class Sqlite:
    """Copies of one file with so many tasks."""

    name = "SQLite"

    def __init__(self, folder, migrate, tasks):
        self.file = folder / "tasks.sqlite3"
        migrate(f"sqlite://{self.file}")
        with contextlib.closing(sqlite3.connect(self.file)) as db, db:
            rows = ((f"Task {number}", number % 2) for number in range(1, tasks + 1))
            db.executemany("INSERT INTO api_task (title, completed) VALUES (?, ?)", rows)

    @contextlib.contextmanager
    def fresh(self, folder):
        """The URL of a copy of its own."""
        file = folder / "db.sqlite3"
        with contextlib.closing(sqlite3.connect(self.file)) as db, contextlib.closing(sqlite3.connect(file)) as copy:
            db.backup(copy)
        yield f"sqlite://{file}"


class Postgres:
    """Copies of one database with so many tasks, on a server in a folder of its own."""

    name = "PostgreSQL"

    def __init__(self, folder, migrate, tasks):
        self.folder = folder / "postgres"
        self.folder.mkdir()
        self.programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        if os.geteuid() == 0:
            for above in [self.folder, *self.folder.parents][:-2]:
                above.chmod(above.stat().st_mode | 0o011)
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "postgres", "-N")
        options = f"-k {self.folder} -c listen_addresses=''"
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")
        self.sql("postgres", "CREATE DATABASE tasks")
        migrate(self.url("tasks"))
        rows = f"SELECT 'Task ' || number, number % 2 = 1 FROM generate_series(1, {tasks}) AS all_numbers (number)"
        self.sql("tasks", f"INSERT INTO api_task (title, completed) {rows}")
        self.sql("tasks", "VACUUM ANALYZE")

    @contextlib.contextmanager
    def fresh(self, _):
        """The URL of a copy of its own."""
        self.sql("postgres", "DROP DATABASE IF EXISTS copy WITH (FORCE)")
        self.sql("postgres", "CREATE DATABASE copy TEMPLATE tasks")
        yield self.url("copy")

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def url(self, database):
        return f"postgres://postgres@localhost/{database}?host={self.folder}"

    def sql(self, database, text):
        self.run("psql", "-h", self.folder, "-U", "postgres", "-q", "-d", database, "-c", text)

    def run(self, program, *words):
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        words = [*user, self.programs / program, *words]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
