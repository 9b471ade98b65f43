"""A process for each call: it renders, or fails with its reason.

The processes are real; the package they run is a stand-in (``standin/``) that does what ``--do`` says.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from kit.ltx.process_place import HERE, Place, install_gpu
from kit.ltx.requests import everything, files_for
from vtx_app.errors import RenderError
from vtx_app.render.ltx.call import PipelineCall, compile_call
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.progress import Step
from vtx_app.render.ltx.runners.process_runner import ProcessRunner

"""Seconds: what is waited for happens at once, and a test that fails should end."""
REASON = "ValueError: the canvas of – 96x128 – is not divisible by 64"


def test_a_take_is_rendered_with_its_facts(place: Place) -> None:
    facts = place.run("render")
    assert place.out.read_bytes() == b"a whole film"
    assert set(facts) == {"exit", "seconds", "memory", "warm", "peak_ram_bytes"}
    assert (facts["exit"], facts["memory"], facts["warm"]) == (0, "process", False)
    assert 2**20 < facts["peak_ram_bytes"] < 2**33
    assert set(facts["seconds"]) == {"load", "denoise", "decode", "write", "call"}
    assert sum(facts["seconds"].values()) <= 2 * facts["seconds"]["call"] + 0.01
    assert place.steps == [
        Step("denoise, stage 1", 0, 2),
        Step("denoise, stage 1", 1, 2),
        Step("decode and write", 1, 1),
    ]
    place.out.unlink()
    place.require_nothing()


def test_a_take_on_a_gpu_records_its_name_and_memory(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_gpu(tmp_path, monkeypatch)
    facts = place.run("render")
    assert (facts["gpu"], facts["peak_vram_bytes"]) == ("A card", 512 * 2**20)


def test_the_process_sees_its_gpu_and_no_secret(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    place.run("render")
    (note,) = place.notes()
    assert note["environment"]["CUDA_VISIBLE_DEVICES"] == place.gpu
    assert "OPENAI_API_KEY" not in note["environment"]
    assert note["environment"]["PATH"] == os.environ["PATH"]


def test_the_log_has_all_output_in_lines(place: Place) -> None:
    place.log.write_text("before\n")
    place.run("render")
    text = place.log.read_text()
    assert text.startswith("before\nINFO:")
    assert "\r" not in text
    assert "| 1/2 [" in text
    assert text.endswith(f"Video saved to {place.out}\n")


def test_a_log_that_can_t_be_written_fails_nothing(place: Place) -> None:
    place.log.mkdir()
    place.run("render")
    assert place.out.exists()


@pytest.mark.parametrize(
    "prompt",
    [
        "-x --seed 5",
        "--output-path=/etc/x",
        '$(touch here) `touch here` ; touch here && echo "it\'s" | cat > here # %PATH% *',
        "two\nlines\tand — 映画 «ü» \\n",
        "",
        " ",
    ],
)
def test_a_prompt_arrives_as_it_was_written(
    place: Place, prompt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {each.name for each in tmp_path.iterdir()}
    place.run("render", prompt=prompt)
    (note,) = place.notes()
    assert note["argv"] == place.call("render", prompt=prompt).argv()
    assert f"--prompt={prompt}" in note["argv"]
    assert {each.name for each in tmp_path.iterdir()} - before == {"take.mp4", "take.log", "notes", "leases"}


def test_every_path_of_a_request_arrives_absolute(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it was given relative to the folder that the build runs in."""
    monkeypatch.chdir(tmp_path)
    package = LtxPackage((1, 2))
    call = compile_call(everything("distilled", package), files_for(Path("files")), Path("take.mp4"), package)
    call = replace(call, options=(*call.options, ("--note", str(tmp_path / "notes"))))
    assert HERE is not None
    ProcessRunner(place.leases, ["0"], HERE).run(call, place.steps.append)
    (note,) = place.notes()
    paths = [word.removeprefix("--output-path=") for word in note["argv"] if word.endswith((".mp4", ".png", "_path"))]
    paths += [word for word in note["argv"] if word.endswith((".safetensors", "gemma_root"))]
    assert len(paths) == 8
    for path in paths:
        assert Path(path).is_absolute()
        assert Path(path).exists()


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ("fail", f"distilled failed (exit 1): {REASON}"),
        ("refuse", "distilled failed (exit 2): distilled.py: error: unrecognized arguments: --renoise 3"),
    ],
)
def test_a_failure_reports_its_last_line_and_leaves_nothing(place: Place, do: str, message: str) -> None:
    assert place.fail(do) == message
    assert len(place.notes()) == 1
    assert message.partition("): ")[2] in place.log.read_text()


@pytest.mark.parametrize(("do", "code"), [("mute", 7), ("crash", -9)])
def test_a_failure_without_an_error_reports_the_log_s_tail(place: Place, do: str, code: int) -> None:
    message = place.fail(do)
    assert message.startswith(f"distilled failed (exit {code}): INFO:ltx_pipelines.utils.blocks:Running denoising loop")
    assert "| 1/2 [" in message
    assert "\n" not in message


def test_a_missing_pipeline_is_reported(place: Place) -> None:
    assert HERE is not None
    with pytest.raises(RenderError, match=r"retake failed \(exit 1\): .*No module named ltx_pipelines\.retake"):
        ProcessRunner(place.leases, ["0"], HERE).run(
            PipelineCall("retake", place.out, "A quay.", log=place.log), place.steps.append
        )
