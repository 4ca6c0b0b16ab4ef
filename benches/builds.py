#!/usr/bin/env python3
"""Times the builds of generated projects: the first one, and what each model adds to those that follow.

    cargo build --release -p backsmith
    benches/builds.py [--models 1,10,50] [--edits 5] [--cold]

For each number of models a project is made with one app of so many, each with five fields, its serializer, viewset,
admin page and tests. Once all that it depends on is built, the project itself is (`whole`), then again after an edit of
its views (`edit`), and its tests are built and run after one (`test`): wall time in seconds, the median of the edits.
`--cold` begins with an empty target folder and tells what that costs, in CPU-seconds of cargo and all that it starts, too.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from commands import ROOT, cpu, wall

FIELDS = "title:str:200 price:decimal:8,2 done:bool=true due:date? body:text"


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if options.cold:
            cold(options, folder)
        print(f"{'models':>8}{'whole':>10}{'edit':>10}{'test':>10}")
        for models in options.models:
            figures = measure(options, folder, models)
            print(f"{models:8}" + "".join(f"{seconds:8.2f} s" for seconds in figures), flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backsmith", type=Path, default=ROOT / "target/release/backsmith")
    parser.add_argument("--models", type=numbers, default=[1, 10, 50])
    parser.add_argument("--edits", type=int, default=5)
    parser.add_argument("--cold", action="store_true", help="build everything first, and tell what it costs")
    options = parser.parse_args()
    if not options.backsmith.exists():
        sys.exit(f"{options.backsmith} is missing: cargo build --release -p backsmith")
    return options


def numbers(text):
    return [int(number) for number in text.split(",")]


def cold(options, folder):
    project = scaffold(options, folder, 1, "first")
    wall(["cargo", "fetch", "--locked"], project)
    took = []
    used = cpu(lambda: took.append(wall(build(folder), project)))
    print(f"first build: {used:.0f} CPU-seconds, {took[0]:.0f} s")


def measure(options, folder, models):
    project = scaffold(options, folder, models, f"models_{models}")
    wall([*build(folder), "-p", "restkit"], project)
    whole = wall(build(folder), project)
    test = ["cargo", "test", "--locked", "--target-dir", folder / "target"]
    wall(test, project)
    return whole, edited(options, project, build(folder)), edited(options, project, test)


def edited(options, project, command):
    times = []
    for edit in range(options.edits):
        with open(project / "src/shop/views.rs", "a") as views:
            views.write(f"// Edit {edit}.\n")
        times.append(wall(command, project))
    return statistics.median(times)


def build(folder):
    return ["cargo", "build", "--locked", "--target-dir", folder / "target"]


def scaffold(options, folder, models, name):
    project = folder / name
    project.mkdir()
    wall([options.backsmith, "startproject", "core", ".", "--no-input"], project)
    each = [word for number in range(models) for word in ("--model", f"Thing{number} {FIELDS}")]
    wall([options.backsmith, "startapp", "shop", *each, "--no-input"], project)
    wall([options.backsmith, "makemigrations", "--no-input"], project)
    return project


if __name__ == "__main__":
    main()
