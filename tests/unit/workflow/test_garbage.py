"""What Python's garbage collector does in a run of Snakemake, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_CYCLE = """
class Cycle:
    def __init__(self, name):
        self.name, self.itself = name, self
    def __del__(self):
        print("searched for:", self.name)
"""


def output(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout


def test_what_is_loaded_before_is_never_searched() -> None:
    script = f"""
import gc
from vtx_app.workflow.garbage import collect_less
{_CYCLE}
Cycle("before")
collect_less()
Cycle("after")
gc.collect()
"""
    assert output(script) == "searched for: after\n"


def test_a_thousand_objects_start_no_search() -> None:
    script = """
import gc
from vtx_app.workflow.garbage import collect_less
searches = []
gc.callbacks.append(lambda phase, _: searches.append(phase))
collect_less()
kept = [[number] for number in range(1000)]
print(searches)
"""
    assert output(script) == "[]\n"


def test_nothing_is_searched_when_the_process_ends(tmp_path: Path) -> None:
    script = f"""
import atexit, tempfile
from vtx_app.workflow.garbage import collect_less
{_CYCLE}
atexit.register(print, "what others do at the end is done")
folder = tempfile.TemporaryDirectory(dir={str(tmp_path)!r})
folder.itself = folder
collect_less()
held = Cycle("film")
del held
"""
    assert output(script) == "what others do at the end is done\n"
    assert list(tmp_path.iterdir()) == []
