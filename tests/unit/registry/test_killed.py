"""A process that is killed at any of its statements leaves a registry that the next one goes on with."""

from __future__ import annotations

import json
import subprocess
import sys

from kit.film import IDS, Film

_DRIVER = """
import itertools, json, os, signal, sqlite3, sys
from vtx_app.registry.database import registry_path, use
from vtx_app.registry.jobs import record_job
from vtx_app.registry.tables import CREATE, VERSION
from vtx_app.studio.sync import sync
import vtx_app.models.fingerprint, vtx_app.plan.pending, vtx_app.plan.planner

left = 0

class Mortal(sqlite3.Connection):
    def _count(self):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(self, *words):
        self._count()
        done = super().execute(*words)
        self._count()
        return done

    def executemany(self, *words):
        self._count()
        return super().executemany(*words)

really = sqlite3.connect

def child(do, dies_at=0):
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    global left
    left = dies_at
    sqlite3.connect = lambda *words, **more: really(*words, **more, factory=Mortal)
    do()
    os._exit(0)

def work():
    use(sync)
    with record_job("take", "harbour", "A01_S01_SH001", "d"):
        pass

def old():
    "A registry of the version before, with a film that is gone."
    for path in registry_path().parent.glob("registry*"):
        path.unlink()
    db = really(registry_path(), isolation_level=None)
    for statement in CREATE:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {VERSION - 1}")
    db.execute("INSERT INTO projects VALUES ('gone', 'i', '/p', 'T', 1, NULL, 's', '', 'ltx', 0, 0, 0, 0, 0)")
    db.close()

def found():
    db = really(registry_path())
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    films = db.execute("SELECT slug, active FROM projects ORDER BY slug").fetchall()
    clips = db.execute("SELECT slug, clip_id, state FROM clips ORDER BY slug, clip_id").fetchall()
    jobs = db.execute("SELECT state FROM jobs WHERE state NOT IN ('rendered', 'interrupted')").fetchall()
    db.close()
    return [films, clips, jobs]

registry_path().parent.mkdir()
vtx_app.plan.planner.plan_film("harbour", "final")  # once, for all children: their files are the same
ends = []
for dies_at in itertools.count(1):
    old()
    code = child(work, dies_at)
    assert child(lambda: use(sync)) == 0, dies_at
    ends.append(found())
    if code == 0:
        break
    assert code == -signal.SIGKILL, code
print(json.dumps([len(ends), [end for at, end in enumerate(ends) if end not in ends[:at]]]))
"""


def test_a_rebuild_a_sync_and_a_job_are_killed_at_every_statement(film: Film) -> None:
    done = subprocess.run([sys.executable, "-c", _DRIVER], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    kills, ends = json.loads(done.stdout)
    assert kills > 50
    assert ends == [[[["harbour", 1]], [["harbour", clip_id, "planned"] for clip_id in IDS], []]]
