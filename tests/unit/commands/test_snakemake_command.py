"""The Snakemake command that a ``vtx`` command stands for: its words, how it is said, how it is run and ended."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from snakemake.cli import get_argument_parser, parse_config

from vtx_app.commands.snakemake_command import (
    change_to_snakefile,
    keep_going,
    max_gpus,
    quote,
    run_snakemake,
    snakefile_folder,
    snakemake_command,
)
from vtx_app.errors import ProjectError, SpecError


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a Snakefile, and no word about builds in the environment."""
    (tmp_path / "Snakefile").write_text("", encoding="utf-8")
    (tmp_path / "config").mkdir()
    for name in ("VTX_MAX_PARALLEL_JOBS", "VTX_FAIL_FAST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_words_have_targets_first_and_all_that_is_asked_for() -> None:
    words = snakemake_command(
        ["final"], config={"project": "harbour"}, dry_run=True, cores=3, resources={"gpu": 2}, extra=["-p"]
    )
    assert words[:6] == ["snakemake", "final", "--cores", "3", "--resources", "gpu=2"]
    assert words[6:] == ["--config", "project=harbour", "--keep-going", "--dry-run", "-p"]
    cores = str(min(4, os.cpu_count() or 1))
    assert snakemake_command(["a.mp4"]) == [
        "snakemake",
        "a.mp4",
        "--cores",
        cores,
        "--resources",
        "gpu=1",
        "--keep-going",
    ]
    assert "--resources" not in snakemake_command(["a"], resources={})


def test_variables_of_the_machine_are_heard_from_the_environment_before_global_env(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (max_gpus(), keep_going()) == (1, True)
    (root / "config/global.env").write_text("VTX_MAX_PARALLEL_JOBS=3\nVTX_FAIL_FAST=true\n", encoding="utf-8")
    assert (max_gpus(), keep_going()) == (3, False)
    assert "--keep-going" not in snakemake_command(["a"])
    assert "gpu=3" in snakemake_command(["a"])
    monkeypatch.setenv("VTX_MAX_PARALLEL_JOBS", "2")
    monkeypatch.setenv("VTX_FAIL_FAST", "FALSE")
    assert (max_gpus(), keep_going()) == (2, True)


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5", "٣", "1" * 30, "1; x"])
def test_a_number_of_jobs_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("VTX_MAX_PARALLEL_JOBS", said)
    with pytest.raises(ProjectError, match=r"VTX_MAX_PARALLEL_JOBS is .*; expected a whole number from 1 on"):
        snakemake_command(["a"])


def test_a_word_for_fail_fast_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTX_FAIL_FAST", "maybe")
    with pytest.raises(ProjectError, match="VTX_FAIL_FAST is 'maybe'; expected true or false"):
        snakemake_command(["a"])


def test_a_global_env_that_can_not_be_read_is_told_without_its_line(root: Path) -> None:
    (root / "config/global.env").write_text("sk-secret\n", encoding="utf-8")
    with pytest.raises(SpecError, match=r"global\.env:1: expected VARIABLE=value") as told:
        snakemake_command(["a"])
    assert "sk-secret" not in str(told.value)


@pytest.mark.parametrize("slug", ["harbour", "2001", "007", "1e3", "inf", "nan", "true", "no", "1_0", "a-b_c"])
def test_snakemake_reads_the_slug_as_it_is(slug: str) -> None:
    words = snakemake_command(["final"], config={"project": slug})
    assert parse_config([words[words.index("--config") + 1]]) == {"project": slug}


@pytest.mark.parametrize(
    "extra",
    [
        ["--config", "width=64"],
        ["--config=width=64"],
        ["-C", "width=64"],
        ["-p", "--config", "width=64", "--quiet"],
        ["--config", "fps=1", "--config", "width=64"],
    ],
)
def test_the_film_stays_the_one_that_was_named_whatever_config_is_passed_on(extra: list[str]) -> None:
    words = snakemake_command(["final"], config={"project": "harbour"}, extra=extra)
    read = parse_config(get_argument_parser().parse_args(words[1:]).config)
    assert (read["project"], read["width"]) == ("harbour", 64)


def test_resources_that_are_passed_on_are_added(root: Path) -> None:
    words = snakemake_command(["final"], resources={"gpu": 2}, extra=["--resources", "mem_mb=7"])
    assert words.count("--resources") == 1
    assert words[-3:] == ["--resources", "gpu=2", "mem_mb=7"]
    assert snakemake_command(["final"], extra=["--res", "gpu=4"])[-3:] == ["--res", "gpu=1", "gpu=4"]  # the later holds


def test_a_second_word_that_is_no_option_is_told() -> None:
    with pytest.raises(ProjectError, match="'A01_S01_SH002' is one too many; options for Snakemake go after --"):
        snakemake_command(["a"], extra=["A01_S01_SH002"])


def test_the_folder_of_the_snakefile_is_found_from_below(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a/b").mkdir(parents=True)
    monkeypatch.chdir(root / "a/b")
    assert snakefile_folder() == root
    change_to_snakefile()
    assert Path.cwd() == root


def test_no_snakefile_is_told(root: Path) -> None:
    (root / "Snakefile").unlink()
    with pytest.raises(ProjectError, match=r"no Snakefile in .* or above it: run vtx in the folder"):
        change_to_snakefile()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(words=st.lists(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=12)))
def test_what_is_said_is_one_line_that_a_shell_reads_back(words: list[str]) -> None:
    line = " ".join(map(quote, words))
    assert line.isprintable()
    shown = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert shown.stdout.decode().split("\0")[:-1] == words or not words


def test_plain_words_are_quoted_as_python_quotes_them() -> None:
    assert [quote(word) for word in ("a b", "it's", "projects/x.mp4", "")] == list(
        map(shlex.quote, ("a b", "it's", "projects/x.mp4", ""))
    )
    assert quote("\x1b[31m'\\\x9b") == r"$'\x1b[31m\'\\\xc2\x9b'"


def fake(root: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script in the place of Python: what runs as ``python -m snakemake …``."""
    path = root / "python"
    path.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("kill -15 $$", 143)])
def test_the_exit_code_is_passed_on(root: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: int) -> None:
    fake(root, monkeypatch, script)
    assert run_snakemake(["snakemake"]) == code


def test_the_command_is_said_and_run_as_it_is_in_the_folder_of_the_snakefile(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    fake(root, monkeypatch, "pwd; printf '<%s>' \"$@\"")
    assert run_snakemake(["snakemake", "a b", "$(touch x);"]) == 0
    out, err = capfd.readouterr()
    assert out.splitlines() == [str(root), "<-m><snakemake><a b><$(touch x);>"]
    assert err == "$ snakemake 'a b' '$(touch x);'\n"
    (root / "a/b").mkdir(parents=True)
    monkeypatch.chdir(root / "a/b")
    change_to_snakefile()
    run_snakemake(["snakemake"])
    out, err = capfd.readouterr()
    assert (out.splitlines()[0], err) == (str(root), "$ cd ../.. && snakemake\n")


STAND_IN = """\
import signal, sys, time
from pathlib import Path

def wind_up(number, frame):
    time.sleep(0.8)
    Path("ended").write_text(str(number))
    sys.exit(9)

signal.signal(signal.SIGINT, wind_up)
signal.signal(signal.SIGTERM, wind_up)
Path("started").touch()
time.sleep(20)
"""


@pytest.mark.parametrize(("number", "group"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_a_build_winds_up_by_itself_however_it_is_stopped(root: Path, number: signal.Signals, group: bool) -> None:
    """Control-C in the terminal, or a SIGTERM for ``vtx`` alone: nothing is killed, and its exit code comes back."""
    (root / "snakemake.py").write_text(STAND_IN, encoding="utf-8")
    code = "import sys, vtx_app.commands.snakemake_command as c; sys.exit(c.run_snakemake(['snakemake']))"
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, start_new_session=True) as process:
        while not (root / "started").exists():
            assert process.poll() is None
            time.sleep(0.02)
        (os.killpg if group else os.kill)(process.pid, number)
        assert process.wait() == 9
    assert (root / "ended").read_text(encoding="utf-8") == str(int(number))


TOLD_TO_END = """
import os, signal, sys
import vtx_app.commands.snakemake_command as command

def hook(event, _):
    if event == "subprocess.Popen":
        os.kill(os.getpid(), signal.SIGTERM)

sys.addaudithook(hook)
sys.exit(command.run_snakemake(["snakemake"]))
"""


def test_a_build_that_is_stopped_while_it_is_started_ends_and_is_waited_for(root: Path) -> None:
    (root / "snakemake.py").write_text("import time\ntime.sleep(20)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", TOLD_TO_END], cwd=root, check=False)
    assert done.returncode == 128 + signal.SIGTERM
