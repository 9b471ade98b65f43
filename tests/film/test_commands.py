"""``vtx`` beside the Snakemake commands it says: run by hand they do the same; hostile words and secrets go nowhere."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit import warm
from kit.film import Film, spec
from kit.story.film import write_story_film

BIN = Path(sys.executable).parent
KEY = "sk-proj-0123456789abcdef"
SECRETS = {"OPENAI_API_KEY": KEY, "OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"https://me:{KEY}@127.0.0.1:9/{KEY}"}
SCREENPLAY = """\
INT. LAMP ROOM - NIGHT

The lamp is dead. Ines counts the boats.

INES
All boats are in.

EXT. QUAY - DAWN

Nobody comes.
"""


def run(
    film: Film, words: list[str], at: str = "", env: dict[str, str] | None = None, *, cold: bool = False
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line in a folder of the film's build; ``cold``: with its imports."""
    tools = {"PATH": os.pathsep.join([str(BIN), os.environ["PATH"]])}
    environment = film.environment(tools | (env or {}))
    if not cold:
        environment = warm.environment(environment)
    done = subprocess.run(words, cwd=film.root / at, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def vtx(film: Film, *words: str, at: str = "", env: dict[str, str] | None = None) -> tuple[int, str, str]:
    return run(film, ["vtx", *words], at, env)


def command(stderr: str) -> str:
    """The command that ``vtx`` said, as a person copies it."""
    first = stderr.splitlines()[0]
    assert first.startswith("$ ")
    return first.removeprefix("$ ")


def jobs(text: str) -> list[str]:
    """What Snakemake would do, or did: its jobs and its summary, without times and numbers of jobs."""
    return sorted(re.findall(r"^(?:Job \d+: (.*)|[a-z]+ +\d+)$|Nothing to be done", text, re.MULTILINE))


@pytest.mark.parametrize(
    "words",
    [
        ("assemble", "act", "harbour", "A02", "--tier", "animatic"),
        ("assemble", "final", "harbour", "--", "--config", "width=64", "height=64"),
    ],
)
def test_the_command_that_is_said_does_the_same_by_hand(film: Film, words: tuple[str, ...]) -> None:
    at = words.index("--") if "--" in words else len(words)
    code, out, err = vtx(film, *words[:at], "-n", *words[at:])
    again = run(film, ["bash", "-c", command(err)])
    assert (code, again[0]) == (0, 0), err
    assert jobs(err + out) == jobs(again[1] + again[2])
    assert len(jobs(err + out)) > 2
    assert not (film.folder / "renders").exists()


def test_a_plan_says_the_dry_run_that_it_stands_for(film: Film) -> None:
    code, out, err = vtx(film, "plan", "harbour", "--tier", "animatic")
    assert (code, out.splitlines()[0].partition(":")[0]) == (0, "harbour (animatic)")
    line = command(err)
    assert line == "snakemake animatic -n --config project=harbour"
    code, by_hand, more = run(film, ["bash", "-c", line])
    assert code == 0
    assert all(each in by_hand + more for each in out.splitlines()[:-1])
    code, out, err = vtx(film, "plan", "harbour", "--tier", "animatic", "--json")
    assert err == ""
    assert len(json.loads(out)["render"]) == by_hand.count("Render A0") + more.count("Render A0")


def test_a_plan_of_a_film_without_specs_is_of_its_story(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    film.write("story/screenplay.fountain", SCREENPLAY)
    code, out, err = vtx(film, "plan", "harbour")
    assert (code, command(err).split()[:2]) == (0, ["snakemake", "final"])
    assert "outline" in out
    assert json.loads(vtx(film, "plan", "harbour", "--json")[1])["story"] == out.splitlines()
    (film.folder / "story/screenplay.fountain").unlink()
    film.edit("metadata.yaml", "story:", "# story:")
    code, out, err = vtx(film, "plan", "harbour")
    assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_vtx_builds_from_a_folder_below_what_the_command_by_hand_finds_built(film: Film) -> None:
    (film.root / "notes/today").mkdir(parents=True)
    code, _, err = vtx(film, "render", "clip", "harbour", "A02_S01_SH002", at="notes/today")
    assert code == 0, err
    assert sorted(film.takes()) == ["A02_S01_SH002"]
    line = command(err)
    assert line.startswith("cd ../.. && snakemake projects/harbour/renders/clips/A02_S01_SH002__dream.mp4 ")
    code, out, err = run(film, ["bash", "-c", line], at="notes/today")
    assert code == 0
    assert "Nothing to be done" in out + err
    every_command_works_below(film, "notes/today", "A02_S01_SH002")


def every_command_works_below(film: Film, at: str, clip_id: str) -> None:
    """Of a film in which this clip is rendered; ``--json`` is JSON and nothing else."""
    (digest,) = film.takes()[clip_id]
    select = f"projects/harbour/review/selects/{clip_id}.yaml"
    for words, done, state in (
        (("approve", "harbour", clip_id, digest[:8]), "approved", "approved"),
        (("accept", "harbour", clip_id), "its approved take is accepted for the edited clip", "approved"),
        (("unfreeze", "harbour", f"{clip_id}__dream"), "no take is chosen any more", "open"),
        (("pick", "harbour", clip_id), "picked", "picked"),
    ):
        code, out, err = vtx(film, "take", *words, "--json", at=at)
        assert (code, err) == (0, "")
        said = {"clip_id": clip_id, "done": done, "digest": digest, "tier": "final", "state": state, "file": select}
        assert json.loads(out) == said | ({"digest": None} if state == "open" else {})
    code, out, err = vtx(film, "take", "note", "harbour", clip_id, "a good one", "--json", at=at)
    noted = {"clip_id": clip_id, "done": "noted", "digest": digest, "tier": "final", "state": "picked"}
    assert json.loads(out) == noted | {"file": f"projects/harbour/review/notes/{clip_id}.md"}
    written = (film.root / select).read_bytes()
    code, out, err = vtx(film, "take", "reroll", "harbour", clip_id, "--json", "-n", at=at)
    assert (code, (film.root / select).read_bytes()) == (0, written)
    (take,) = json.loads(out)["takes"]
    code, out, _ = vtx(film, "take", "reroll", "harbour", clip_id, "-n", at=at)
    assert (code, out) == (0, f"{clip_id}: seeds {take['seed']} (not written)\n")
    assert f"renders/takes/{clip_id}/{take['digest']}.mp4" in command(err)
    code, out, err = vtx(film, "take", "reject", "harbour", clip_id, "--json", at=at)
    assert json.loads(out) == {
        "clip_id": clip_id,
        "done": "rejected",
        "digest": digest,
        "tier": "final",
        "state": "open",
        "file": select,
    }
    for words in (
        ("plan", "harbour"),
        ("why", "harbour", clip_id),
        ("takes", "harbour", clip_id),
        ("gc", "harbour"),
        ("config", "show", "harbour"),
        ("doctor", "harbour"),
    ):
        code, out, err = vtx(film, *words, "--json", at=at)
        assert (code, err) == (0, ""), words
        assert json.loads(out) is not None
    for words in (("project", "env-create", "harbour"), ("models", "lock", "harbour")):
        code, out, err = vtx(film, *words, at=at)
        assert (code, len(err.splitlines())) == (1, 1), words
    assert list((film.root / at).iterdir()) == []


def completions(film: Film, words: list[str], at: str = "") -> list[str]:
    """What the shell offers for the last of these words, by the protocol of its completion."""
    env = {"_VTX_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(["vtx", *words]), "COMP_CWORD": str(len(words))}
    code, out, err = vtx(film, at=at, env=env)
    assert (code, err) == (0, "")
    return out.split()


def test_the_shell_completes_films_ids_and_takes(film: Film) -> None:
    (film.root / "notes").mkdir()
    film.write("renders/takes/A02_S01_SH001/" + "ab" * 32 + ".mp4", b"")
    film.write("prompts/clips/A01_S01_SH001A__gull.yaml", spec("A01_S01_SH001A", "Gull", "A gull."))
    for words, offered in (
        (["pl"], ["plan"]),
        (["take", "re"], ["reject", "reroll"]),
        (["plan", ""], ["harbour"]),
        (["doctor", "h"], ["harbour"]),
        (["gc", "x"], []),
        (["why", "harbour", "A01_S01"], ["A01_S01_SH001", "A01_S01_SH001A", "A01_S01_SH002"]),
        (["takes", "harbour", "A02_S01_SH001"], ["A02_S01_SH001"]),
        (["take", "approve", "harbour", "A02_S01_SH001", "a"], ["ab" * 6]),
        (["render", "scene", "harbour", ""], ["A01_S01", "A01_S02", "A02_S01"]),
        (["assemble", "act", "harbour", "A02"], ["A02"]),
        (["plan", "harbour", "--tier", "d"], ["draft"]),
        (["render", "clip", "nothing", ""], []),
        (["why", "../x", ""], []),
    ):
        assert completions(film, words, at="notes") == offered, words
    script = run(film, ["vtx", "--show-completion", "bash"])[1]
    assert "complete -o default -F _vtx_completion vtx" in script


def test_the_story_is_made_as_far_as_it_is_asked_for(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    film.write("story/screenplay.fountain", SCREENPLAY)
    code, _, err = vtx(film, "story", "screenplay", "harbour")
    assert code == 0, err
    assert list((film.folder / "story/03_screenplay").glob("A01_S02__*.md"))
    assert not (film.folder / "story/04_shotlist.yaml").exists()
    code, _, err = vtx(film, "story", "all", "harbour")
    assert code == 0, err
    assert list((film.folder / "prompts/clips").glob("A01_S01_SH001__*.yaml"))
    code, out, err = run(film, ["bash", "-c", command(err)])
    assert code == 0
    assert "Nothing to be done" in out + err


FAULTY = """\
from vtx_app.errors import RenderError
from vtx_app.render.animatic.renderer import AnimaticRenderer

class Faulty(AnimaticRenderer):
    def render(self, request, sources, out, progress):
        if out.parent.name == "A02_S01_SH001":
            raise RenderError("the pencil broke")
        return super().render(request, sources, out, progress)
"""
FOUND_FIRST = """\
from dataclasses import replace
from vtx_app.formats.renderers import RENDERERS

RENDERERS["animatic"] = replace(RENDERERS["animatic"], factory="faulty:Faulty")
"""


def test_a_failed_build_fails_vtx_and_the_other_clips_are_made(film: Film, tmp_path: Path) -> None:
    (tmp_path / "fault").mkdir()
    (tmp_path / "fault/faulty.py").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "fault/sitecustomize.py").write_text(FOUND_FIRST, encoding="utf-8")
    env = {"PYTHONPATH": str(tmp_path / "fault")}
    code, out, err = vtx(film, "render", "act", "harbour", "A02", "-c", "1", env=env)
    assert code == 1, out + err
    assert "the pencil broke" in out + err
    assert sorted(film.takes()) == ["A02_S01_SH002"]
    code, out, err = vtx(film, "render", "all", "harbour", "--", "--no-such-option")
    assert code == 2, out + err


def test_slugs_and_ids_are_data(film: Film) -> None:
    """None of them is a path, an option or a shell's word."""
    shutil.copytree(film.folder, film.root / "x")
    before = sorted(path for path in film.root.rglob("*"))
    for words in (
        ("render", "all", "../x"),
        ("render", "all", "--", "-rf"),
        ("render", "clip", "harbour", "$(touch hacked)"),
        ("assemble", "act", "harbour", "A01;touch hacked"),
        ("story", "all", "a;b"),
        ("config", "show", "../x"),
        ("doctor", "harbour\x1b[31m"),
    ):
        code, out, err = vtx(film, *words)
        assert (code, out) == (1, ""), words
        assert len(err.splitlines()) == 1
        assert err.rstrip("\n").isprintable()
    assert sorted(path for path in film.root.rglob("*")) == before


def test_a_title_with_escape_codes_reaches_no_terminal(film: Film) -> None:
    film.edit("metadata.yaml", 'title: "Harbour"', 'title: "Ha\\x1b[31m\\x9b2J\\u202Ebour\\x07"')
    for words in (("config", "show", "harbour"), ("doctor", "harbour")):
        code, out, err = vtx(film, *words)
        assert code == 0, err
        assert (out + err).replace("\n", "").isprintable()
    code, out, _ = vtx(film, "config", "show", "harbour", "--json")
    assert code == 0
    assert out.replace("\n", "").isprintable()
    rows = {row["setting"]: row["value"] for row in json.loads(out)}
    assert rows["title"] == "Ha\x1b[31m\x9b2J\u202ebour\x07"


def test_secrets_are_never_said(film: Film) -> None:
    for words in (
        ("config", "show", "harbour"),
        ("config", "show", "harbour", "--json"),
        ("doctor", "harbour"),
        ("doctor", "--json"),
        ("render", "clip", "harbour", "A01_S01_SH001", "-n", "--", "--verbose", "--debug-dag", "--printshellcmds"),
    ):
        _, out, err = vtx(film, *words, env=SECRETS)
        assert out + err
        assert KEY not in out + err, words
    (film.root / "config/global.env").write_text(f"OPENAI_API_KEY={KEY}\n{KEY}\n", encoding="utf-8")
    for group in (("config", "show"), ("render", "all")):
        code, out, err = vtx(film, *group, "harbour")
        assert code == 1
        assert "config/global.env:2: expected VARIABLE=value" in out + err
        assert KEY not in out + err


SLOW = ("snakemake", "torch", "transformers", "ltx_core", "numpy", "openai", "s3fs", "c2pa", "opentimelineio")
"""Packages that take long to load."""


def test_the_doctor_loads_nothing_slow_and_scripts_read_it(film: Film) -> None:
    script = (
        "import sys\nfrom vtx_app.cli import main\n"
        f"try:\n    main()\nfinally:\n    print([name for name in {SLOW!r} if name in sys.modules], file=sys.stderr)\n"
    )
    code, out, err = run(film, [sys.executable, "-c", script, "doctor", "harbour", "--json"], cold=True)
    assert err == "[]\n"
    told = json.loads(out)
    assert code == 0
    assert all(set(each) == {"about", "state", "what", "do"} for each in told)
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    code, out, _ = vtx(film, "doctor", "harbour", "--json")
    assert code == 1
    assert [each["what"] for each in json.loads(out) if each["about"] == "film"]


def test_it_runs_as_a_module_and_without_a_snakefile_says_so(film: Film) -> None:
    words = ["render", "clip", "harbour", "A01_S01_SH001", "-n"]
    code, _, err = run(film, [sys.executable, "-m", "vtx_app.cli", *words])
    assert code == 0, err
    assert shlex.split(command(err))[0] == "snakemake"
    (film.root / "Snakefile").unlink()
    for group in (("render", "all"), ("story", "all"), ("config", "show")):
        code, out, err = vtx(film, *group, "harbour")
        assert (code, out) == (1, "")
        assert "run vtx in the folder that you cloned VTX into" in err
