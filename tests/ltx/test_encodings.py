"""Kept encodings are bit for bit what the encoder answered; whatever happens to them costs time alone."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from vtx_app.render.ltx import encodings
from vtx_app.render.ltx.encodings import Encodings

pytestmark = pytest.mark.filterwarnings("ignore")  # torch warns of this and that when it is imported

Answer = list[Any]


class Encoder:
    """Encodes prompts into noise, other noise each time, in the shapes of LTX-2.3; ``asked`` is what it encoded."""

    def __init__(self, *, sound: bool = True) -> None:
        self.sound = sound
        self.asked: list[list[str]] = []

    def __call__(self, prompts: list[str]) -> Answer:
        import torch
        from ltx_core.text_encoders.gemma.embeddings_processor import EmbeddingsProcessorOutput

        self.asked.append(list(prompts))
        answer = []
        for _ in prompts:
            video = torch.randn(1, 16, 64).to(torch.bfloat16)
            video[0, 0, :3] = torch.tensor([float("nan"), float("inf"), -0.0], dtype=torch.bfloat16)
            audio = torch.randn(1, 32, 16).to(torch.bfloat16).transpose(1, 2) if self.sound else None
            answer.append(EmbeddingsProcessorOutput(video, audio, torch.arange(16).reshape(1, 16) > 4))
        return answer


def refuse(prompts: list[str]) -> Answer:
    raise AssertionError(f"encoded again: {prompts}")


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same, bit for bit."""
    import torch

    def bits(tensor: Any) -> Any:
        if tensor is None:
            return None
        return tensor.dtype, tuple(tensor.shape), tensor.contiguous().view(torch.uint8).numpy().tobytes()

    parts = ("video_encoding", "audio_encoding", "attention_mask")
    told = [[tuple(bits(getattr(each, part)) for part in parts) for each in answer] for answer in (one, other)]
    return told[0] == told[1]


@pytest.fixture
def kept(tmp_path: Path) -> Encodings:
    return Encodings(tmp_path / "encodings", ("ltx 1.2", "sha256-sampled:1", "sha256-sampled:2"), "cpu")


def files(kept: Encodings) -> list[Path]:
    """Everything in the folder that is no folder."""
    return sorted(path for path in kept.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("prompts", [["A quay."], ["A quay.", "blur"], ["", "Zwei – ü\n映"]])
@pytest.mark.parametrize("sound", [True, False])
def test_what_was_encoded_is_read_bit_for_bit(kept: Encodings, prompts: list[str], sound: bool) -> None:
    encoder = Encoder(sound=sound)
    first = kept.of(encoder, prompts)
    again = kept.of(refuse, prompts)
    assert type(again[0]) is type(first[0])
    assert len(again) == len(prompts)
    assert same(first, again)
    assert not same(first, encoder(prompts))
    assert files(kept) == [kept.path(prompts)]


def test_an_answer_is_kept_for_one_call_of_one_encoder(kept: Encodings) -> None:
    """Encoders round differently when they are given more texts at once."""
    others = [
        Encodings(kept.folder, ("ltx 1.0", *kept.encoder[1:]), "cpu"),
        Encodings(kept.folder, (*kept.encoder[:-1], "sha256-sampled:3"), "cpu"),
        Encodings(kept.folder, kept.encoder[:-1], "cpu"),
    ]
    groups = [["a"], ["a", "b"], ["b", "a"], ["ab"], ["a", ""], ["", "a"], ["a b"], ["a", "b", ""]]
    paths = {each.path(group) for each in (kept, *others) for group in groups}
    assert len(paths) == 4 * len(groups)
    assert all(path.is_relative_to(kept.folder) for path in paths)
    # A prompt is no part of the encoder's name.
    assert Encodings(kept.folder, ("x",), "cpu").path(["y", "z"]) != Encodings(kept.folder, ("x", "y"), "cpu").path(
        ["z"]
    )


@pytest.mark.parametrize("damage", ["cut short", "empty", "other bytes", "other tensors", "no tensors"])
def test_a_damaged_file_is_made_anew(kept: Encodings, damage: str) -> None:
    from safetensors.torch import save_file
    from torch import zeros

    encoder = Encoder()
    kept.of(encoder, ["a"])
    path = kept.path(["a"])
    whole = path.read_bytes()
    if damage == "other tensors":
        save_file({"weight": zeros(2)}, str(path))
    elif damage == "no tensors":
        save_file({}, str(path))
    else:
        path.write_bytes({"cut short": whole[:-5], "empty": b"", "other bytes": b"<html>" * 50}[damage])
    answer = kept.of(encoder, ["a"])
    assert len(encoder.asked) == 2
    assert same(answer, kept.of(refuse, ["a"]))


def test_what_is_missing_is_told_once_and_in_order(kept: Encodings) -> None:
    kept.of(Encoder(), ["b"])
    groups = [["c", "n"], ["a"], ["b"], ["a"], ("c", "n")]
    assert kept.missing(groups) == [["c", "n"], ["a"]]
    for group in kept.missing(groups):
        kept.encode_ahead(Encoder(), group)
    assert kept.missing(groups) == []
    assert kept.of(refuse, ["c", "n"])


def test_what_is_kept_is_not_encoded_ahead_again(kept: Encodings) -> None:
    first = kept.of(Encoder(), ["a"])
    kept.encode_ahead(refuse, ["a"])
    assert same(first, kept.of(refuse, ["a"]))


# -- two at once -------------------------------------------------------------------------------------------

OTHER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import warnings
warnings.simplefilter("ignore")
from test_encodings import Encoder
from vtx_app.render.ltx.encodings import Encodings

kept = Encodings(Path(sys.argv[1]), ("ltx 1.2", "sha256-sampled:1", "sha256-sampled:2"), "cpu")
encoder = Encoder()

def encode(prompts):
    print("encodes", flush=True)
    sys.stdin.readline()
    return encoder(prompts)

kept.encode_ahead(encode, ["a"])
print("kept", flush=True)
"""


@pytest.fixture
def other(kept: Encodings) -> Iterator[subprocess.Popen[str]]:
    """Another worker, in the middle of encoding the prompt ``a`` ahead."""
    argv = [sys.executable, "-c", OTHER, str(kept.folder), str(Path(__file__).parent)]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "encodes\n"
    yield process
    process.kill()
    process.communicate()


def test_what_another_worker_encodes_is_left_to_it(kept: Encodings, other: subprocess.Popen[str]) -> None:
    kept.encode_ahead(refuse, ["a"])
    assert kept.missing([["a"]]) == [["a"]]
    kept.encode_ahead(Encoder(), ["b"])
    assert other.communicate("\n")[0] == "kept\n"
    assert kept.missing([["a"], ["b"]]) == []
    kept.of(refuse, ["a"])
    assert len(files(kept)) == 2


def test_who_needs_it_now_does_not_wait_for_another(kept: Encodings, other: subprocess.Popen[str]) -> None:
    mine = kept.of(Encoder(), ["a"])
    assert same(mine, kept.of(refuse, ["a"]))
    other.communicate("\n")
    assert len(kept.of(refuse, ["a"])) == 1
    assert len(files(kept)) == 1


def test_what_a_killed_worker_was_at_is_encoded_by_the_next(kept: Encodings, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    kept.encode_ahead(Encoder(), ["a"])
    kept.of(refuse, ["a"])
    assert files(kept) == [kept.path(["a"])]


# -- room --------------------------------------------------------------------------------------------------


def test_the_one_that_was_used_longest_ago_goes_first(kept: Encodings, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Encoder()
    for place, name in enumerate("abc"):
        kept.of(encoder, [name])
        os.utime(kept.path([name]), (place, place))
    kept.of(refuse, ["a"])  # used now
    one = kept.path(["a"]).stat().st_size
    monkeypatch.setattr(encodings, "KEPT_BYTES", 3 * one)
    kept.of(encoder, ["d"])
    assert kept.missing([["a"], ["b"], ["c"], ["d"]]) == [["b"]]
    monkeypatch.setattr(encodings, "KEPT_BYTES", 0)
    kept.of(encoder, ["e"])  # the one that is needed now stays
    assert files(kept) == [kept.path(["e"])]


# -- where nothing can be kept -----------------------------------------------------------------------------


@contextmanager
def no_room() -> Iterator[None]:
    """No file may grow beyond a kilobyte, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def use(kept: Encodings, answered: Callable[[Answer], None]) -> None:
    """Encode ahead and then what is needed, as a worker does."""
    encoder = Encoder()
    kept.encode_ahead(encoder, ["ahead"])
    answered(kept.of(encoder, ["now"]))
    assert encoder.asked[-1] == ["now"]


def test_a_full_disk_costs_the_keeping_alone(kept: Encodings) -> None:
    answers: list[Answer] = []
    with no_room():
        use(kept, answers.append)
    assert len(answers[0]) == 1
    assert files(kept) == []
    use(kept, answers.append)
    assert len(files(kept)) == 2


@pytest.mark.parametrize("place", ["encodings", "."])
def test_a_folder_that_can_t_be_made_costs_the_keeping_alone(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("a file in the folder's place")
    kept = Encodings(tmp_path / "file" / place, ("x",), "cpu")
    answers: list[Answer] = []
    use(kept, answers.append)
    assert len(answers[0]) == 1
    assert (tmp_path / "file").read_text() == "a file in the folder's place"


def test_a_folder_in_the_file_s_place_costs_the_keeping_alone(kept: Encodings) -> None:
    kept.path(["now"]).mkdir(parents=True)
    answers: list[Answer] = []
    use(kept, answers.append)
    assert len(answers[0]) == 1
