#!/usr/bin/env python3
"""Measures the memory of a generated server before and after 1,000 logins, 32 at a time.

    cargo build --release -p backsmith
    benches/logins.py [--target FOLDER]

A password is hashed with argon2id, which takes 19 MB each time.
"""

import http.client
import os
import re
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import load
from databases import Sqlite

LOGINS = 1000
NAME, PASSWORD = "ada", "correct-horse-7"


def main():
    options = load.parser(__doc__.splitlines()[0]).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        project = load.scaffold(options, folder)
        database = Sqlite(folder, load.migrator(options, project), load.TASKS)
        server = load.generated(options, project)
        add_user(server, f"sqlite://{database.file}")
        with load.serving(folder, database, server) as (process, _):
            before, begin = load.memory(process.pid), time.perf_counter()
            with ThreadPoolExecutor(32) as clients:
                statuses = set(clients.map(lambda _: log_in(), range(LOGINS)))
            seconds = time.perf_counter() - begin
            assert statuses == {303}, statuses
            print(f"{before:.0f} MB before, {load.memory(process.pid):.0f} MB after {LOGINS:,} logins in {seconds:.0f} s")


def add_user(server, url):
    (program, *_), settings, cwd = server(url)
    account = {f"BACKSMITH_SUPERUSER_{key}": value for key, value in
               {"USERNAME": NAME, "EMAIL": "", "PASSWORD": PASSWORD}.items()}
    words = [program, "createsuperuser", "--no-input"]
    subprocess.run(words, cwd=cwd, env={**os.environ, **settings, **account}, check=True, stdout=subprocess.DEVNULL)


def log_in():
    """Logs in as a browser does, and returns the status."""
    client = http.client.HTTPConnection(load.ADDRESS)
    client.request("GET", "/admin/login/")
    form = client.getresponse()
    cookie = form.getheader("set-cookie").split(";")[0]
    field, token = re.search(r'name="(csrf\w*)" value="([^"]+)"', form.read().decode()).groups()
    body = urlencode({field: token, "username": NAME, "password": PASSWORD})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    client.request("POST", "/admin/login/", body, headers)
    answer = client.getresponse()
    answer.read()
    return answer.status


if __name__ == "__main__":
    main()
