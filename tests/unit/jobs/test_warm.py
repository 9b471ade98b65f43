"""Jobs that are forks of a warm process: as if each had been started by itself, and none outlives who waits for it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vtx_app.render.build_process import VARIABLE, BuildProcess

SHOWS = """
import json, os, sys
shown = {
    "arguments": sys.argv[1:], "name": __name__, "file": os.path.basename(sys.argv[0]), "folder": os.getcwd(),
    "word": os.environ.get("WORD"), "others": "MANY" in os.environ, "input": sys.stdin.read(),
    "group": os.getpgid(0), "errors": sys.stderr.fileno(),
}
print(json.dumps(shown | {"job": os.getpid(), "above": os.getppid(), "warm": "vtx_app.cut.conform" in sys.modules}))
print("to the errors", file=sys.stderr)
"""
ENDS = """
import sys
sys.exit({"none": None, "three": 3, "words": "it failed"}[sys.argv[1]])
"""
RAISES = "raise ValueError('a defect')"
STANDS = """
import os, signal, sys
from pathlib import Path
def end(number, _):
    Path("ended").write_text(str(number))
    raise SystemExit(7)
signal.signal(signal.SIGTERM, end)
print(os.getpid(), flush=True)
while True:
    signal.pause()
"""
LONG = 600


@pytest.fixture
def build(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of jobs of a build, which runs until the test ends."""
    for name, code in {"shows": SHOWS, "ends": ENDS, "raises": RAISES, "stands": STANDS}.items():
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    named = BuildProcess.of(process.pid)
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    yield environment | {VARIABLE: str(named), "PYTHONPATH": str(tmp_path)}
    process.kill()
    process.communicate()


def words(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "vtx_app.jobs.warm", module, *arguments]


def run(folder: Path, environment: dict[str, str], *command: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment, input=said, capture_output=True, text=True, check=False, timeout=LONG
    )


def shown(folder: Path, environment: dict[str, str], *arguments: str, said: str = "") -> dict[str, Any]:
    done = run(folder, environment, *words("shows", *arguments), said=said)
    assert (done.returncode, done.stderr) == (0, "to the errors\n")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def asking(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        words("shows"), cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )


def test_a_job_is_as_if_it_had_been_started_by_itself(build: dict[str, str], tmp_path: Path) -> None:
    shown(tmp_path, build | {"MANY": "x" * 100_000})  # the warm process has what the first one had
    arguments = ["--title", "a 'b' \udcff", ""]
    environment = build | {"WORD": "so \udcfe"}
    warm = shown(tmp_path, environment, *arguments, said="to be read")
    alone = run(tmp_path, environment, sys.executable, "-m", "shows", *arguments, said="to be read")
    own = {"job", "above", "warm"}
    assert {key: value for key, value in warm.items() if key not in own} == {
        key: value for key, value in json.loads(alone.stdout).items() if key not in own
    }
    assert warm["warm"]


def test_all_jobs_of_a_build_are_of_one_process_that_ends_with_it(build: dict[str, str], tmp_path: Path) -> None:
    four = [asking(tmp_path, build) for _ in range(4)]
    found = [json.loads(process.communicate(timeout=LONG)[0]) for process in four]
    (above,) = {each["above"] for each in found}
    assert len({each["job"] for each in found} | {process.pid for process in four} | {above}) == 9
    warm = BuildProcess.of(above)
    assert warm is not None
    named = BuildProcess.parse(build[VARIABLE])
    assert named is not None
    os.kill(named.pid, signal.SIGKILL)
    warm.wait()


def test_what_is_prepared_for_jobs_leaves_no_thread_of_its_own(tmp_path: Path) -> None:
    count = "len(os.listdir('/proc/self/task'))"
    code = f"import os, numpy; before = {count}\nfrom vtx_app.jobs.warm_process import prepare\nprepare()\n"
    done = run(tmp_path, dict(os.environ), sys.executable, "-c", f"{code}assert {count} == before")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("how", "code", "errors"), [("none", 0, ""), ("three", 3, ""), ("words", 1, "it failed\n")])
def test_a_job_ends_with_its_own_code(build: dict[str, str], tmp_path: Path, how: str, code: int, errors: str) -> None:
    alone = run(tmp_path, build, sys.executable, "-m", "ends", how)
    warm = run(tmp_path, build, *words("ends", how))
    assert (warm.returncode, warm.stdout, warm.stderr) == (code, "", errors)
    assert (alone.returncode, alone.stdout, alone.stderr) == (code, "", errors)


def test_a_defect_keeps_its_traceback(build: dict[str, str], tmp_path: Path) -> None:
    done = run(tmp_path, build, *words("raises"))
    assert done.returncode == 1
    assert "Traceback" in done.stderr and done.stderr.endswith("ValueError: a defect\n")


@pytest.mark.parametrize(
    ("to", "number", "code"),
    [
        ("asking", signal.SIGTERM, 7),
        ("asking", signal.SIGKILL, -signal.SIGKILL),
        ("job", signal.SIGTERM, 7),
        ("job", signal.SIGKILL, 128 + signal.SIGKILL),
        ("group", signal.SIGTERM, 7),
        ("above", signal.SIGKILL, 128 + signal.SIGKILL),
        ("all", signal.SIGTERM, 7),
    ],
)
def test_no_job_outlives_who_waits_for_it(
    build: dict[str, str], tmp_path: Path, to: str, number: signal.Signals, code: int
) -> None:
    waiting = subprocess.Popen(words("stands"), cwd=tmp_path, env=build, stdout=subprocess.PIPE, start_new_session=True)
    assert waiting.stdout is not None
    with waiting.stdout as said:
        job = BuildProcess.of(int(said.readline()))
        assert job is not None
        assert os.getpgid(job.pid) == waiting.pid
        status = Path(f"/proc/{job.pid}/stat").read_text().rpartition(")")[2].split()
        places = {"asking": waiting.pid, "job": job.pid, "above": int(status[1])}
        if to == "all":  # as a batch system ends a job: the warm process first
            os.kill(places["above"], number)
        if to in {"group", "all"}:
            os.killpg(waiting.pid, number)
        else:
            os.kill(places[to], number)
        assert waiting.wait(LONG) == code
        if to in {"above", "all"}:
            assert (tmp_path / "ended").exists()  # the job has cleaned up by now
        job.wait()
    assert (tmp_path / "ended").exists() != ((to, number) == ("job", signal.SIGKILL))


def test_without_a_build_it_is_the_job_itself(build: dict[str, str], tmp_path: Path) -> None:
    del build[VARIABLE]
    with subprocess.Popen(
        words("shows"), cwd=tmp_path, env=build, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as it:
        found = json.loads(it.communicate(timeout=LONG)[0])
    assert (found["job"], found["name"], found["file"], found["warm"]) == (it.pid, "__main__", "shows.py", False)


def test_where_the_libraries_are_missing_it_is_the_job_itself(build: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('no numpy here')\n", encoding="utf-8")
    with subprocess.Popen(
        words("shows"), cwd=tmp_path, env=build, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as it:
        found = json.loads(it.communicate(timeout=LONG)[0])
    assert (found["job"], found["warm"]) == (it.pid, False)
