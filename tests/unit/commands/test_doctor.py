"""What the doctor finds, on machines made up in the test: models, cards, packages, folders, keys."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kit.film import IDS, Film
from kit.gpus import gpu, write_nvidia_smi
from kit.ltx.handmade import handmade_models
from kit.ltx.standin_package import python_path, write_standin
from vtx_app.commands.doctor import Finding, examine
from vtx_app.commands.doctor.findings import load_subject
from vtx_app.commands.doctor.storage import describe, storage
from vtx_app.errors import ProjectError
from vtx_app.file_systems import Mount, file_system, mounts
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.planner import plan_film
from vtx_app.registry.database import registry_path, use
from vtx_app.render.ltx.package import installed

KEY = "sk-proj-0123456789abcdef"


def found(film: Film | None, about: str | None = None) -> list[Finding]:
    installed.cache_clear()
    told = examine(film.slug if film else None)
    assert KEY not in repr(told)
    return [each for each in told if about in (None, each.about)]


def states(film: Film | None, about: str) -> list[str]:
    return [each.state for each in found(film, about)]


@pytest.fixture
def ltx(film: Film) -> Film:
    """The film for LTX-2, with models that are named and whole."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    models = handmade_models(film.root / "models")
    text = "".join(f"{name}={path}\n" for name, path in models.items())
    (film.root / "config/models.env").write_text(text, encoding="utf-8")
    return film


def tool(film: Film, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program of that name before all others."""
    path = film.root / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")


NO_CARD = "exit 9"


def test_a_storyboard_film_needs_no_card_no_model_and_no_key(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(film, "nvidia-smi", NO_CARD, monkeypatch)
    told = found(film)
    assert not [each for each in told if each.state == "problem"]
    assert {each.about for each in told if each.state == "note"} <= {"gpu", "ltx", "models", "story", "git"}
    assert {"python", "packages", "uv", "ffmpeg", "fonts", "disk", "builds"} <= {each.about for each in told}
    assert found(film, "film") == [Finding("film", "ok", "harbour: 6 clips, renderer animatic, 6 to render")]


def test_the_machine_alone_is_looked_at_without_a_film(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(film, "nvidia-smi", NO_CARD, monkeypatch)
    assert not [each for each in found(None) if each.state == "problem"]


def test_cards_are_told_with_their_free_memory(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(film, "nvidia-smi", NO_CARD, monkeypatch)
    write_nvidia_smi(
        film.root / "bin", gpu(0, "81920", free="40960", name="A card, large"), gpu(1, "[N/A]", name="Other")
    )
    assert [each.what for each in found(film, "gpu")] == [
        "GPU 0: A card, large, 80.0 GiB, 40.0 GiB free",
        "GPU 1: Other, memory unknown, 512 MiB free",
    ]


def test_a_missing_card_stops_a_film_for_ltx_until_all_its_takes_are_there(
    ltx: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(ltx, "nvidia-smi", NO_CARD, monkeypatch)
    assert states(ltx, "gpu") == ["problem"]
    assert states(None, "gpu") == ["note"]
    for clip in plan_film("harbour", "final").clips.values():
        clip.take.path.parent.mkdir(parents=True)
        clip.take.path.touch()
    assert states(ltx, "gpu") == ["note"]


def test_models_are_told_with_their_fingerprints_and_the_lock(ltx: Film) -> None:
    told = {each.what.partition(":")[0]: each for each in found(ltx, "models")}
    assert {each.state for each in told.values()} == {"ok"}
    models = plan_film("harbour", "final").clips["A01_S01_SH001__empty_quay"].take.request.models
    lock = {model.slot: model.fingerprint for model in models}
    checkpoint = lock["LTX_CHECKPOINT_PATH"].rpartition(":")[2][:12]
    assert told["LTX_CHECKPOINT_PATH"].what.endswith(f"checkpoint.safetensors, {checkpoint}…")
    ltx.write("film.lock.yaml", film_lock_text(FilmLock(models=lock)))
    told = {each.what.partition(":")[0]: each for each in found(ltx, "models")}
    assert told["LTX_CHECKPOINT_PATH"].what.endswith("…, as film.lock.yaml has it")
    ltx.write(
        "film.lock.yaml", film_lock_text(FilmLock(models=lock | {"LTX_CHECKPOINT_PATH": f"sha256-sampled:{1:064x}"}))
    )
    told = {each.what.partition(":")[0]: each for each in found(ltx, "models")}
    assert told["LTX_CHECKPOINT_PATH"].what.endswith("…, not film.lock.yaml's")
    assert any("is not the model this film was rendered with" in each.what for each in found(ltx, "film"))


def test_a_torch_that_can_t_use_the_card_is_told(ltx: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    site = write_standin(ltx.root / "site")
    (site / "torch").mkdir()
    (site / "torch/__init__.py").touch()
    (site / "torch/version.py").write_text("cuda: Optional[str] = None\n", encoding="utf-8")
    (site / "torch-2.9.0.dist-info").mkdir()
    (site / "torch-2.9.0.dist-info/METADATA").write_text("Name: torch\nVersion: 2.9.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    tool(ltx, "nvidia-smi", NO_CARD, monkeypatch)
    assert found(ltx, "torch") == [Finding("torch", "ok", "torch 2.9.0")]
    write_nvidia_smi(ltx.root / "bin", gpu())
    (told,) = found(ltx, "torch")
    assert (told.state, told.what) == ("problem", "torch 2.9.0")
    assert told.advice.startswith("the torch in this Python is built for CPUs only")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "there is no file"),
        (b"<html>", "is a web page"),
        (b"", "is empty"),
        (b"\xff" * 64, "is not a safetensors"),
    ],
)
def test_a_model_that_can_not_be_read_stops_only_films_that_need_it(ltx: Film, data: bytes | None, told: str) -> None:
    path = ltx.root / "models/checkpoint.safetensors"
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    (fault,) = [each for each in found(ltx, "models") if each.what == "LTX_CHECKPOINT_PATH"]
    assert fault.state == "problem"
    assert told in fault.advice
    ltx.edit("metadata.yaml", "renderer: ltx", "renderer: animatic")
    (fault,) = [each for each in found(ltx, "models") if each.what == "LTX_CHECKPOINT_PATH"]
    assert fault.state == "note"


def test_a_model_that_no_clip_uses_is_a_note(ltx: Film) -> None:
    (ltx.root / "models/upsampler.safetensors").unlink()  # for two stages, and the film has one
    (fault,) = [each for each in found(ltx, "models") if each.what == "LTX_SPATIAL_UPSAMPLER_PATH"]
    assert fault.state == "note"


@pytest.mark.parametrize(
    ("version", "state", "told"),
    [
        ("1.0.0", "ok     ", "tried with VTX: Python, torch and the encodings of prompts stay warm"),
        ("1.2.0", "ok     ", "tried with VTX: models and the encodings of prompts stay warm\n"),
        (
            "1.4.0",
            "ok     ",
            "known to VTX by its interface, not tried: models and the encodings of prompts stay warm if",
        ),
        ("1.9.3", "note   ", "unknown to VTX: models and the encodings of prompts stay warm if"),
    ],
)
def test_the_package_is_told_without_importing_it_or_torch(film: Film, version: str, state: str, told: str) -> None:
    """In a process where importing either would be the end of it."""
    place = write_standin(film.root / "site", version)
    for name in ("torch", "ltx_pipelines"):
        (place / name).mkdir(exist_ok=True)
        (place / name / "__init__.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "vtx_app.cli", "doctor", "harbour"],
        env=dict(os.environ) | {"PYTHONPATH": python_path(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{state} ltx-pipelines {version} with distilled; {told}" in done.stdout


def test_the_key_and_the_server_are_told_and_never_shown(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", f"https://me:{KEY}@llm.example/{KEY}")
    assert [each.what for each in found(film, "story")] == [
        "server of story models: llm.example",
        "OPENAI_API_KEY is set",
    ]
    monkeypatch.setenv("OPENAI_BASE_URL", KEY)
    assert states(film, "story") == ["note", "ok"]
    film.write("project.env", f"OPENAI_API_KEY={KEY}\n")
    assert "a secret does not belong in a film's folder" in found(film, "story")[0].what
    assert states(film, "film") == ["ok"]


def test_what_the_shot_list_leaves_out_is_told(film: Film) -> None:
    film.write("story/04_shotlist.yaml", "shots: [{clip_id: A09_S01_SH001}]\n")
    what = "none of the 6 clips of harbour is in the film: story/04_shotlist.yaml names none of them"
    assert [(each.state, each.what) for each in found(film, "film")] == [("problem", what)]
    film.edit("story/04_shotlist.yaml", "]", f", {{clip_id: {IDS[0]}}}]")
    told = found(film, "film")
    assert [each.state for each in told] == ["ok", "note", "note"]
    assert told[0].what == "harbour: 1 clip, renderer animatic, 1 to render"
    assert "1 of its shots has no spec and is not in the film: A09_S01_SH001" in told[1].what
    assert f"5 specs are not in it and so not in the film: {', '.join(IDS[1:])}" in told[2].what


def test_a_key_is_missed_where_a_model_has_to_write_the_story(film: Film) -> None:
    for path in (film.folder / "prompts/clips").iterdir():
        path.unlink()
    assert [each.what for each in found(film, "film")] == ["harbour: no clip specs, and no story to make them from"]
    film.write("story/00_brief.md", "A quay.\n")
    assert [each.what for each in found(film, "film")] == ["harbour: no clip specs yet, a build makes its story first"]
    assert states(film, "story") == ["ok", "problem"]
    assert found(film, "story")[-1].advice.startswith("set it in the environment or in config/global.env")


def test_faults_of_the_films_files_are_told_beside_everything_else(film: Film) -> None:
    film.edit_clip("A01_S01_SH002__mara", "fixed", "fixd")
    film.edit_clip("A02_S01_SH001__ivo", "guidance_scale", "guidence_scale")
    told = found(film)
    assert [each.what.partition(":")[0] for each in told if each.state == "problem"] == [
        "projects/harbour/prompts/clips/A01_S01_SH002__mara.yaml",
        "projects/harbour/prompts/clips/A02_S01_SH001__ivo.yaml",
    ]
    film.edit("metadata.yaml", "fps: 8", "fps: eight")
    assert ["fps: 'eight'" in each.what for each in found(film, "film")] == [True]


def test_a_film_that_is_none_is_told(film: Film) -> None:
    for slug in ("harbor", "../x", "-rf", "a;b"):
        with pytest.raises(ProjectError):
            examine(slug)


def test_variables_that_can_not_be_are_told_once(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTX_FAIL_FAST", "maybe")
    assert [each.what for each in found(film) if each.state == "problem"] == [
        "VTX_FAIL_FAST is 'maybe'; expected true or false"
    ]
    monkeypatch.delenv("VTX_FAIL_FAST")
    (film.root / "config/global.env").write_text(f"{KEY}\n", encoding="utf-8")
    told = [each.what for each in found(None) if each.state == "problem"]
    assert told == ["config/global.env:1: expected VARIABLE=value, with quotes around a value that needs them"]


def test_folders_that_can_not_take_renders_are_told(film: Film) -> None:
    (film.folder / "renders").symlink_to(film.root / "unmounted")
    film.write("logs", "a file")
    faults = [each for each in found(film, "disk") if each.state == "problem"]
    assert [each.advice for each in faults] == [
        "projects/harbour/renders is not a folder, or is a broken link",
        "projects/harbour/logs is not a folder, or is a broken link",
    ]


def test_renders_that_git_would_commit_are_a_note(film: Film) -> None:
    assert found(film, "git") == []
    subprocess.run(["git", "init", "-q", str(film.root)], check=True)
    assert [(each.state, each.advice) for each in found(film, "git")] == [("note", "add renders/ to .gitignore")]
    (film.root / ".gitignore").write_text("renders/\n", encoding="utf-8")
    assert states(film, "git") == ["ok"]
    assert states(None, "git") == ["ok"]


def test_a_package_that_is_too_old_is_told(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.requires", lambda _: ["snakemake>=99", "nothing-such>=1", "av>=1"])
    assert [(each.what.split()[0], each.advice) for each in found(film, "packages")][:2] == [
        ("snakemake", "pip install 'snakemake>=99'"),
        ("nothing-such", "pip install 'nothing-such>=1'"),
    ]


def test_no_snakefile_is_a_problem_beside_what_can_be_told(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    (film.root / "Snakefile").unlink()
    told = found(None)
    assert [each.about for each in told if each.state == "problem"] == ["snakefile"]
    assert Path.cwd() == film.root


def test_a_file_system_is_that_of_the_nearest_mount_point_above(tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.mkdir()
    (tmp_path / "link").symlink_to(film)
    root, hidden, disk, beside = (
        Mount(point, kind)
        for point, kind in (("/", "ext4"), (str(tmp_path), "zfs"), (str(tmp_path), "nfs4"), (f"{film}s", "tmpfs"))
    )
    mounted = [root, hidden, disk, beside]
    assert [file_system(each, mounted) for each in (tmp_path.parent, film, tmp_path / "link")] == [root, disk, disk]
    proc = file_system(Path("/proc/self"), mounts())
    assert proc is not None
    assert (proc.kind, "rw" in proc.options or "ro" in proc.options) == ("proc", True)


@pytest.mark.parametrize(
    "kind, options, state, expected",
    [
        ("ext4", "rw", "ok", "of this machine"),
        ("nfs4", "rw,vers=4.2,local_lock=none", "ok", "hold for all machines"),
        ("nfs", "rw,nolock", "note", "nfs with nolock: locks don't reach other machines"),
        ("nfs", "rw,local_lock=flock", "note", "local_lock=flock"),
        ("cifs", "rw", "note", "may not reach other machines"),
        ("fuse.something", "rw", "note", "may not reach other machines"),
        ("9p", "rw", "note", "may not reach other machines"),
        ("overlay", "rw", "note", "deleted with it"),
        ("tmpfs", "rw", "note", "in memory"),
    ],
)
def test_what_holds_on_a_file_system(kind: str, options: str, state: str, expected: str) -> None:
    found_state, what, advice = describe(Mount("/", kind, frozenset(options.split(","))))
    assert (found_state, expected in what, bool(advice)) == (state, True, state == "note")


def test_each_film_is_named_with_its_file_system(film: Film) -> None:
    (own,) = found(film, "storage")
    assert own.what.startswith("harbour on ")
    elsewhere = Path("/dev/shm")  # noqa: S108
    here, there = (file_system(each, mounts()) for each in (film.root, elsewhere))
    if here is None or there is None or here == there or not os.access(elsewhere, os.W_OK):
        pytest.skip("this machine has one file system")
    with tempfile.TemporaryDirectory(dir=elsewhere) as folder:
        (Path(folder) / "metadata.yaml").write_text(film.read("metadata.yaml"), encoding="utf-8")
        (film.root / "projects/away").symlink_to(folder)
        first, second = sorted(each.what for each in found(None, "storage"))
    assert first == f"away on {describe(there)[1]}"
    assert second == f"harbour on {describe(here)[1]}"


def test_a_registry_that_machines_can_t_share_is_told(film: Film) -> None:
    network = [Mount("/", "nfs4")]
    assert [each.state for each in storage(load_subject(None), network)] == ["ok"]
    use(lambda _: None)
    _, note = storage(load_subject(None), network)
    assert (note.state, "WAL mode" in note.what, "delete it" in note.advice) == ("note", True, True)
    registry_path().unlink()
    assert [each.state for each in storage(load_subject(None), network)] == ["ok"]


def test_who_signs_a_film_and_until_when(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("c2pa", reason="c2pa-python is not installed here: pip install '.[sign]'")
    from kit.certificates import issue

    assert found(film, "signature") == []
    film.edit("metadata.yaml", "renderer: animatic", "renderer: animatic\nsign: true")
    (nobody,) = found(film, "signature")
    assert (nobody.state, "VTX_SIGN_CERTIFICATE is not set" in nobody.what) == ("problem", True)
    for days, state, what in (((-1, 30), "ok", "signed by Harbour Films"), ((-9, -1), "problem", "expired on")):
        own = issue(film.root / "own", "Harbour Films", days=days)
        monkeypatch.setenv("VTX_SIGN_CERTIFICATE", str(own.certificate))
        monkeypatch.setenv("VTX_SIGN_KEY", str(own.key))
        (finding,) = found(film, "signature")
        assert (finding.state, what in finding.what) == (state, True)
