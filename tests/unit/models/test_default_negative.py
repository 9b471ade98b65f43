"""The negative prompt of the installed ltx-pipelines, read from its source."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kit.ltx.recorded import interface
from kit.ltx.standin_package import install_standin, write_standin
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.default_negative import NEWEST_NEGATIVE, NEWEST_PACKAGE, package_negative
from vtx_app.models.locked import LockedModels


def test_the_newest_that_is_known_begins_as_it_was_recorded() -> None:
    """Recorded defaults are shortened; tests/ltx compares all of it with the installed package."""
    recorded = interface(NEWEST_PACKAGE)["ti2vid_two_stages"]["args"]["--negative-prompt"]["default"]
    assert recorded.endswith(" …")
    assert NEWEST_NEGATIVE.startswith(recorded.removesuffix(" …"))


def test_it_is_read_without_importing_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_standin(tmp_path, monkeypatch)
    assert package_negative(tmp_path) == "has_subtitles, blurry, or AI artifacts."
    assert "ltx_pipelines" not in sys.modules


def test_a_film_whose_own_python_has_the_package_gets_the_default_of_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The take's job reads it in that Python: with another, it would refuse what the build has planned."""
    install_standin(tmp_path / "build", monkeypatch)
    film = tmp_path / "film"
    own = write_standin(film / ".venv/lib/python3.12/site-packages", "1.4.0") / "ltx_pipelines/utils/constants.py"
    own.write_text('DEFAULT_NEGATIVE_PROMPT = "its own"\n')
    assert package_negative(film) == "has_subtitles, blurry, or AI artifacts."  # env/ asks for no Python any more
    (film / "env").mkdir()
    (film / "env/requirements.txt").write_text("ltx-pipelines\n")
    package_negative.cache_clear()
    assert package_negative(film) == "its own"
    assert LockedModels(film, FilmLock(), {}).default_negative() == "its own"


@pytest.mark.parametrize(
    ("text", "negative"),
    [
        ('DEFAULT_NEGATIVE_PROMPT: str = "a, " "b"', "a, b"),
        ('import nothing\n\nDEFAULT_NEGATIVE_PROMPT = OTHER = "a"\nB = 3\n', "a"),
        ('DEFAULT_NEGATIVE_PROMPT_2 = "a"\n', None),
        ('OTHER = "a"', None),
        ('DEFAULT_NEGATIVE_PROMPT = "a" + B', None),
        ("DEFAULT_NEGATIVE_PROMPT = 3", None),
        ("DEFAULT_NEGATIVE_PROMPT: str", None),
        ("this is no Python", None),
        (None, None),
    ],
)
def test_what_cannot_be_read_is_none(
    text: str | None, negative: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_standin(tmp_path, monkeypatch)
    file = tmp_path / "ltx_pipelines/utils/constants.py"
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    assert package_negative(tmp_path) == negative
