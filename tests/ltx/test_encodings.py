"""Cached encodings are bit for bit what the encoder returned; whatever happens to them only costs time."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vtx_app.render.ltx.worker.encodings import EncodingCache

pytestmark = pytest.mark.filterwarnings("ignore")  # torch warns of this and that when it is imported

Answer = list[Any]


class Encoder:
    """Encodes prompts into noise, other noise each time, in the shapes of LTX-2.3; ``encoded`` is what it encoded."""

    def __init__(self, *, sound: bool = True) -> None:
        self.sound = sound
        self.encoded: list[list[str]] = []

    def __call__(self, prompts: list[str]) -> Answer:
        import torch
        from ltx_core.text_encoders.gemma.embeddings_processor import EmbeddingsProcessorOutput

        self.encoded.append(list(prompts))
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
    parts_of = [[tuple(bits(getattr(each, part)) for part in parts) for each in answer] for answer in (one, other)]
    return parts_of[0] == parts_of[1]


@pytest.fixture
def cache(tmp_path: Path) -> EncodingCache:
    return EncodingCache(tmp_path / "encodings", ("ltx 1.2", "sha256-sampled:1", "sha256-sampled:2"), "cpu")


def files(cache: EncodingCache) -> list[Path]:
    """Everything in the folder that is no folder."""
    return sorted(path for path in cache.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("prompts", [["A quay."], ["A quay.", "blur"], ["", "Zwei – ü\n映"]])
@pytest.mark.parametrize("sound", [True, False])
def test_what_was_encoded_is_read_bit_for_bit(cache: EncodingCache, prompts: list[str], sound: bool) -> None:
    encoder = Encoder(sound=sound)
    first = cache.get(encoder, prompts)
    again = cache.get(refuse, prompts)
    assert type(again[0]) is type(first[0])
    assert len(again) == len(prompts)
    assert same(first, again)
    assert not same(first, encoder(prompts))
    assert files(cache) == [cache.path(prompts)]


def test_an_entry_is_for_one_call_of_one_encoder(cache: EncodingCache) -> None:
    """Encoders round differently when they are given more texts at once."""
    others = [
        EncodingCache(cache.folder, ("ltx 1.0", *cache.encoder[1:]), "cpu"),
        EncodingCache(cache.folder, (*cache.encoder[:-1], "sha256-sampled:3"), "cpu"),
        EncodingCache(cache.folder, cache.encoder[:-1], "cpu"),
    ]
    groups = [["a"], ["a", "b"], ["b", "a"], ["ab"], ["a", ""], ["", "a"], ["a b"], ["a", "b", ""]]
    paths = {each.path(group) for each in (cache, *others) for group in groups}
    assert len(paths) == 4 * len(groups)
    assert all(path.is_relative_to(cache.folder) for path in paths)
    # A prompt is no part of the encoder's name.
    assert EncodingCache(cache.folder, ("x",), "cpu").path(["y", "z"]) != EncodingCache(
        cache.folder, ("x", "y"), "cpu"
    ).path(["z"])


@pytest.mark.parametrize("damage", ["cut short", "empty", "other bytes", "other tensors", "no tensors"])
def test_a_damaged_file_is_encoded_again(cache: EncodingCache, damage: str) -> None:
    from safetensors.torch import save_file
    from torch import zeros

    encoder = Encoder()
    cache.get(encoder, ["a"])
    path = cache.path(["a"])
    whole = path.read_bytes()
    if damage == "other tensors":
        save_file({"weight": zeros(2)}, str(path))
    elif damage == "no tensors":
        save_file({}, str(path))
    else:
        path.write_bytes({"cut short": whole[:-5], "empty": b"", "other bytes": b"<html>" * 50}[damage])
    answer = cache.get(encoder, ["a"])
    assert len(encoder.encoded) == 2
    assert same(answer, cache.get(refuse, ["a"]))


def test_missing_groups_are_listed_once_and_in_order(cache: EncodingCache) -> None:
    cache.get(Encoder(), ["b"])
    groups = [["c", "n"], ["a"], ["b"], ["a"], ("c", "n")]
    assert cache.missing(groups) == [["c", "n"], ["a"]]
    for group in cache.missing(groups):
        cache.encode_ahead(Encoder(), group)
    assert cache.missing(groups) == []
    assert cache.get(refuse, ["c", "n"])


def test_a_cached_group_is_not_encoded_ahead(cache: EncodingCache) -> None:
    first = cache.get(Encoder(), ["a"])
    cache.encode_ahead(refuse, ["a"])
    assert same(first, cache.get(refuse, ["a"]))


# -- two at once -------------------------------------------------------------------------------------------

OTHER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import warnings
warnings.simplefilter("ignore")
from test_encodings import Encoder
from vtx_app.render.ltx.worker.encodings import EncodingCache

cache = EncodingCache(Path(sys.argv[1]), ("ltx 1.2", "sha256-sampled:1", "sha256-sampled:2"), "cpu")
encoder = Encoder()

def encode(prompts):
    print("encodes", flush=True)
    sys.stdin.readline()
    return encoder(prompts)

cache.encode_ahead(encode, ["a"])
print("written", flush=True)
"""


@pytest.fixture
def other(cache: EncodingCache) -> Iterator[subprocess.Popen[str]]:
    """Another worker, in the middle of encoding the prompt ``a`` ahead."""
    argv = [sys.executable, "-c", OTHER, str(cache.folder), str(Path(__file__).parent)]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "encodes\n"
    yield process
    process.kill()
    process.communicate()


def test_what_another_worker_encodes_is_left_to_it(cache: EncodingCache, other: subprocess.Popen[str]) -> None:
    cache.encode_ahead(refuse, ["a"])
    assert cache.missing([["a"]]) == [["a"]]
    cache.encode_ahead(Encoder(), ["b"])
    assert other.communicate("\n")[0] == "written\n"
    assert cache.missing([["a"], ["b"]]) == []
    cache.get(refuse, ["a"])
    assert len(files(cache)) == 2


def test_a_call_that_needs_it_now_does_not_wait_for_another_worker(
    cache: EncodingCache, other: subprocess.Popen[str]
) -> None:
    mine = cache.get(Encoder(), ["a"])
    assert same(mine, cache.get(refuse, ["a"]))
    other.communicate("\n")
    assert len(cache.get(refuse, ["a"])) == 1
    assert len(files(cache)) == 1


def test_what_a_killed_worker_did_not_finish_is_encoded_by_the_next(
    cache: EncodingCache, other: subprocess.Popen[str]
) -> None:
    other.kill()
    other.wait()
    cache.encode_ahead(Encoder(), ["a"])
    cache.get(refuse, ["a"])
    assert files(cache) == [cache.path(["a"])]


# -- room --------------------------------------------------------------------------------------------------


def test_the_least_recently_used_is_deleted_first(cache: EncodingCache) -> None:
    encoder = Encoder()
    for place, name in enumerate("abc"):
        cache.get(encoder, [name])
        os.utime(cache.path([name]), (place, place))
    cache.get(refuse, ["a"])  # used now
    one = cache.path(["a"]).stat().st_size
    replace(cache, max_bytes=3 * one).get(encoder, ["d"])
    assert cache.missing([["a"], ["b"], ["c"], ["d"]]) == [["b"]]
    replace(cache, max_bytes=0).get(encoder, ["e"])  # the one that is needed now stays
    assert files(cache) == [cache.path(["e"])]


# -- where nothing can be written ---------------------------------------------------------------------------


@contextmanager
def no_room() -> Iterator[None]:
    """No file may grow beyond a kilobyte, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def use(cache: EncodingCache, answered: Callable[[Answer], None]) -> None:
    """Encode ahead and then what is needed, as a worker does."""
    encoder = Encoder()
    cache.encode_ahead(encoder, ["ahead"])
    answered(cache.get(encoder, ["now"]))
    assert encoder.encoded[-1] == ["now"]


def test_a_full_disk_only_costs_the_entry(cache: EncodingCache) -> None:
    answers: list[Answer] = []
    with no_room():
        use(cache, answers.append)
    assert len(answers[0]) == 1
    assert files(cache) == []
    use(cache, answers.append)
    assert len(files(cache)) == 2


@pytest.mark.parametrize("place", ["encodings", "."])
def test_a_folder_that_can_t_be_made_only_costs_the_entry(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("a file in the folder's place")
    cache = EncodingCache(tmp_path / "file" / place, ("x",), "cpu")
    answers: list[Answer] = []
    use(cache, answers.append)
    assert len(answers[0]) == 1
    assert (tmp_path / "file").read_text() == "a file in the folder's place"


def test_a_folder_in_the_file_s_place_only_costs_the_entry(cache: EncodingCache) -> None:
    cache.path(["now"]).mkdir(parents=True)
    answers: list[Answer] = []
    use(cache, answers.append)
    assert len(answers[0]) == 1
