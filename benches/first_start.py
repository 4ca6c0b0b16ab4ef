#!/usr/bin/env python3
"""Measures how long it takes from nothing to a new project that is built, beside other frameworks of Rust.

    benches/first_start.py [backsmith] [rustango] [loco] [cot]

For each: its tool is built and installed, makes a project on SQLite, and that is built for the first time, all in a
folder that is thrown away. Shown are the processors' time and the wall time, in seconds. What has to be downloaded is
there already where it was used before: run it twice.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from commands import ROOT

LIMIT = 1200
WAYS = {
    "backsmith": (
        ["cargo", "install", "--quiet", "--locked", "--path", ROOT],
        [
            ["backsmith", "startproject", "core", ".", "--no-input"],
            ["backsmith", "startapp", "api"],
            ["backsmith", "makemigrations"],
            ["backsmith", "migrate"],
        ],
        ".",
    ),
    "rustango": (
        ["cargo", "install", "--quiet", "--locked", "cargo-rustango"],
        [["cargo", "rustango", "new", "shop", "--template", "fullstack", "--backend", "sqlite"]],
        "shop",
    ),
    "loco": (
        ["cargo", "install", "--quiet", "--locked", "loco"],
        [["loco", "new", "--name", "shop", "--path", ".", "--db", "sqlite", "--bg", "async", "--assets", "none"]],
        "shop",
    ),
    "cot": (
        ["cargo", "install", "--quiet", "--locked", "cot-cli"],
        [["cot", "new", "shop"]],
        "shop",
    ),
}


def main():
    wanted = sys.argv[1:] or list(WAYS)
    print(f"{'':12}{'tool':>20}{'project':>20}{'both':>20}")
    for name in wanted:
        try:
            tool, project = measure(*WAYS[name])
        except subprocess.SubprocessError as error:
            print(f"{name:12}  {error}", flush=True)
            continue
        both = tuple(map(sum, zip(tool, project)))
        print(f"{name:12}" + "".join(f"{cpu:10.0f}, {wall:6.0f} s" for cpu, wall in (tool, project, both)), flush=True)


def measure(install, make, place):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        programs, work = folder / "programs", folder / "work"
        work.mkdir()
        path = f"{programs / 'bin'}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "CARGO_INSTALL_ROOT": str(programs)}
        environment["CARGO_TARGET_DIR"] = str(folder / "tool")
        tool = timed([install], folder, environment)
        environment["CARGO_TARGET_DIR"] = str(folder / "target")
        made = timed(make, work, environment)
        built = timed([["cargo", "build", "--quiet"]], work / place, environment)
        return tool, tuple(map(sum, zip(made, built)))


def timed(commands, folder, environment):
    """The processors' time and the wall time of some commands."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    for words in commands:
        subprocess.run(
            words, cwd=folder, env=environment, check=True, timeout=LIMIT, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
    wall = time.perf_counter() - begin
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime, wall


if __name__ == "__main__":
    main()
