"""A film whose every dry-run is held against ``vtx plan`` and ``vtx why``: they say what Snakemake lists, and why."""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from kit.film import SETTINGS, Film, Jobs
from kit.machine import forget
from vtx_app.commands.app import app
from vtx_app.plan.causes import NEW

MADE = ("renders", "logs")


def texts(film: Film) -> dict[str, bytes]:
    """Every file of the film that a person writes, by its name in the film's folder."""
    files = (path for path in film.folder.rglob("*") if path.is_file())
    names = {path.relative_to(film.folder): path for path in files}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in names.items()
        if name.parts[0] not in MADE and not name.parts[0].startswith(".")
    }


@dataclass
class PlannedFilm(Film):
    """``before``: the texts of the film as it was built."""

    before: dict[str, bytes] | None = None

    def edited(self) -> set[str]:
        """The files that are not as they were when the film was built."""
        before, now = self.before or {}, texts(self)
        return {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}

    def vtx(self, *words: str, env: dict[str, str] | None = None) -> str:
        """What a ``vtx`` command prints, run in this process."""
        forget()
        left_out = {key: None for key in os.environ if key.startswith(SETTINGS)}
        with contextlib.chdir(self.root):
            done = CliRunner().invoke(app, list(words), env=left_out | (env or {}), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def dry_run(self, *targets: str, env: dict[str, str] | None = None, words: tuple[str, ...] = ()) -> Jobs:
        """The dry-run; where it is of the final, the commands have to say the same."""
        jobs = super().dry_run(*targets, env=env, words=words)
        if targets in ((), ("final",)):
            self._says_the_same(jobs, env)
        return jobs

    def _says_the_same(self, jobs: Jobs, env: dict[str, str] | None) -> None:
        plan = json.loads(self.vtx("plan", self.slug, "--json", env=env))
        assert sorted(plan["render"]) == jobs.takes
        assert sorted(plan["conform"]) == jobs.clips
        if jobs.takes or jobs.clips:
            for line in self.vtx("plan", self.slug, env=env).splitlines():
                assert re.sub(r"[\d.]+ [MG]B free.*", "", line) in jobs.text
        groups = [*plan["causes"].values(), *plan["follow"].values()]
        assert {clip_id for group in groups for clip_id in group} == set(jobs.takes)
        assert {label.partition(": ")[0] for label in plan["causes"]} - {NEW} <= self.edited(), plan["causes"]
        assert set(plan["follow"]) <= set(jobs.takes)
        self._says_why(jobs, plan, env)

    def _says_why(self, jobs: Jobs, plan: dict[str, Any], env: dict[str, str] | None) -> None:
        """Of one clip that is rendered, and of one that is not."""
        for clip_id in jobs.takes[:1]:
            why = json.loads(self.vtx("why", self.slug, clip_id, "--json", env=env))
            assert why["state"] == "to be rendered"
            if clip_id in plan["causes"].get(NEW, []):
                assert why["compared_with"] is None
                continue
            assert why["causes"]
            text = self.vtx("why", self.slug, clip_id, env=env)
            for cause in why["causes"]:
                assert cause["old"] != cause["new"]
                assert all(f"    {sign} {words}\n" in text for sign, words in _both(cause))
        for clip_id in [each for each in self.clip_ids() if each not in jobs.takes][:1]:
            assert "nothing differs" in self.vtx("why", self.slug, clip_id, env=env)

    def clip_ids(self) -> list[str]:
        specs = (self.folder / "prompts/clips").glob("*.yaml")
        return sorted(Path(path).stem.partition("__")[0] for path in specs)


def _both(cause: dict[str, str]) -> list[tuple[str, str]]:
    return [(sign, cause[key]) for sign, key in (("-", "old"), ("+", "new")) if cause[key]]
