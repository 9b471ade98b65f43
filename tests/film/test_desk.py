"""The desk when several are at it, and when the disk takes no more: no word is lost, and what is wrong is told."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from kit.command import start, vtx, vtx_json
from kit.film import Film, write_film
from vtx_app.errors import ProjectError
from vtx_app.formats.check import load_format
from vtx_app.formats.edit import Edit
from vtx_app.formats.select import Select
from vtx_app.project.load import load_film
from vtx_app.review.decisions import save

CLIP = "A01_S01_SH002"
SELECT = f"review/selects/{CLIP}.yaml"
NOTES = f"review/notes/{CLIP}.md"
DIGESTS = [letter * 64 for letter in "0123"]


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """A film whose clip has takes; what is in them is not looked at here."""
    made = write_film(tmp_path)
    for digest in DIGESTS:
        made.write(f"renders/takes/{CLIP}/{digest}.mp4", b"a take")
    return made


def test_what_several_say_of_one_shot_at_once_is_all_kept(film: Film) -> None:
    said = [start(film, "take", "reject", "harbour", CLIP, digest) for digest in DIGESTS]
    for each in said:
        told, _ = each.communicate()
        assert each.returncode == 0, told
    select = load_format(film.folder / SELECT, Select)
    assert sorted(select.rejected) == DIGESTS


def test_one_film_is_made_of_several_of_the_same_name_at_once(film: Film) -> None:
    said = [start(film, "projects", "new", "pier", "--title", f"Pier {number}") for number in range(2)]
    told = [each.communicate()[0] for each in said]
    assert sorted(each.returncode for each in said) == [0, 1], told
    assert sum("projects/pier exists already; it stays as it is" in each for each in told) == 1
    assert "title: Pier" in (film.root / "projects/pier/metadata.yaml").read_text(encoding="utf-8")


def full() -> None:
    """A limit that no word gets past, as a quota sets it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("take", "note", "harbour", CLIP, "more"), f"{NOTES} can't be written: File too large. Raise the limit on"),
        (
            ("projects", "new", "pier", "--title", "P"),
            "pier can't be written to projects: File too large. Raise the limit",
        ),
    ],
)
def test_a_file_that_can_not_be_written_is_told_and_what_is_there_stays(
    film: Film, words: tuple[str, ...], message: str
) -> None:
    vtx(film, "take", "note", "harbour", CLIP, "one")
    before = film.read(NOTES)
    refused = start(film, *words, before=full)
    told, _ = refused.communicate()
    assert (refused.returncode, told.count("\n")) == (1, 1), told
    assert message in told
    assert film.read(NOTES) == before
    assert [path.name for path in film.root.rglob(".*.part*")] == []


def test_a_select_that_a_person_edits_meanwhile_is_not_written_over(
    film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(film.root)
    loaded = load_film("harbour")
    film.write(SELECT, f"version: 1\nclip_id: {CLIP}\nnote: mine\n".encode())
    with pytest.raises(ProjectError, match="was edited meanwhile: read it"):
        save(loaded, {"version": 1, "clip_id": CLIP, "note": "the tool's"})
    assert "mine" in film.read(SELECT)


EDIT = "story/05_edit.yaml"


def test_a_trim_is_said_written_and_rendered_by_nothing(built: Film) -> None:
    takes = built.takes()
    said = vtx(built, "take", "trim", "harbour", CLIP, "--in", "2", "--out", "6")
    assert said.splitlines()[:2] == [
        f"{CLIP}: frames 2 to 6 of 8, 0.50 s (projects/harbour/{EDIT})",
        "  0 takes to render; made again: the clip, act A01, the sound, the subtitles, the final",
    ]
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [CLIP], ["A01"], True)
    built.build()
    assert built.takes() == takes
    data = vtx_json(built, "edit", "show", "harbour")
    assert [(each["first"], each["end"]) for each in data["cut"] if each["clip"] == CLIP] == [(2, 6)]
    assert f"{CLIP}  2   6    0.50" in vtx(built, "edit", "show", "harbour")
    data = vtx_json(built, "take", "trim", "harbour", CLIP, "--clear", "-n")
    assert (data["in"], data["out"], data["takes"], data["file"]) == (0, 8, 0, "not written")
    vtx(built, "take", "trim", "harbour", CLIP, "--tail", "-1")
    assert "out: -1" in built.read(EDIT)
    vtx(built, "take", "trim", "harbour", CLIP, "--clear")
    assert "Render" not in built.dry_run().text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--out", "99"), f"{CLIP}: out: 99: its take has "),
        (("--out", "6", "--tail", "-2"), "--out and --tail both say where it ends"),
        ((), "Give --in, --out or --tail, or --clear for the whole shot"),
    ],
)
def test_a_trim_that_can_not_be_is_told(film: Film, words: tuple[str, ...], told: str) -> None:
    assert told in vtx(film, "take", "trim", "harbour", CLIP, *words, code=1)
    assert not (film.folder / EDIT).exists()


def test_what_several_trim_at_once_is_all_kept(film: Film) -> None:
    clips = ["A01_S01_SH001", "A01_S01_SH002", "A02_S01_SH001"]
    said = [start(film, "take", "trim", "harbour", clip, "--in", "2") for clip in clips]
    for each in said:
        told, _ = each.communicate()
        assert each.returncode == 0, told
    assert sorted(load_format(film.folder / EDIT, Edit).clips) == clips


def test_a_storyboard_s_take_is_chosen_in_its_tier(built: Film) -> None:
    (digest,) = built.takes()[CLIP]
    assert "approved" in vtx(built, "take", "approve", "harbour", CLIP, "--tier", "animatic")
    (line,) = vtx_json(built, "takes", "harbour", CLIP)
    assert (line["digest"], line["tiers"], line["state"]) == (digest, ["final", "animatic"], "approved, shown")
    vtx(built, "take", "reject", "harbour", CLIP, digest[:8], "--tier", "animatic")
    jobs = built.dry_run("animatic")
    assert jobs.takes == [CLIP]
    assert "--tier 'film': expected" in vtx(built, "take", "pick", "harbour", CLIP, "--tier", "film", code=1)
