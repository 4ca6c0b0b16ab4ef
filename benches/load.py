#!/usr/bin/env python3
"""Loads a generated server beside hand-written ones and DRF's, in one run, in turn.

    cargo build --release -p backsmith && apt-get install wrk
    python3 -m venv /tmp/drf && /tmp/drf/bin/pip install djangorestframework gunicorn
    benches/load.py [--postgres] [--django /tmp/drf/bin] [--seconds 10] [--runs 3] [--target FOLDER]

Each server answers from its own copy of one SQLite file with 1,000 tasks (WAL, synchronous NORMAL), or
with `--postgres` from a copy of one database on a new server with its usual settings, to 32 connections
of `wrk` on the same machine. Per request: how many a second, and the 99th percentile of their time; at
the end the most memory that the server's processes took together. The figures are medians of the runs.
`axum + sqlx` and `axum + SeaORM` are in `benches/handwritten/`; Django runs under gunicorn with 2
workers. `--mixed` loads the generated server for a minute with reads and writes at once instead, and
counts what was not answered as it should be.
"""

import argparse
import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from commands import ROOT
from databases import Postgres, Sqlite

ADDRESS = "127.0.0.1:8765"
SITE = f"http://{ADDRESS}"
TASKS = 1000
POST = """
wrk.method = "POST"
wrk.body = '{"title": "Written under load", "completed": true}'
wrk.headers["Content-Type"] = "application/json"
"""
# Three reads for each write.
MIXED = """
local number, turns = 0, {}
function init()
  local json = { ["Content-Type"] = "application/json", ["Host"] = wrk.headers["Host"] }
  local write = wrk.format("POST", "/api/tasks/", json, '{"title": "Written under load"}')
  local patch = wrk.format("PATCH", "/api/tasks/7/", json, '{"completed": true}')
  local one, list = wrk.format("GET", "/api/tasks/7/"), wrk.format("GET", "/api/tasks/")
  turns = { one, write, one, list, one, patch, one, list }
end
function request()
  number = number + 1
  return turns[number % #turns + 1]
end
"""
LOADS = {"GET one": ("/api/tasks/500/", None), "list of 100": ("/api/tasks/", None), "POST": ("/api/tasks/", POST)}

DJANGO_APP = '''
from django.db import models
from rest_framework import routers, serializers, viewsets


class Task(models.Model):
    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=200)
    completed = models.BooleanField(default=False)

    class Meta:
        app_label = "api"
        db_table = "api_task"


class TaskSerializer(serializers.ModelSerializer):
    class Meta:
        model = Task
        fields = ["id", "title", "completed"]


class TaskViewSet(viewsets.ModelViewSet):
    queryset = Task.objects.order_by("id")
    serializer_class = TaskSerializer


router = routers.DefaultRouter()
router.register("tasks", TaskViewSet)
'''
DJANGO_SETTINGS = '''
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS += ["rest_framework", "api"]
REST_FRAMEWORK = {
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
DATABASES["default"]["OPTIONS"] = {
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
'''


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        project = scaffold(options, folder)
        database = (Postgres if options.postgres else Sqlite)(folder, migrator(options, project), TASKS)
        try:
            compare(options, folder, project, database)
        finally:
            if options.postgres:
                database.stop()


def compare(options, folder, project, database):
    servers = {"generated": generated(options, project)}
    if options.mixed:
        return mixed(folder, database, servers["generated"])
    for name in ("sqlx-postgres" if options.postgres else "sqlx", "seaorm"):
        program = options.target / "release" / f"axum-{name}"
        servers[f"axum + {name.split('-')[0]}"] = handwritten(program)
    if options.django:
        servers["DRF"] = django(options, folder / "drf")
    rounds = range(options.runs)
    report([{name: measure(options, folder, database, it) for name, it in servers.items()} for _ in rounds])


def parser(description):
    """The arguments of each script that loads a generated server."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--backsmith", type=Path, default=ROOT / "target/release/backsmith")
    parser.add_argument("--target", type=Path, help="where to build; a folder of its own if not given")
    return parser


def arguments():
    words = parser(__doc__.splitlines()[0])
    words.add_argument("--django", type=Path, help="the folder of django-admin, python and gunicorn")
    words.add_argument("--seconds", type=int, default=10)
    words.add_argument("--runs", type=int, default=3)
    words.add_argument("--mixed", action="store_true")
    words.add_argument("--postgres", action="store_true")
    options = words.parse_args()
    if options.django and options.postgres:
        sys.exit("Django is measured on SQLite only")
    if not options.backsmith.exists():
        sys.exit(f"{options.backsmith} is missing: cargo build --release -p backsmith")
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: apt-get install wrk")
    return options


def scaffold(options, folder, change=lambda _: None):
    """A new project, changed as is said, with the hand-written servers as its members: all are built alike."""
    project = folder / "project"
    project.mkdir()
    options.target = options.target or folder / "target"
    for words in (["startproject", "core", ".", "--no-input"], ["startapp", "api"], ["makemigrations"]):
        subprocess.run([options.backsmith, *words], cwd=project, check=True, stdout=subprocess.DEVNULL)
    change(project)
    members = project / "Cargo.toml"
    members.write_text(members.read_text().replace('["restkit"]', '["restkit", "handwritten"]'))
    shutil.copytree(ROOT / "benches/handwritten", project / "handwritten")
    build = ["cargo", "build", "--release", "--workspace", "--quiet"]
    subprocess.run(build, cwd=project, check=True, env={**os.environ, "CARGO_TARGET_DIR": options.target})
    return project


def migrator(options, project):
    def migrate(url):
        words = [options.backsmith, "migrate", "--database-url", url]
        subprocess.run(words, cwd=project, check=True, stdout=subprocess.DEVNULL)

    return migrate


def generated(options, project):
    name = re.search(r'^name = "(.+)"', (project / "Cargo.toml").read_text(), re.M)[1]
    program = options.target / "release" / name
    settings = {"DEBUG": "false", "SECRET_KEY": "of-a-benchmark-" * 4, "ALLOWED_HOSTS": "127.0.0.1"}
    return lambda url: ([program, "runserver", ADDRESS], {**settings, "DATABASE_URL": url}, project)


def handwritten(program):
    return lambda url: ([program, url, ADDRESS], {}, ROOT)


def django(options, folder):
    folder.mkdir()
    subprocess.run([options.django / "django-admin", "startproject", "core", "."], cwd=folder, check=True)
    (folder / "api").mkdir()
    (folder / "api/__init__.py").touch()
    (folder / "api/models.py").write_text(DJANGO_APP)
    with open(folder / "core/settings.py", "a") as settings:
        settings.write(DJANGO_SETTINGS + 'import os\nDATABASES["default"]["NAME"] = os.environ["DATABASE"]\n')
    (folder / "core/urls.py").write_text(
        "from django.urls import include, path\nfrom api.models import router\n"
        'urlpatterns = [path("api/", include(router.urls))]\n'
    )
    program = [options.django / "gunicorn", "core.wsgi", "--workers=2", f"--bind={ADDRESS}", "--log-level=error"]
    return lambda url: (program, {"DATABASE": url.removeprefix("sqlite://")}, folder)


@contextlib.contextmanager
def serving(folder, database, server):
    """The server with a fresh copy of the database, from its first answer on."""
    with tempfile.TemporaryDirectory(dir=folder) as own, database.fresh(Path(own)) as url:
        words, settings, cwd = server(url)
        log = open(Path(own) / "log", "w+")
        process = subprocess.Popen(words, cwd=cwd, env={**os.environ, **settings}, stdout=log, stderr=log)
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(ADDRESS.split(":"), 1):
                    break
                time.sleep(0.05)
            yield process, Path(own) / "log"
        finally:
            process.terminate()
            process.wait()


def measure(options, folder, database, server):
    """Requests per second and the 99th percentile in milliseconds, by load; memory in MB."""
    figures = {}
    with serving(folder, database, server) as (process, _):
        for name, (path, script) in LOADS.items():
            wrk(folder, path, script, 1)
            time.sleep(0.5)
            figures[name] = wrk(folder, path, script, options.seconds)
        figures["memory"] = memory(process.pid)
    return figures


def wrk(folder, path, script, seconds):
    words = ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", "--timeout=10s"]
    if script:
        (folder / "load.lua").write_text(script)
        words += ["-s", folder / "load.lua"]
    text = subprocess.run([*words, SITE + path], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        sys.exit(f"{path} was not answered well:\n{text}")
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def memory(pid):
    """The most memory that a process and its children held, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(peak[1]) / 1024 + sum(memory(child) for child in children)


def report(runs):
    names = list(runs[0])
    print(f"{'':14}" + "".join(f"{load + ', p99':>28}" for load in LOADS) + f"{'memory':>12}")
    for name in names:
        line = f"{name:14}"
        for load in LOADS:
            rate, slowest = (statistics.median(run[name][load][it] for run in runs) for it in (0, 1))
            line += f"{rate:14,.0f}/s {slowest:9.1f} ms"
        print(line + f"{statistics.median(run[name]['memory'] for run in runs):9.0f} MB")
    for name in names[1:]:
        line = f"of {name:11}"
        for load in LOADS:
            share = (statistics.median(run["generated"][load][it] / run[name][load][it] for run in runs) for it in (0, 1))
            line += "{:14.2f}   {:9.2f}   ".format(*share)
        print(line)


def mixed(folder, database, server):
    with serving(folder, database, server) as (process, log):
        (rate, slowest), held = wrk(folder, "/", MIXED, 60), memory(process.pid)
        words = log.read_text()
    print(f"{rate:,.0f} requests a second for a minute, p99 {slowest:.1f} ms, {held:.0f} MB; all answered well")
    print(f"`locked` in the log: {words.count('locked')} times")


if __name__ == "__main__":
    main()
