"""Where music lies in the film, and every way in which an edit can say it wrong."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from kit.sounds import noise, sound_file
from vtx_app.cut.timeline import Timeline, Use
from vtx_app.errors import SpecError
from vtx_app.formats.check import load_format
from vtx_app.formats.edit import Edit
from vtx_app.sound.score import Laid, lay

RATE = Fraction(24)
FILM = Timeline(
    frames=240,
    uses=(Use("A01_S01_SH001", 0, 100, 0), Use("A01_S01_SH002", 0, 80, 100), Use("A01_S01_SH001", 20, 60, 180)),
    picture=(),
    sound=(),
    acts={"A01": (0, 240)},
)
"""Ten seconds; its first clip is seen again at the end."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a theme of four seconds."""
    folder = tmp_path_factory.mktemp("film")
    (folder / "inputs/audio").mkdir(parents=True)
    (folder / "story").mkdir()
    sound_file(folder / "inputs/audio/theme.flac", noise(4, 0.1))
    return folder


def laid(folder: Path, music: str) -> tuple[Laid, ...]:
    file = folder / "story/05_edit.yaml"
    file.write_text(f"version: 1\nmusic:\n  - file: inputs/audio/theme.flac\n{music}")
    return lay(load_format(file, Edit), FILM, RATE, folder, file)


def place(folder: Path, music: str) -> tuple[int, int]:
    (found,) = laid(folder, music)
    return found.start, found.frames


@pytest.mark.parametrize(
    ("music", "wanted"),
    [
        ("", (0, 96)),
        ("    from: A01_S01_SH002\n", (100, 96)),
        ("    from: A01_S01_SH001\n    to: A01_S01_SH001\n    loop: true\n", (0, 240)),
        ("    from: A01_S01_SH002\n    to: A01_S01_SH002\n", (100, 80)),
        ("    from: '01:00:02:12'\n    to: '01:00:05:00'\n", (60, 60)),
        ("    from: A01_S01_SH002\n    offset: -12\n", (88, 96)),
        ("    from: '01:00:08:00'\n", (192, 48)),
        ("    start: 1.5\n", (0, 60)),
        ("    loop: true\n    from: A01_S01_SH002\n", (100, 140)),
        ("    offset: -24\n", (-24, 96)),
    ],
)
def test_where_it_lies(folder: Path, music: str, wanted: tuple[int, int]) -> None:
    assert place(folder, music) == wanted


@pytest.mark.parametrize(
    ("music", "line", "words"),
    [
        ("    to: A01_S01_SH001\n", "4: music.0.to: ", "240 frames from where it begins, but .* lasts 96 frames"),
        ("    start: 3\n    to: A01_S01_SH002\n", "5: music.0.to: ", "lasts 24 frames more"),
        ("    start: 4\n", "4: music.0.start: ", "lasts 4.000 s"),
        ("    from: A01_S01_SH003\n", "4: music.0.from: ", "no clip of the film.*did you mean 'A01_S01_SH00"),
        (
            "    from: '01:00:30:00'\n",
            "4: music.0.from: ",
            "not in the film, which runs from 01:00:00:00 to 01:00:10:00",
        ),
        ("    to: '00:59:59:23'\n", "4: music.0.to: ", "not in the film"),
        ("    from: '01:00:00:24'\n", "4: music.0.from: ", "frames 0 to 23"),
        ("    from: '01:00:00;12'\n", "4: music.0.from: ", "drop-frame"),
        ("    from: A01_S01_SH002\n    to: '01:00:01:00'\n", "5: music.0.to: ", "76 frames before it begins"),
        ("    offset: 500\n", "4: music.0.offset: ", "outside of the film"),
        ("    offset: -100\n", "4: music.0.offset: ", "before the film begins"),
        ("    fade_in: 97\n", "4: music.0.fade_in: ", "heard for 96"),
    ],
)
def test_what_is_wrong_is_told_by_its_line(folder: Path, music: str, line: str, words: str) -> None:
    with pytest.raises(SpecError, match=words) as error:
        laid(folder, music)
    assert f"05_edit.yaml:{line}" in str(error.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("inputs/audio/lost.flac", "is not there; put it into"),
        ("../theme.flac", "leads out of the project"),
        ("/etc/hostname", "not inside the project"),
        ("inputs/audio/text.flac", "has no sound in it; name a file that has"),
        ("inputs/audio/text.mp3", "'inputs/audio/text.mp3' is no sound file that can be read; name one with sound"),
        ("inputs/audio", "is not there"),
    ],
)
def test_a_file_that_is_no_sound_of_the_project(folder: Path, name: str, words: str) -> None:
    for text in ("text.flac", "text.mp3"):
        (folder / "inputs/audio" / text).write_text("no sound")
    file = folder / "story/05_edit.yaml"
    file.write_text(f"effects:\n  - file: {name}\n")
    with pytest.raises(SpecError, match=words) as error:
        lay(load_format(file, Edit), FILM, RATE, folder, file)
    assert "05_edit.yaml:2: effects.0.file: " in str(error.value)


def test_every_fault_is_told_at_once(folder: Path) -> None:
    with pytest.raises(SpecError) as error:
        laid(folder, "    start: 9\n  - file: inputs/audio/none.wav\n")
    assert len(error.value.problems) == 2


PLANNING = """
import sys
from fractions import Fraction
from pathlib import Path
from vtx_app.cut.timeline import Heard, Timeline, Use
from vtx_app.formats.edit import Edit, Music
from vtx_app.sound.mix_plan import TakeHeard, mix_digest, mix_plan, stretch
folder = Path(sys.argv[1])
uses, sound = (Use("A01_S01_SH001", 0, 48, 0),), (Heard("A01_S01_SH001", 0, 48, 0),)
film = Timeline(48, uses, (), sound, {"A01": (0, 48)})
take = TakeHeard("A01_S01_SH001", "0" * 64, folder / "take.mp4", 0, "A01_S01", True)
edit = Edit.model_validate({"music": [{"file": "inputs/audio/theme.flac", "loop": True}]})
plan = mix_plan(film, edit, {take.clip_id: take}, rate=Fraction(24), storyboard=True, folder=folder, file=folder)
print(mix_digest(stretch(plan, 0, 24)), *[name for name in ("av", "numpy", "PIL") if name in sys.modules])
"""


def test_planning_a_mix_loads_no_codec(folder: Path) -> None:
    command = [sys.executable, "-c", PLANNING, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert len(done.stdout.strip()) == 64
