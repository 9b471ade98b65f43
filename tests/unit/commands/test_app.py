"""The application as a whole: complete, and explained."""

from __future__ import annotations

from typer.testing import CliRunner

from kit.film import REPO, Film
from vtx_app.commands.app import app


def test_every_command_of_the_brief_is_there_and_explains_itself() -> None:
    for words in (
        *(("projects", name) for name in ("list", "status", "new")),
        *(("story", name) for name in ("outline", "treatment", "screenplay", "shotlist", "clips", "all")),
        *(("render", name) for name in ("clip", "scene", "act", "all")),
        *(("assemble", name) for name in ("act", "final")),
        *(("project", "env-create"), ("models", "lock"), ("registry", "sync"), ("config", "show")),
        *(("resume",), ("schemas",), ("doctor",), ("plan",), ("why",), ("takes",), ("gc",)),
    ):
        done = CliRunner().invoke(app, [*words, "--help"])
        assert done.exit_code == 0, words
        assert "Usage" in done.output


def test_the_schemas_are_those_in_config(film: Film) -> None:
    done = CliRunner().invoke(app, ["schemas", "--folder", str(film.root / "made")])
    assert done.exit_code == 0
    made = {path.name: path.read_bytes() for path in (film.root / "made").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (REPO / "config/schemas").iterdir()}
    assert len(done.stdout.splitlines()) == len(made)
    (film.root / "file").touch()
    done = CliRunner().invoke(app, ["schemas", "--folder", str(film.root / "file")])
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)


def test_locking_a_film_that_is_none_is_one_line(film: Film) -> None:
    done = CliRunner().invoke(app, ["models", "lock", "harbor"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no film 'harbor'" in done.stderr
