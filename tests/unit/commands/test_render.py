"""Which Snakemake command each ``vtx`` command says, word for word, and that it runs just that."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.film import CLIPS, Film, spec
from kit.ltx.handmade import handmade_models
from vtx_app.commands.app import app

CLIP_FILES = [f"projects/harbour/renders/clips/{stem}.mp4" for stem in sorted(CLIPS)]
STORY = "projects/harbour/story"
GPU, FILM, GOING = "--resources gpu=1", "--config project=harbour", "--keep-going"


def said(ran: Path, *words: str) -> str:
    """The command that ``vtx <words> -c 2`` says; it is what was run, and its exit code is passed on."""
    done = CliRunner().invoke(app, [*words[:2], "-c", "2", *words[2:]])
    assert done.exit_code == 3, done.output
    (line,) = done.stderr.splitlines()
    assert ["-m", *shlex.split(line.removeprefix("$ "))] == ran.read_text(encoding="utf-8").splitlines()
    return line.removeprefix("$ snakemake ")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("story outline", f"{STORY}/01_outline.yaml --cores 2 --resources llm=4 {GOING}"),
        ("story treatment", f"{STORY}/02_treatment.md --cores 2 --resources llm=4 {GOING}"),
        (
            "story bibles",
            "projects/harbour/prompts/characters.yaml projects/harbour/prompts/locations.yaml"
            f" --cores 2 --resources llm=4 {GOING}",
        ),
        ("story screenplay", f"{STORY}/.generated/screenplay.json --cores 2 --resources llm=4 {GOING}"),
        ("story shotlist", f"{STORY}/04_shotlist.yaml --cores 2 --resources llm=4 {GOING}"),
        ("story clips --llm 8", f"{STORY}/.generated/clips.json --cores 2 --resources llm=8 {GOING}"),
        ("story all -n", f"story --cores 2 --resources llm=4 {FILM} {GOING} --dry-run"),
        ("render clip A01_S01_SH002", f"{CLIP_FILES[1]} --cores 2 {GPU} {GOING}"),
        ("render clip A01_S01_SH002__mara", f"{CLIP_FILES[1]} --cores 2 {GPU} {GOING}"),
        ("render scene A01_S02", f"{CLIP_FILES[2]} {CLIP_FILES[3]} --cores 2 {GPU} {GOING}"),
        ("render act A02 -n", f"{CLIP_FILES[4]} {CLIP_FILES[5]} --cores 2 {GPU} {GOING} --dry-run"),
        ("render all", f"clips --cores 2 {GPU} {FILM} {GOING}"),
        ("render all --resume", f"clips --cores 2 {GPU} {FILM} {GOING}"),
        ("render all --gpus 3", f"clips --cores 2 --resources gpu=3 {FILM} {GOING}"),
        (
            "render all --tier animatic",
            f"{' '.join(CLIP_FILES).replace('/renders/', '/renders/animatic/')} --cores 2 {GPU} {GOING}",
        ),
        ("assemble act A01", f"projects/harbour/renders/acts/A01.mp4 --cores 2 {GPU} {GOING}"),
        ("assemble act A1", f"projects/harbour/renders/acts/A01.mp4 --cores 2 {GPU} {GOING}"),
        (
            "assemble act A01 --tier animatic",
            f"projects/harbour/renders/animatic/acts/A01.mp4 --cores 2 {GPU} {GOING}",
        ),
        ("assemble final", f"final --cores 2 {GPU} {FILM} {GOING}"),
        ("assemble final --tier animatic -n", f"animatic --cores 2 {GPU} {FILM} {GOING} --dry-run"),
        ("render all -- --quiet rules", f"clips --cores 2 {GPU} {FILM} {GOING} --quiet rules"),
        ("assemble final -- --config width=64", f"final --cores 2 {GPU} {GOING} --config project=harbour width=64"),
    ],
)
def test_each_command_says_its_snakemake_command_and_runs_it(ran: Path, words: str, line: str) -> None:
    group, name, *rest = words.split()
    assert said(ran, group, name, "harbour", *rest) == line


def test_drafts_are_clips_of_their_own(film: Film, ran: Path) -> None:
    models = handmade_models(film.root / "models")
    text = "".join(f"{name}={path}\n" for name, path in models.items())
    (film.root / "config/models.env").write_text(text, encoding="utf-8")
    line = said(ran, "render", "clip", "harbour", "A01_S01_SH002", "--tier", "draft")
    assert line.startswith("projects/harbour/renders/draft/clips/A01_S01_SH002__mara.mp4 ")
    assert said(ran, "assemble", "final", "harbour", "--tier", "draft").startswith("draft --cores 2 ")


def test_a_film_without_specs_is_left_to_the_named_targets(film: Film, ran: Path) -> None:
    for path in (film.folder / "prompts/clips").iterdir():
        path.unlink()
    film.write("story/00_brief.md", "A quay.\n")
    assert said(ran, "render", "all", "harbour").startswith("clips --cores")
    assert said(ran, "render", "all", "harbour", "--tier", "animatic").startswith("animatic --cores")
    assert said(ran, "assemble", "final", "harbour").startswith("final --cores")


def test_a_film_that_is_called_by_a_number_is_that_film(film: Film, ran: Path) -> None:
    film.folder.rename(film.root / "projects/2001")
    two = Film(film.root, "2001")
    two.edit("metadata.yaml", "slug: harbour", 'slug: "2001"')
    assert said(ran, "assemble", "final", "2001") == f"final --cores 2 {GPU} --config 'project=!!str 2001' {GOING}"


def test_scenes_and_acts_are_numbers_however_many_digits_they_are_written_with(film: Film, ran: Path) -> None:
    film.write("prompts/clips/A003_S01_SH001__late.yaml", spec("A003_S01_SH001", "Late", "The quay at night."))
    film.write("prompts/clips/A03_S001_SH002A__later.yaml", spec("A03_S001_SH002A", "Later", "The quay, later."))
    for words in (("scene", "harbour", "A03_S01"), ("scene", "harbour", "A003_S001"), ("act", "harbour", "A03")):
        line = said(ran, "render", *words)
        assert [word.rpartition("/")[2] for word in line.split()[:2]] == [
            "A003_S01_SH001__late.mp4",
            "A03_S001_SH002A__later.mp4",
        ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("render clip harbour A01_S01_SH009", "no clip 'A01_S01_SH009' in harbour, did you mean 'A01_S01_SH00"),
        ("render clip harbour A01", "no clip 'A01' in harbour; A01_S02_SH003 is what one looks like"),
        ("render clip harbour a01_s01_sh001", "no clip 'a01_s01_sh001' in harbour"),
        ("render scene harbour A01_S09", "no scene 'A01_S09' in harbour, did you mean 'A01_S0"),
        ("render scene harbour A01", "no scene 'A01' in harbour"),
        ("render scene harbour A01_S01_SH001", "no scene 'A01_S01_SH001' in harbour, did you mean 'A01_S01'?"),
        ("render act harbour A09", "no act 'A09' in harbour, did you mean 'A0"),
        ("render act harbour A01_S01", "no act 'A01_S01' in harbour, did you mean 'A01'?"),
        ("render act harbour ../A01", "no act '../A01' in harbour"),
        ("render clip harbour A01_S01_SH001;ls", "no clip 'A01_S01_SH001;ls' in harbour, did you mean"),
        ("render clip harbour \x1b[31mA01", "no clip '\\x1b[31mA01' in harbour"),
        ("render clip harbour A01_S01_SH001 A01_S01_SH002", "'A01_S01_SH002' is one too many"),
        ("render all harbour --tier best", "--tier 'best': expected animatic, draft, final"),
        ("render all harbour --tier draft", "LTX_DISTILLED_CHECKPOINT_PATH is not set"),
        ("render all harbor", "no film 'harbor'"),
        ("assemble act harbour A09", "no act 'A09' in harbour; it has A01, A02"),
        ("assemble final ../x", "'../x' is not a project"),
        ("story all a;b", "'a;b' is not a project"),
        ("story clips -- -rf", "'-rf' is not a project"),
        ("config show ../../etc", "'../../etc' is not a project"),
        ("config show \x1b[31m", "'\\x1b[31m' is not a project"),
        ("doctor a;b", "'a;b' is not a project"),
    ],
)
def test_what_a_person_got_wrong_is_one_line_and_nothing_is_run(ran: Path, words: str, told: str) -> None:
    done = CliRunner().invoke(app, words.split(" "))
    assert done.exit_code == 1, done.output
    assert told in done.stderr
    assert "\x1b" not in done.output
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert not ran.exists()


def test_an_option_that_is_none_is_told_before_anything_is_done(ran: Path) -> None:
    done = CliRunner().invoke(app, ["render", "all", "-rf"])
    assert done.exit_code == 2
    assert not ran.exists()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("render clip harbour A01_S02", ["A01_S02_SH001", "A01_S02_SH002"]),
        ("render scene harbour A", ["A01_S01", "A01_S02", "A02_S01"]),
        ("render act harbour A", ["A01", "A02"]),
        ("assemble act harbour A02", ["A02"]),
        ("render clip harbour x", []),
        ("render clip harbor A01", []),
        ("render clip ../x A01", []),
        ("render all har", ["harbour"]),
        ("story clips ", ["harbour"]),
        ("config show h", ["harbour"]),
        ("doctor h", ["harbour"]),
        ("doctor x", []),
    ],
)
def test_the_shell_completes_films_and_ids(film: Film, typed: str, offered: list[str]) -> None:
    film.write("prompts/clips/A01_S02_SH001.incoming.yaml", "")
    count = len(typed.split(" "))
    words = {"_VTX_COMPLETE": "complete_bash", "COMP_WORDS": f"vtx {typed}", "COMP_CWORD": str(count)}
    done = CliRunner().invoke(app, [], prog_name="vtx", env=words)
    assert done.exit_code == 0, done.output
    assert done.stdout.split() == offered
