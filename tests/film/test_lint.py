"""What to look at before a render, and what is read in another way than it is written, in a real dry-run."""

from __future__ import annotations

import pytest

from kit.command import vtx, vtx_json
from kit.film import Film
from kit.shot import MONOLITH_LOCK
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text

CLIPS = "projects/harbour/prompts/clips"
OFF = "  lint: {off: [name, …]} in metadata.yaml turns off what is named in brackets"


@pytest.fixture
def by_ltx(film: Film) -> Film:
    """The film as LTX-2 would render it, at 16 frames per second, with a shot that starts from a picture at strength 1
    and one whose speaker is not in it."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.edit("metadata.yaml", "fps: 8", "fps: 16")
    film.edit_clip("A01_S02_SH001__wheelhouse", "  characters:\n  - id: mara\n    wardrobe: sunday\n", "")
    film.edit_clip("A01_S02_SH001__wheelhouse", "Nobody today.", "Nobody.")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=MONOLITH_LOCK)))
    return film


RATE = (
    "  look at projects/harbour/metadata.yaml:9: fps: 16 frames per second: LTX-2 is made for 24 and less steady at 16"
    "; no time code has 16, so no EDL or XML can carry the film (rate)"
)
SHOTS = [
    f"  look at {CLIPS}/A01_S02_SH001__wheelhouse.yaml: mara speaks and is not in continuity.characters, so somebody "
    "else may get the words: add who is seen, or write that the voice is off screen (absent_speaker)",
    f"  look at {CLIPS}/A02_S01_SH001__ivo.yaml: its first picture has strength 1, which can freeze the first frames: "
    "give it less, as 0.9 (strength)",
]


def test_a_dry_run_and_the_plan_say_what_to_look_at(by_ltx: Film) -> None:
    head = by_ltx.dry_run().text
    assert "\n".join([RATE, *SHOTS, OFF]) in head
    assert "\n".join([RATE, *SHOTS, OFF]) in vtx(by_ltx, "plan", "harbour")
    found = vtx_json(by_ltx, "plan", "harbour")["lint"]
    assert [(each["clip_id"], each["rule"]) for each in found] == [
        (None, "rate"),
        ("A01_S02_SH001", "absent_speaker"),
        ("A02_S01_SH001", "strength"),
    ]
    by_ltx.edit("metadata.yaml", "acts_enabled: true", "lint: {off: [rate, absent_speaker]}")
    head = by_ltx.dry_run().text
    assert "\n".join([SHOTS[1], OFF]) in head
    assert "look at" not in head.replace(SHOTS[1], "")


def test_a_storyboard_has_its_rate_alone_to_look_at(by_ltx: Film) -> None:
    head = by_ltx.dry_run("animatic").text
    assert head.count("look at") == 1
    assert "16 frames per second" in head


def test_a_dozen_lines_are_shown_and_the_rest_by_a_command(by_ltx: Film) -> None:
    by_ltx.edit("metadata.yaml", "fps: 16", "fps: 24")
    by_ltx.lengthen(30)
    for path in (by_ltx.folder / "prompts/clips").glob("A03_*.yaml"):
        text = path.read_text(encoding="utf-8").replace("type: t2v", "type: i2v\n  reference_image: inputs/i.png")
        path.write_text(text, encoding="utf-8")
    by_ltx.write("inputs/i.png", (by_ltx.folder / "inputs/reference_images/ivo.png").read_bytes())
    head = by_ltx.dry_run().text
    assert head.count("  look at ") == 12
    assert "  … and 14 more: vtx plan harbour --all\n" in head
    assert vtx(by_ltx, "plan", "harbour").count("  look at ") == 12
    every = vtx(by_ltx, "plan", "harbour", "--all")
    assert every.count("  look at ") == 26
    assert "more: vtx plan" not in every


def test_a_film_of_older_files_is_built(film: Film) -> None:
    film.edit(
        "metadata.yaml",
        "default_pipeline: ti2vid_one_stage\ndefault_resolution: {width: 128, height: 96}\nfps: 8\n",
        "defaults:\n  pipeline: ti2vid_one_stage\n  width: 128\n  height: 96\n  fps: 8\n  max_seconds: 15\n",
    )
    film.edit("prompts/characters.yaml", "    name: Mara\n", "")
    film.edit("prompts/locations.yaml", "name: Quay, ", "")
    jobs = film.dry_run("clips")
    assert len(jobs.takes) == 6
    for notice in (
        "projects/harbour/metadata.yaml:8: defaults.pipeline is read as default_pipeline",
        "projects/harbour/metadata.yaml:9: defaults.width is read as default_resolution.width",
        "projects/harbour/metadata.yaml:12: defaults.max_seconds is read as max_seconds",
        "projects/harbour/prompts/characters.yaml:4: without a name, so called by their ids: mara",
        "projects/harbour/prompts/locations.yaml:3: without a name, so called by their ids: quay",
    ):
        assert notice in jobs.text
    film.build("projects/harbour/renders/clips/A01_S02_SH001__wheelhouse.mp4")
    assert sorted(film.takes()) == ["A01_S02_SH001"]
    film.edit("metadata.yaml", "style_profile: day", "fps: 9\nstyle_profile: day")
    refused = film.snakemake("final", "--dry-run")
    assert refused.returncode != 0
    assert (
        "metadata.yaml:11: defaults.fps: 8.0, but projects/harbour/metadata.yaml:13: fps is 9.0; keep one"
        in refused.stdout
    )
