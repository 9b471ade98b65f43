from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vtx_app.compile.request import ImageInput, RenderRequest
from vtx_app.errors import RenderError
from vtx_app.media.codec import samples_for
from vtx_app.render.animatic.renderer import AnimaticRenderer
from vtx_app.render.renderer import Sources, load_renderer

Ask = Callable[..., RenderRequest]
Picture = NDArray[np.float64]


def render(request: RenderRequest, out: Path, sources: Sources | None = None) -> Path:
    AnimaticRenderer().render(request, sources or Sources(), out, lambda done, total: None)
    return out


def frames_of(path: Path) -> list[Picture]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24").astype(float) for frame in container.decode(video=0)]


def samples_of(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(frame.samples for frame in container.decode(audio=0))


def still(tmp_path: Path, name: str, image: Image.Image) -> tuple[str, Sources]:
    path = tmp_path / name
    image.save(path)
    digest = sha256(path.read_bytes()).hexdigest()
    return digest, Sources({digest: path})


@pytest.mark.parametrize(
    ("width", "height", "frames", "rate"),
    [
        (128, 64, 9, Fraction(16)),
        (64, 128, 17, Fraction(24000, 1001)),
        (160, 64, 1, Fraction(24)),
        (64, 64, 9, Fraction(30)),
    ],
)
def test_a_take_is_exactly_as_asked(
    ask: Ask, tmp_path: Path, width: int, height: int, frames: int, rate: Fraction
) -> None:
    request = ask("Rain on the sea, pan left.", width=width, height=height, frames=frames, rate=rate)
    take = render(request, tmp_path / "take.mp4")
    pictures = frames_of(take)
    assert len(pictures) == frames
    assert {picture.shape for picture in pictures} == {(height, width, 3)}
    assert samples_of(take) == samples_for(frames, rate)


def test_the_registry_finds_it_and_progress_is_told(ask: Ask, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    facts = load_renderer("animatic").render(
        ask("hold"), Sources(), tmp_path / "t.mp4", lambda done, total: told.append((done, total))
    )
    assert told == [(i + 1, 9) for i in range(9)]
    assert set(facts["seconds"]) == {"paint", "encode"}
    json.dumps(facts)


def test_the_same_request_gives_the_same_bytes_in_another_process(ask: Ask, tmp_path: Path) -> None:
    request = ask("Fog over the harbour, slow push in.", ("The mole",), (("Mara", "Boats."),))
    code = (
        "import sys; from pathlib import Path; from fractions import Fraction\n"
        "from vtx_app.compile.request import Line, RenderRequest, StagedPlace, Staging\n"
        "from vtx_app.render.animatic.renderer import AnimaticRenderer\n"
        "from vtx_app.render.renderer import Sources\n"
        f"request = {request!r}\n"
        "AnimaticRenderer().render(request, Sources(), Path(sys.argv[1]), lambda done, total: None)\n"
    )
    takes = []
    for seed in ("1", "77"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {"PYTHONHASHSEED": seed, "LC_ALL": "C"}
        subprocess.run([sys.executable, "-c", code, "take.mp4"], cwd=folder, env=environment, check=True)
        takes.append((folder / "take.mp4").read_bytes())
    assert takes[0] == takes[1] == render(request, tmp_path / "here.mp4").read_bytes()


def test_another_seed_or_another_word_gives_another_picture(ask: Ask, tmp_path: Path) -> None:
    base = ask("A man in the street, full shot.")
    takes = [base, replace(base, seed=2), ask("A man in the street at night, full shot.")]
    pictures = [frames_of(render(request, tmp_path / f"{i}.mp4"))[0] for i, request in enumerate(takes)]
    assert np.abs(pictures[0] - pictures[1]).mean() > 1
    assert np.abs(pictures[0] - pictures[2]).mean() > 1


def bright_middle(picture: Picture) -> tuple[float, float, float]:
    """Where the white thing is in the frame (x, y) and how many pixels it covers."""
    y, x = np.nonzero(picture.min(2) > 128)
    return float(x.mean()), float(y.mean()), float(len(x))


@pytest.mark.parametrize(
    ("words", "dx", "dy", "grows"),
    [
        ("camera pans left", 1, 0, 0),
        ("camera pans right", -1, 0, 0),
        ("tilt up", 0, 1, 0),
        ("tilt down", 0, -1, 0),
        ("slow push in", 0, 0, 1),
        ("pull out", 0, 0, -1),
    ],
)
def test_a_given_image_moves_against_the_camera(
    ask: Ask, tmp_path: Path, words: str, dx: int, dy: int, grows: int
) -> None:
    image = Image.new("RGB", (256, 128), (20, 20, 20))
    image.paste((250, 250, 250), (112, 48, 144, 80))
    digest, sources = still(tmp_path, "box.png", image)
    request = ask(words, images=(ImageInput(digest, 0, 1.0),), frames=17, rate=Fraction(4))
    pictures = frames_of(render(request, tmp_path / "t.mp4", sources))
    (x0, y0, n0), (x1, y1, n1) = bright_middle(pictures[0]), bright_middle(pictures[-1])
    assert (x1 - x0) * dx > 4 if dx else abs(x1 - x0) < 2
    assert (y1 - y0) * dy > 2 if dy else abs(y1 - y0) < 2
    assert (n1 - n0) * grows > 0.2 * n0 if grows else abs(n1 - n0) < 0.2 * n0


def test_a_slow_move_is_smooth(ask: Ask, tmp_path: Path) -> None:
    """Whole-pixel jitter would show as frames that stand still and frames that jump."""
    image = Image.new("RGB", (512, 256), (20, 20, 20))
    image.paste((250, 250, 250), (150, 60, 362, 196))
    digest, sources = still(tmp_path, "box.png", image)
    request = ask("camera pans left", images=(ImageInput(digest, 0, 1.0),), frames=49, width=256, height=128)
    # The grey sum of a row tells where its edge is to a fraction of a pixel.
    edges = np.array([picture[64, :128].mean() for picture in frames_of(render(request, tmp_path / "t.mp4", sources))])
    steps = np.diff(edges)[4:-4]
    assert np.abs(np.diff(steps)).max() < np.abs(steps).max()
    assert (steps < 0).all() or (steps > 0).all()


def test_keyframes_stand_at_their_frames(ask: Ask, tmp_path: Path) -> None:
    files: dict[str, Path] = {}
    images = []
    for name, tone, frame in (("a", (200, 30, 30), 0), ("b", (30, 200, 30), 16), ("c", (30, 30, 200), 32)):
        digest, found = still(tmp_path, f"{name}.png", Image.new("RGB", (128, 64), tone))
        files.update(found.files)
        images.append(ImageInput(digest, frame, 1.0))
    request = ask("hold", images=tuple(reversed(images)), frames=33)
    pictures = frames_of(render(request, tmp_path / "t.mp4", Sources(files)))
    leading = [int(picture.mean((0, 1)).argmax()) for picture in pictures]
    assert (leading[0], leading[16], leading[32]) == (0, 1, 2)
    assert leading == sorted(leading)
    changes = [np.abs(b - a).mean() for a, b in pairwise(pictures)]
    assert max(changes) < 40  # it fades, it doesn't cut


def test_a_chained_take_starts_where_its_parent_says(ask: Ask, tmp_path: Path) -> None:
    parent = render(ask("camera pans left over the sea, dusk", frames=17), tmp_path / "parent.mp4")
    shown = frames_of(parent)
    for frame in (5, None):
        request = ask("hold on the sea", continue_from="0" * 64, continue_frame=frame)
        first = frames_of(render(request, tmp_path / "t.mp4", Sources(parent=parent)))[0]
        near = [float(np.abs(first - picture).mean()) for picture in shown]
        assert near.index(min(near)) == (16 if frame is None else frame)
        assert min(near) < 3


def test_a_chained_take_with_people_goes_on_to_its_own_picture(ask: Ask, tmp_path: Path) -> None:
    parent = render(ask("hold on the sea, night", frames=9), tmp_path / "parent.mp4")
    request = ask("Close-up of a man in a red coat.", continue_from="0" * 64, frames=49)
    pictures = frames_of(render(request, tmp_path / "t.mp4", Sources(parent=parent)))
    before = frames_of(parent)[-1]
    assert np.abs(pictures[0] - before).mean() < 3
    assert np.abs(pictures[-1] - before).mean() > 10


def test_a_chained_take_goes_from_its_parent_to_its_own_image(ask: Ask, tmp_path: Path) -> None:
    parent = render(ask("hold on the sea, night", frames=9), tmp_path / "parent.mp4")
    digest, sources = still(tmp_path, "red.png", Image.new("RGB", (128, 64), (220, 30, 30)))
    request = ask("hold", continue_from="0" * 64, images=(ImageInput(digest, 0, 1.0),), frames=33)
    pictures = frames_of(render(request, tmp_path / "t.mp4", replace(sources, parent=parent)))
    assert np.abs(pictures[0] - frames_of(parent)[-1]).mean() < 3
    assert np.abs(pictures[-1].mean((0, 1)) - (220, 30, 30)).max() < 12


def test_what_is_missing_is_said(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "t.mp4"
    with pytest.raises(RenderError, match="continues"):
        render(ask("hold", continue_from="0" * 64), out)
    with pytest.raises(RenderError, match="image"):
        render(ask("hold", images=(ImageInput("ab" * 32, 0, 1.0),)), out)
    with pytest.raises(RenderError, match="video"):
        render(ask("hold", video="ab" * 32), out)
    (tmp_path / "bad.png").write_bytes(b"nothing")
    with pytest.raises(RenderError, match=r"bad\.png"):
        render(ask("hold", images=(ImageInput("ab" * 32, 0, 1.0),)), out, Sources({"ab" * 32: tmp_path / "bad.png"}))
    assert not out.exists()


def test_no_words_are_in_the_take(ask: Ask, tmp_path: Path) -> None:
    """A title is burned at conform: two requests that differ in nothing are the same, and a take has no strip."""
    request = ask("Wide shot of a bright desert at noon.", ("The dunes",), (("Mara", "Nothing here."),))
    silent = replace(request, staging=replace(request.staging, dialogue=())) if request.staging else request
    assert asdict(request) != asdict(silent)
    one = frames_of(render(request, tmp_path / "a.mp4"))[4]
    assert one[:6].mean() > 60  # the strip of a slate would be dark
