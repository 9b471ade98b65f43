"""The registry's file: created, replaced when it is damaged or of another version, and never in the way."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vtx_app.errors import RegistryError
from vtx_app.file_systems import Mount
from vtx_app.registry.database import Connection, as_utf8, in_memory, journal_mode, registry_path, transaction, use
from vtx_app.registry.tables import TABLES, VERSION

ADD = (
    "INSERT INTO jobs (project, kind, subject, digest, state, process, started_at) "
    "VALUES (?, 'take', 'A01_S01_SH001', '', 'rendered', '1-1', '')"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def version(db: Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def tables(db: Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def add(db: Connection, slug: str = "harbour") -> None:
    with transaction(db):
        db.execute(ADD, (slug,))


def count(db: Connection) -> int:
    return int(db.execute("SELECT count(*) FROM jobs").fetchone()[0])


def test_it_is_made_where_there_is_none_and_shared_by_write_ahead_log(home: Path) -> None:
    def look(db: Connection) -> tuple[int, bool, str, int]:
        (mode,) = db.execute("PRAGMA journal_mode").fetchone()
        (keys,) = db.execute("PRAGMA foreign_keys").fetchone()
        return version(db), tables(db) >= TABLES, mode, keys

    assert use(look) == (VERSION, True, "wal", 1)
    assert registry_path() == home / "registry.sqlite"


@pytest.mark.parametrize("other", [VERSION - 1, VERSION + 7])
def test_a_registry_of_another_version_is_emptied(home: Path, other: int, capsys: pytest.CaptureFixture[str]) -> None:
    use(add)
    with contextlib.closing(sqlite3.connect(home / "registry.sqlite", isolation_level=None)) as db:
        db.execute("ALTER TABLE jobs ADD COLUMN more TEXT")
        db.execute(f"PRAGMA user_version = {other}")
    assert (use(count), use(version)) == (0, VERSION)
    assert "more" not in use(lambda db: [row[1] for row in db.execute("PRAGMA table_info(jobs)")])
    use(add)
    assert use(count) == 1
    assert not list(home.glob("*damaged*"))
    assert capsys.readouterr().err == ""


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all, " * 1000)


def overwritten(path: Path) -> None:
    for _ in range(50):
        use(add)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


def somebody_elses(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("CREATE TABLE projects (id INTEGER)")


def without_tables(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"PRAGMA user_version = {VERSION}")


@pytest.mark.parametrize("damage", [garbage, overwritten, somebody_elses, without_tables])
def test_a_damaged_file_is_moved_aside_and_made_anew(
    home: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[Path], None]
) -> None:
    home.mkdir()
    for number in (1, 2):
        path = home / "registry.sqlite"
        path.unlink(missing_ok=True)
        damage(path)
        before = path.read_bytes()
        use(add)
        assert use(count) == 1
        assert (home / f"registry.sqlite.damaged-{number}").read_bytes() == before
        said = capsys.readouterr().err
        assert f"is damaged: renamed to registry.sqlite.damaged-{number}, and rebuilt from the films" in said
        assert len(said.splitlines()) == 1


def test_one_that_has_not_the_schema_that_it_says_is_made_anew(home: Path) -> None:
    home.mkdir()
    somebody_elses(home / "registry.sqlite")
    with contextlib.closing(sqlite3.connect(home / "registry.sqlite", isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 1")
    use(add)
    assert use(count) == 1
    assert (home / "registry.sqlite.damaged-1").exists()


def test_many_that_find_it_damaged_move_it_aside_once(home: Path) -> None:
    home.mkdir()
    garbage(home / "registry.sqlite")
    script = (
        "from vtx_app.registry.database import transaction, use\n"
        "def add(db):\n"
        "    with transaction(db):\n"
        f"        db.execute({ADD!r}, ('harbour',))\n"
        "use(add)\n"
    )
    every = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True) for _ in range(6)]
    said = [process.communicate()[1] for process in every]
    assert [process.returncode for process in every] == [0] * 6, said
    assert use(count) == 6
    assert [path.name for path in home.glob("*damaged-?")] == ["registry.sqlite.damaged-1"]
    assert sum("rebuilt" in each for each in said) == 1


def test_what_is_written_in_part_is_not_written(home: Path) -> None:
    def half(db: Connection) -> None:
        with transaction(db):
            db.execute(ADD, ("a",))
            raise KeyError("stop")

    with pytest.raises(KeyError):
        use(half)
    assert use(count) == 0


def test_a_file_that_is_deleted_with_its_log_left_behind_is_made_anew(home: Path) -> None:
    use(add)
    with contextlib.closing(sqlite3.connect(home / "registry.sqlite", isolation_level=None)) as open_still:
        add(open_still, "other")
        assert (home / "registry.sqlite-wal").exists()
        (home / "registry.sqlite").unlink()
        use(add)
    assert use(count) == 1


@pytest.mark.parametrize("code", [sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN])
def test_a_disk_that_can_t_be_written_is_told_after_a_few_looks(home: Path, code: int) -> None:
    looks = 0

    def refused(_: Connection) -> None:
        nonlocal looks
        looks += 1
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = code | 1 << 8  # the extended code
        raise error

    with pytest.raises(RegistryError, match="can't be used: attempt to write"):
        use(refused)
    assert 1 < looks < 10


def test_a_place_that_is_no_folder_is_told(home: Path) -> None:
    home.write_text("a file")
    with pytest.raises(RegistryError, match="can't be used") as told:
        use(count)
    assert "\n" not in str(told.value)


def test_a_registry_that_stays_locked_is_told_after_a_while(home: Path) -> None:
    use(add)
    with contextlib.closing(sqlite3.connect(home / "registry.sqlite", isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegistryError, match="can't be used: another process keeps writing"):
            use(add, wait=0.2)
        assert use(count) == 1  # reading waits for nobody
        busy.execute("ROLLBACK")
    use(add, wait=0.2)


def test_in_memory_there_is_a_registry_that_is_kept_nowhere(home: Path) -> None:
    def fill(db: Connection) -> int:
        add(db)
        return count(db)

    assert in_memory(fill) == 1
    assert not home.exists()


def test_names_of_files_are_any_bytes() -> None:
    assert as_utf8(os.fsdecode(b"caf\xe9")) == "caf\\udce9"
    assert as_utf8("café 🎬") == "café 🎬"


@pytest.mark.parametrize("kind, expected", [("ext4", "WAL"), ("tmpfs", "WAL"), ("nfs4", "DELETE"), ("cifs", "DELETE")])
def test_machines_share_no_memory_so_no_write_ahead_log(home: Path, kind: str, expected: str) -> None:
    assert journal_mode(registry_path(), [Mount("/", "ext4"), Mount(str(home.parent), kind)]) == expected
    assert journal_mode(registry_path(), []) == "WAL"
