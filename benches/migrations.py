#!/usr/bin/env python3
"""Times migrations of large apps and of long histories beside Django's, in one run.

    cargo build --release
    python3 -m venv /tmp/django && /tmp/django/bin/pip install django
    benches/migrations.py --django /tmp/django/bin [--sizes 1,100,1000] [--runs 5]

Models have seven fields each, every third a foreign key as well. A history adds a field in each of
its migrations, to twenty models in turn. Figures are medians of wall time in milliseconds on
SQLite; both sides do each step in turn. `grows` is how much longer a step takes than at the size
before, which may not be more than the size itself grows.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from commands import ROOT, wall

MODELS_OF_HISTORY = 20
MODELS = ["first migration", "no change", "one added field", "migrate (fresh)"]
HISTORY = ["no change", "one added field", "migrate (fresh)"]


def main():
    options = arguments()
    for title, steps, measure in [("models", MODELS, models), ("migrations", HISTORY, history)]:
        print(f"{'':30}{'backsmith':>12}{'grows':>8}{'Django':>12}{'times faster':>14}")
        before = {}
        for size in options.sizes:
            runs = [measure(options, size) for _ in range(options.runs)]
            for step in steps:
                before[step] = show(f"{size:,} {title}: {step}", step, runs, before.get(step))
        print()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backsmith", type=Path, default=ROOT / "target/release/backsmith")
    parser.add_argument("--django", type=Path, help="the folder of django-admin and python")
    parser.add_argument("--sizes", type=sizes, default=[1, 100, 1000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if not options.backsmith.exists():
        sys.exit(f"{options.backsmith} is missing: cargo build --release")
    options.backsmith = options.backsmith.resolve()
    return options


def sizes(text):
    return [int(size) for size in text.split(",")]


def show(title, step, runs, before):
    """Prints the line of a step; what ours took."""
    ours = statistics.median(run["backsmith"][step] for run in runs)
    grows = f"{ours / before:.1f}" if before else ""
    line = f"{title:30}{ours * 1000:9.1f} ms{grows:>8}"
    if "django" in runs[0]:
        theirs = statistics.median(run["django"][step] for run in runs)
        line += f"{theirs * 1000:9.0f} ms{theirs / ours:14.1f}"
    print(line, flush=True)
    return ours


def models(options, size):
    """The times of the life of an app with `size` models."""

    def steps(project):
        project.write_models(size)
        yield "first migration", project.makemigrations()
        yield "no change", project.makemigrations()
        yield "migrate (fresh)", project.migrate()
        project.write_models(size, more=1)
        yield "one added field", project.makemigrations()

    return measured(options, steps)


def history(options, size):
    """The times of an app whose models came to be in `size` migrations."""

    def steps(project):
        project.write_models(MODELS_OF_HISTORY)
        project.makemigrations()
        for number in range(1, size):
            project.write_migration(number)
        project.write_models(MODELS_OF_HISTORY, more=size - 1)
        yield "no change", project.makemigrations()
        yield "migrate (fresh)", project.migrate()
        project.write_models(MODELS_OF_HISTORY, more=size)
        yield "one added field", project.makemigrations()

    return measured(options, steps)


def measured(options, steps):
    times = {}
    sides = {"backsmith": Backsmith, "django": Django} if options.django else {"backsmith": Backsmith}
    for side, project in sides.items():
        with tempfile.TemporaryDirectory() as folder:
            times[side] = dict(steps(project(options, Path(folder))))
    return times


def added(size, more):
    """How many fields each model has beyond its seven, `more` being handed out in turn."""
    return [more // size + (number < more % size) for number in range(size)]


class Backsmith:
    def __init__(self, options, folder):
        self.folder, self.program = folder, options.backsmith
        wall([self.program, "startproject", "core", ".", "--no-input"], folder)
        wall([self.program, "startapp", "api"], folder)
        for file in folder.glob("migrations/*/*_api_*"):
            file.unlink()

    def makemigrations(self):
        return wall([self.program, "makemigrations"], self.folder)

    def migrate(self):
        return wall([self.program, "migrate"], self.folder)

    def write_models(self, size, more=0):
        text = "".join(self.model(number, fields) for number, fields in enumerate(added(size, more)))
        (self.folder / "src/api/models.rs").write_text(text)

    def model(self, number, fields):
        key = relation = ""
        if number % 3 == 2:
            key = "        #[sea_orm(indexed)]\n        pub other_id: i64,\n"
            relation = (
                '        #[sea_orm(belongs_to, from = "other_id", to = "id", on_delete = "Cascade")]\n'
                f"        pub other: HasOne<super::model{number - 1}::Entity>,\n"
            )
        more = "".join(f"        pub more{field}: Option<i32>,\n" for field in range(fields))
        return (
            f"pub mod model{number} {{\n"
            "    use sea_orm::entity::prelude::*;\n\n"
            "    #[sea_orm::model]\n"
            "    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n"
            f'    #[sea_orm(table_name = "api_model{number}")]\n'
            "    pub struct Model {\n"
            "        #[sea_orm(primary_key)]\n"
            "        pub id: i64,\n"
            '        #[sea_orm(column_type = "String(StringLen::N(200))", unique)]\n'
            "        pub title: String,\n"
            '        #[sea_orm(column_type = "Text")]\n'
            "        pub body: String,\n"
            "        #[sea_orm(default_value = 0)]\n"
            "        pub count: i32,\n"
            '        #[sea_orm(column_type = "Decimal(Some((10, 2)))")]\n'
            "        pub price: Decimal,\n"
            "        #[sea_orm(default_value = false)]\n"
            "        pub done: bool,\n"
            "        pub due: Option<Date>,\n"
            f"{key}{more}{relation}"
            "    }\n\n"
            "    impl ActiveModelBehavior for ActiveModel {}\n"
            "}\n\n"
        )

    def write_migration(self, number):
        model, field = (number - 1) % MODELS_OF_HISTORY, (number - 1) // MODELS_OF_HISTORY
        for dialect in ["sqlite", "postgres"]:
            folder = self.folder / "migrations" / dialect
            name = f"{number + 2:04}_api_model{model}_more{field}"
            table, column = f'"api_model{model}"', f'"more{field}"'
            up = f"-- Add field\n\nALTER TABLE {table} ADD COLUMN {column} integer;\n"
            down = f"-- Undo: Add field\n\nALTER TABLE {table} DROP COLUMN {column};\n"
            (folder / f"{name}.up.sql").write_text(up)
            (folder / f"{name}.down.sql").write_text(down)


class Django:
    def __init__(self, options, folder):
        self.folder, self.manage = folder, [options.django / "python", "manage.py"]
        wall([options.django / "django-admin", "startproject", "core", "."], folder)
        wall([*self.manage, "startapp", "api"], folder)
        settings = folder / "core/settings.py"
        text = settings.read_text().replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'api',")
        settings.write_text(text)

    def makemigrations(self):
        return wall([*self.manage, "makemigrations"], self.folder)

    def migrate(self):
        return wall([*self.manage, "migrate"], self.folder)

    def write_models(self, size, more=0):
        text = "from django.db import models\n"
        for number, fields in enumerate(added(size, more)):
            text += self.model(number, fields)
        (self.folder / "api/models.py").write_text(text)

    def model(self, number, fields):
        text = (
            f"\n\nclass Model{number}(models.Model):\n"
            "    title = models.CharField(max_length=200, unique=True)\n"
            "    body = models.TextField()\n"
            "    count = models.IntegerField(default=0)\n"
            "    price = models.DecimalField(max_digits=10, decimal_places=2)\n"
            "    done = models.BooleanField(default=False)\n"
            "    due = models.DateField(null=True)\n"
        )
        if number % 3 == 2:
            text += f"    other = models.ForeignKey(Model{number - 1}, on_delete=models.CASCADE)\n"
        for field in range(fields):
            text += f"    more{field} = models.IntegerField(null=True)\n"
        return text

    def write_migration(self, number):
        model, field = (number - 1) % MODELS_OF_HISTORY, (number - 1) // MODELS_OF_HISTORY
        name = f"{number + 1:04}_more"
        before = "0001_initial" if number == 1 else f"{number:04}_more"
        (self.folder / f"api/migrations/{name}.py").write_text(
            "from django.db import migrations, models\n\n\n"
            "class Migration(migrations.Migration):\n\n"
            f"    dependencies = [('api', '{before}')]\n\n"
            "    operations = [\n"
            "        migrations.AddField(\n"
            f"            model_name='model{model}',\n"
            f"            name='more{field}',\n"
            "            field=models.IntegerField(null=True),\n"
            "        ),\n"
            "    ]\n"
        )


if __name__ == "__main__":
    main()
