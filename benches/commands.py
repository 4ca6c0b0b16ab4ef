#!/usr/bin/env python3
"""Times backsmith's commands beside Django's.

    cargo build --release
    python3 -m venv /tmp/django && /tmp/django/bin/pip install django
    benches/commands.py --django /tmp/django/bin [--runs 9]

Both sides do each step in an empty folder of their own, in turn; the figures are medians of wall
time in milliseconds. Without Django only backsmith's own figures are shown.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    options = arguments()
    runs = [one_run(options) for _ in range(options.runs)]
    print(f"{'':16}{'backsmith':>12}{'Django':>12}{'times faster':>14}")
    for step in runs[0]["backsmith"]:
        ours = statistics.median(run["backsmith"][step] for run in runs)
        line = f"{step:16}{ours * 1000:9.1f} ms"
        if options.django:
            theirs = statistics.median(run["django"][step] for run in runs)
            line += f"{theirs * 1000:9.0f} ms{theirs / ours:14.1f}"
        print(line)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backsmith", type=Path, default=ROOT / "target/release/backsmith")
    parser.add_argument("--django", type=Path, help="the folder of django-admin and python")
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    if not options.backsmith.exists():
        sys.exit(f"{options.backsmith} is missing: cargo build --release")
    return options


def one_run(options):
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        ours = Path(folder, "ours")
        ours.mkdir()
        steps = {
            "startproject": ["startproject", "core", ".", "--no-input"],
            "startapp": ["startapp", "api"],
            "makemigrations": ["makemigrations"],
            "migrate": ["migrate"],
            "migrate (again)": ["migrate"],
        }
        times["backsmith"] = {
            step: wall([options.backsmith, *words], ours) for step, words in steps.items()
        }
        if options.django:
            theirs = Path(folder, "theirs")
            theirs.mkdir()
            times["django"] = dict(django(options.django, theirs))
    return times


def django(bin, folder):
    manage = [bin / "python", "manage.py"]
    yield "startproject", wall([bin / "django-admin", "startproject", "core", "."], folder)
    yield "startapp", wall([*manage, "startapp", "api"], folder)
    settings = folder / "core/settings.py"
    text = settings.read_text().replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'api',")
    settings.write_text(text)
    (folder / "api/models.py").write_text(
        "from django.db import models\n\n\n"
        "class Task(models.Model):\n"
        "    title = models.CharField(max_length=200)\n"
        "    completed = models.BooleanField(default=False)\n"
    )
    yield "makemigrations", wall([*manage, "makemigrations"], folder)
    yield "migrate", wall([*manage, "migrate"], folder)
    yield "migrate (again)", wall([*manage, "migrate"], folder)


def wall(command, folder):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
    elapsed = time.perf_counter() - start
    if done.returncode:
        words = " ".join(map(str, command))
        sys.exit(f"`{words}` failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    return elapsed


def cpu(work):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
