"""``vtx takes push`` and ``pull``: to a folder, and to a real server of S3."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from kit.command import start, vtx, vtx_json
from kit.desk import planned
from kit.film import Film, write_film
from kit.machine import without_settings
from kit.movie import video_frame
from kit.s3 import KEY, MISSING, S3, SECRET, running_s3, stalling
from kit.takes import write_take
from vtx_app.media.writer import write_film as write_movie

needs_s3 = pytest.mark.skipif(
    bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (a server of S3 and its client)"
)


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    with running_s3() as running:
        yield running


@pytest.fixture
def rendered(film: Film, monkeypatch: pytest.MonkeyPatch) -> Film:
    """A film all of whose takes are there: small, each another."""
    without_settings(monkeypatch)
    monkeypatch.chdir(film.root)
    for shade, clip in enumerate(planned().clips.values()):
        write_take(clip.take)
        with write_movie(clip.take.path, 64, 64, Fraction(8)) as movie:
            for frame in range(3):
                movie.picture(video_frame(np.full((64, 64, 3), 40 * shade + frame, np.uint8)))
    return film


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """A folder of the bucket for this test alone."""
    return f"s3://studio/{request.node.name}"


def clone(film: Film, root: Path) -> Film:
    """The film as a fresh clone of its repository has it: no renders."""
    for name in ("Snakefile", "rules", "config", "envs", "projects"):
        source = film.root / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("renders", "logs"))
        else:
            root.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, root / name)
    return Film(root)


def stored(film: Film) -> dict[str, bytes]:
    """The films and records of all takes by their names in a store."""
    takes = film.folder / "renders/takes"
    return {f"takes/{path.relative_to(takes).as_posix()}": path.read_bytes() for path in takes.glob("*/*")}


def folder_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def without_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not name.endswith(".sha256")}


def test_a_clone_that_pulls_from_a_folder_renders_nothing(rendered: Film, tmp_path: Path) -> None:
    store = tmp_path / "disk"
    assert "would push 6 takes" in vtx(rendered, "takes", "push", "harbour", str(store), "--dry-run")
    assert not store.exists()
    assert "pushed 6 takes" in vtx(rendered, "takes", "push", "harbour", str(store))
    assert without_sums(folder_files(store)) == stored(rendered)
    for sums in store.rglob("*.sha256"):
        subprocess.run(["sha256sum", "--check", "--quiet", sums.name], cwd=sums.parent, check=True)

    other = clone(rendered, tmp_path / "clone")
    assert len(other.dry_run().takes) == 6
    assert "pulled 6 takes" in vtx(other, "takes", "pull", "harbour", f"file://{store}")
    assert stored(other) == stored(rendered)
    jobs = other.dry_run()
    assert (jobs.takes, len(jobs.clips)) == ([], 6)

    before = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    assert "pushed 0 takes (0.0 MB)" in vtx(other, "takes", "push", "harbour", str(store))
    assert vtx_json(other, "takes", "pull", "harbour", str(store))["copied"] == []
    assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == before


@needs_s3
def test_a_clone_that_pulls_from_s3_renders_nothing(rendered: Film, tmp_path: Path, server: S3, url: str) -> None:
    said = vtx(rendered, "takes", "push", "harbour", url, env=server.environment)
    folder = url.removeprefix("s3://studio/")
    assert "pushed 6 takes" in said
    assert url in said
    assert without_sums(server.files(folder)) == stored(rendered)

    other = clone(rendered, tmp_path / "clone")
    said += vtx(other, "takes", "pull", "harbour", url, "--at-once", "3", env=server.environment)
    assert stored(other) == stored(rendered)
    assert other.dry_run().takes == []
    again = vtx_json(other, "takes", "push", "harbour", url, env=server.environment)
    assert (again["copied"], len(again["present"])) == ([], 6)
    shown = said.encode() + b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".mp4"
    )
    assert SECRET.encode() not in shown
    assert KEY.encode() not in shown


@needs_s3
@pytest.mark.parametrize("verb, method", [("push", "PUT"), ("pull", "GET")])
def test_killed_in_the_middle_and_run_again(
    rendered: Film, tmp_path: Path, server: S3, verb: str, method: str, request: pytest.FixtureRequest
) -> None:
    folder = f"killed-{verb}"
    film = rendered
    if verb == "pull":
        vtx(rendered, "takes", "push", "harbour", f"s3://studio/{folder}", env=server.environment)
        film = clone(rendered, tmp_path / "clone")
    words = ("takes", verb, "harbour", f"s3://studio/{folder}", "--at-once", "2")
    with stalling(server, method, served=2) as (slow, stalled):
        process = start(film, *words, env=slow.environment)
        assert stalled.wait(timeout=600), process.communicate()
        process.kill()
        process.communicate()
    arrived = server.files(folder) if verb == "push" else stored(film)
    films = [name for name in arrived if name.endswith(".mp4") and not Path(name).name.startswith(".")]
    assert len(films) < 6
    assert all(arrived[name] == stored(rendered)[name] for name in films)

    done = vtx_json(film, *words, env=server.environment)
    assert 6 - len(films) <= len(done["copied"]) <= 6
    assert without_sums(server.files(folder)) == stored(rendered)
    assert len(server.files(folder)) == 18
    assert stored(film) == stored(rendered)


@needs_s3
def test_a_damaged_object_is_not_pulled_and_nothing_is_written_over(
    rendered: Film, tmp_path: Path, server: S3, url: str
) -> None:
    vtx(rendered, "takes", "push", "harbour", url, env=server.environment)
    client = server.client()
    folder = url.removeprefix("s3://")
    damaged, shortened, *_ = sorted(path for path in client.find(folder) if path.endswith(".mp4"))
    data = bytearray(client.cat_file(damaged))
    data[len(data) // 2] ^= 1
    client.pipe_file(damaged, bytes(data))
    client.pipe_file(shortened, client.cat_file(shortened)[:-100])
    in_store = server.files(folder.removeprefix("studio/"))

    other = clone(rendered, tmp_path / "clone")
    said = vtx(other, "takes", "pull", "harbour", url, code=1, env=server.environment)
    for path in (damaged, shortened):
        assert f"the store's file is damaged: {path.removeprefix(folder + '/')}" in said
    assert "pulled 4 takes" in said
    assert "2 damaged" in said
    assert stored(other).items() < stored(rendered).items()
    assert len([name for name in stored(other) if name.endswith(".mp4")]) == 4
    assert len(other.dry_run().takes) == 2

    said = vtx(rendered, "takes", "push", "harbour", url, code=1, env=server.environment)
    assert shortened.removeprefix(folder + "/") in said
    assert server.files(folder.removeprefix("studio/")) == in_store


def test_another_render_of_a_take_stays_on_both_sides(rendered: Film, tmp_path: Path) -> None:
    store = tmp_path / "disk"
    vtx(rendered, "takes", "push", "harbour", str(store))
    other = clone(rendered, tmp_path / "clone")
    vtx(other, "takes", "pull", "harbour", str(store))
    first, second = sorted((other.folder / "renders/takes").glob("A01*/*.mp4"))[:2]
    first.write_bytes(second.read_bytes())
    here, there = stored(other), folder_files(store)
    for verb in ("push", "pull"):
        said = vtx(other, "takes", verb, "harbour", str(store))
        assert "another render of this take" in said
        assert "1 different" in said
    assert (stored(other), folder_files(store)) == (here, there)


def test_an_unfinished_push_is_checked_and_finished(rendered: Film, tmp_path: Path) -> None:
    """Without its sums a take may be anything: what is there is read, what is not a film is not taken."""
    store = tmp_path / "disk"
    vtx(rendered, "takes", "push", "harbour", str(store))
    for sums in store.rglob("*.sha256"):
        sums.unlink()
    films = sorted(store.rglob("*.mp4"))
    films[0].write_bytes(films[0].read_bytes()[:-50])
    films[1].unlink()
    other = clone(rendered, tmp_path / "clone")
    said = vtx(other, "takes", "pull", "harbour", str(store), code=1)
    assert "pulled 4 takes" in said
    assert "damaged or not complete" in said
    said = vtx(rendered, "takes", "push", "harbour", str(store))
    assert "pushed 5 takes" in said
    assert "1 different" in said
    films[0].unlink()
    assert "pushed 1 take" in vtx(rendered, "takes", "push", "harbour", str(store))
    assert without_sums(folder_files(store)) == stored(rendered)
    assert len(list(store.rglob("*.sha256"))) == 6


def test_a_store_is_data(rendered: Film, tmp_path: Path) -> None:
    """Names that are none of a take are left alone; nothing is written outside of the film's takes."""
    store = tmp_path / "disk"
    vtx(rendered, "takes", "push", "harbour", str(store))
    clip = next((store / "takes").iterdir())
    for name in ("x.mp4", "..%2f.mp4", f"{'a' * 63}.mp4", f"{'A' * 64}.mp4", f".{'a' * 64}.mp4"):
        (clip / name).write_bytes(b"x")
    (store / "takes/..A01").mkdir()
    (store / "takes/..A01" / f"{'a' * 64}.mp4").write_bytes(b"x")
    record = next(clip.glob("*.json"))
    record.write_bytes(b"[1]")
    other = clone(rendered, tmp_path / "clone")
    said = vtx(other, "takes", "pull", "harbour", str(store), code=1)
    assert "pulled 5 takes" in said
    assert record.name in said
    assert stored(other).items() < stored(rendered).items()


def test_a_film_may_be_called_push(tmp_path: Path) -> None:
    film = write_film(tmp_path / "build", "push")
    said = vtx(film, "takes", "push", "A01_S01_SH001")
    assert "A01_S01_SH001: no take yet" in said
    assert "no take yet" in vtx(film, "takes", "--tier", "animatic", "push", "A01_S01_SH001__empty_quay")
    assert "no take yet" in vtx(film, "takes", "list", "push", "A01_S01_SH001")
    assert "pushed 0 takes" in vtx(film, "takes", "push", "push", str(tmp_path / "disk"))


@pytest.mark.parametrize(
    "url, expected",
    [
        ("nothing/here/at/all", "there is no folder"),
        ("disk", "there are no takes in it"),
        ("file://disk", "file:/// and an absolute path"),
        ("nonsense://bucket/x", "nonsense"),
        ("S3://bucket/x", "expected s3://bucket/folder"),
        ("s3://[x/", "not an address"),
    ],
)
def test_what_is_no_store_is_one_line(film: Film, url: str, expected: str) -> None:
    said = vtx(film, "takes", "pull", "harbour", url, code=1)
    assert expected in said
    assert len(said.splitlines()) == 1


@needs_s3
def test_what_s3_refuses_is_one_line_without_a_secret(rendered: Film, server: S3) -> None:
    reached = server.environment
    nobody = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    without = {name: value for name, value in reached.items() if "KEY" not in name}
    none = {"AWS_SHARED_CREDENTIALS_FILE": "/nowhere", "AWS_CONFIG_FILE": "/nowhere"}
    for address, env, expected in (
        ("s3://no-such-bucket/x", reached, "no such bucket"),
        ("s3://studio/empty", reached, "there are no takes in it"),
        ("s3://studio/x", without | none, "AWS_ACCESS_KEY_ID"),
        (f"s3://user:{SECRET}@studio/x", reached, "s3://studio/x: keep the password out of the address"),
        ("s3://studio/x", reached | nobody, "s3://studio/x: "),
    ):
        said = vtx(rendered, "takes", "pull", "harbour", address, code=1, env=env)
        assert expected in said
        assert SECRET not in said
        assert len(said.splitlines()) == 1, said


def test_a_full_disk_keeps_what_is_copied(rendered: Film, tmp_path: Path) -> None:
    import resource

    store = tmp_path / "disk"
    largest = max(path.stat().st_size for path in (rendered.folder / "renders/takes").glob("*/*.mp4"))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest - 1, largest - 1))

    process = start(rendered, "takes", "push", "harbour", str(store), "--at-once", "1", before=limit)
    said, _ = process.communicate()
    assert process.returncode == 1, said
    assert "Traceback" not in said
    assert "what is copied is kept" in said
    assert not list(store.rglob(".*"))
    for path in store.rglob("*.mp4"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in path.with_suffix(".sha256").read_text()
    vtx(rendered, "takes", "push", "harbour", str(store))
    assert without_sums(folder_files(store)) == stored(rendered)
