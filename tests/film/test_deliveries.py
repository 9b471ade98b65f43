"""Deliveries of a real film by the real Snakemake: made, read again, kept while nothing changes, never half there."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest
from numpy.typing import NDArray
from PIL import Image

from kit.band import read_codes
from kit.browser import play
from kit.build import Recorded, building, left_over
from kit.film import IDS, Film, write_film
from kit.planned_film import PlannedFilm
from kit.readers import decoded_picture, decoded_sound
from vtx_app.cut.slate_layout import layout

FOLDER = "renders/deliveries"
FILES = {
    "archive": ["harbour.archive.mkv"],
    "broadcast": ["harbour.broadcast.mov"],
    "review": ["harbour.review.mp4"],
    "square": ["harbour.square.mp4"],
    "stems": ["harbour.stems.dialogue.wav", "harbour.stems.music.wav", "harbour.stems.effects.wav"],
    "vertical": ["harbour.vertical.mp4"],
    "web": ["harbour.web.mp4"],
    "youtube": ["harbour.youtube.mp4"],
}
ALL = ",".join(FILES)
EDIT = """\
clips:
  A01_S01_SH001: {crop: 0.0}
  A02_S01_SH001: {crop: 1.0}
music:
  - {file: inputs/audio/theme.wav, gain_db: -12, loop: true}
"""


def tune() -> bytes:
    """Three seconds of a chord as a WAV file, 48 kHz."""
    import io
    import wave

    time = np.arange(3 * 48_000) / 48_000
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 277.2, 329.6))
    samples = np.repeat((np.asarray(chord) * 6000).astype("<i2")[:, None], 2, axis=1)
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(samples.tobytes())
    return data.getvalue()


def write(root: Path) -> Film:
    """The film of the other tests, with music and with crops of its own; narrow versions are small."""
    film = write_film(root)
    declared = root / "config/deliveries.yaml"
    declared.write_text(declared.read_text().replace("width: 1080", "width: 108"))
    film.write("story/05_edit.yaml", EDIT)
    film.write("inputs/audio/theme.wav", tune())
    return film


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """A film with every shipped delivery. It is only read."""
    film = write(tmp_path_factory.mktemp("delivered"))
    film.build("deliver", "--config", f"delivery={ALL}")
    return film


@pytest.fixture
def made(delivered: Film, tmp_path: Path) -> PlannedFilm:
    """A copy of it for each test."""
    shutil.copytree(delivered.root, tmp_path / "film", symlinks=True)
    return PlannedFilm(tmp_path / "film")


def file(film: Film, name: str) -> Path:
    return film.folder / FOLDER / name


def final(film: Film) -> Path:
    return film.folder / "renders/final/harbour.mp4"


def to_make(film: Film, names: str = ALL) -> set[str]:
    """The deliveries, by their names, that a dry-run would make."""
    text = film.dry_run("deliver", words=("--config", f"delivery={names}")).text
    files = {line.split()[-1] for line in text.splitlines() if line.startswith("Job ") and ": Deliver " in line}
    return {name.split(".")[1] for name in files}


def samples(path: Path) -> NDArray[np.float64]:
    """The sound, full scale 1, shape (n, 2)."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=48_000)
        blocks = [
            piece.to_ndarray().reshape(-1, 2)
            for frame in container.decode(audio=0)
            for piece in resampler.resample(frame)
        ]
    return np.concatenate(blocks).astype(float)


def loudness(path: Path) -> float:
    return float(pyloudnorm.Meter(48_000).integrated_loudness(samples(path)))


def frames(path: Path, pixels: str = "gray") -> NDArray[np.uint8]:
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format=pixels) for frame in container.decode(video=0)])


# -- what is made ----------------------------------------------------------------------------------


def test_every_file_is_there_with_its_record(delivered: Film) -> None:
    expected = {name for names in FILES.values() for name in names}
    records = {f"{name}.delivery.json" for name in expected}
    there = {path.name for path in (delivered.folder / FOLDER).iterdir()}
    assert there == expected | records | {"harbour.archive.mkv.sha256"}
    for name in expected:
        record = json.loads(file(delivered, f"{name}.delivery.json").read_text())
        assert record["bytes"] == file(delivered, name).stat().st_size
        assert len(record["stamp"]) == len(record["sha256"]) == 64


def test_the_archive_is_the_final_without_loss(delivered: Film) -> None:
    path = file(delivered, "harbour.archive.mkv")
    assert np.array_equal(frames(path, "yuv420p"), frames(final(delivered), "yuv420p"))
    assert np.array_equal(samples(path), samples(delivered.folder / "renders/sound/harbour.flac"))
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", f"{path.name}.sha256"],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout == "harbour.archive.mkv: OK\n"
    with av.open(str(path)) as container:
        attached = {each.name: bytes(each.data) for each in container.streams if each.type == "attachment"}
        assert container.metadata["title"] == "Harbour"
    folder = final(delivered).parent
    assert attached == {name: (folder / name).read_bytes() for name in ("harbour.srt", "harbour.manifest.json")}


def test_the_broadcast_master_is_close_to_the_final(delivered: Film) -> None:
    path = file(delivered, "harbour.broadcast.mov")
    error = np.mean((frames(path).astype(float) - frames(final(delivered)).astype(float)) ** 2)
    assert 10 * np.log10(255**2 / error) > 42
    assert loudness(path) == pytest.approx(-23, abs=0.5)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("broadcast", -23), ("archive", -16), ("youtube", -14), ("web", -16), ("vertical", -14), ("square", -14)],
)
def test_the_loudness_by_a_second_meter(delivered: Film, name: str, wanted: float) -> None:
    path = file(delivered, FILES[name][0])
    assert loudness(path) == pytest.approx(wanted, abs=0.5)
    record = json.loads(file(delivered, f"{path.name}.delivery.json").read_text())
    assert record["loudness"] == pytest.approx(wanted, abs=0.5)
    assert record["true_peak"] <= -0.9


def test_youtube_has_the_picture_of_the_final_and_other_sound(delivered: Film) -> None:
    def packets(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(packet) for packet in container.demux(video=0) if packet.size]

    path = file(delivered, "harbour.youtube.mp4")
    assert packets(path) == packets(final(delivered))
    with av.open(str(path)) as container, av.open(str(final(delivered))) as film:
        assert container.chapters() == film.chapters()
        assert container.metadata["title"] == film.metadata["title"]


def test_the_stems_are_equally_long_and_add_up_to_the_mix(delivered: Film) -> None:
    stems = [samples(file(delivered, name)) for name in FILES["stems"]]
    mix = samples(delivered.folder / "renders/sound/harbour.flac")
    assert {stem.shape for stem in stems} == {mix.shape}
    assert stems[1].any()
    assert not stems[2].any()
    report = json.loads((delivered.folder / "renders/sound/harbour.sound.json").read_text())
    if not report["limited_seconds"]:
        assert np.abs(sum(stems) - mix).max() < 2**-21


@pytest.mark.parametrize("name", ["web", "youtube"])
def test_a_browser_plays_it(delivered: Film, name: str) -> None:
    path = file(delivered, FILES[name][0])
    played = play(path)
    assert (played.width, played.height, played.frames) == (128, 96, len(frames(final(delivered))))
    assert played.rms > 0.01
    assert played.samples == len(samples(delivered.folder / "renders/sound/harbour.flac"))


def test_narrow_versions_show_the_edit_s_part_of_each_clip(delivered: Film) -> None:
    """9:16 of 128 × 96 is 54 columns; the clip at the left edge, in the middle, at the right edge."""
    whole, narrow = frames(final(delivered)), frames(file(delivered, "harbour.vertical.mp4"))
    assert narrow.shape[1:] == (192, 108)
    manifest = json.loads((final(delivered).parent / "harbour.manifest.json").read_text())
    places = {clip["clip_id"]: clip["in_frame"] for clip in manifest["clips"]}
    for clip_id, left in {"A01_S01_SH001": 0, "A01_S01_SH002": 36, "A02_S01_SH001": 74}.items():
        frame = places[clip_id] + 3
        small = narrow[frame].reshape(96, 2, 54, 2).mean(axis=(1, 3))
        distance = [np.abs(whole[frame][:, x : x + 54] - small).mean() for x in range(0, 76, 2)]
        assert int(np.argmin(distance)) * 2 == left


def test_a_review_version_has_the_time_code_of_the_film_and_of_the_shot_above_it(delivered: Film) -> None:
    shown, whole = frames(file(delivered, "harbour.review.mp4")), frames(final(delivered))
    assert shown.shape == whole.shape
    place = layout(128, 96, "small")
    for index, (review, film) in enumerate(zip(shown, whole, strict=True)):
        assert read_codes(review, 1) == [f"01:00:{index // 8:02d}:{index % 8:02d}"]
        small = np.asarray(Image.fromarray(film).resize((place.width, place.height), Image.Resampling.LANCZOS))
        part = review[place.top : place.top + place.height, place.left : place.left + place.width]
        assert np.abs(part.astype(float) - small).mean() < 8


def test_other_programs_decode_them(delivered: Film) -> None:
    count = len(frames(final(delivered)))
    for name in ("harbour.archive.mkv", "harbour.broadcast.mov", "harbour.web.mp4", "harbour.youtube.mp4"):
        path = file(delivered, name)
        assert len(decoded_picture(path, "gray", 128, 96)) == count
        padding = len(decoded_sound(path)) - len(samples(path))
        assert 0 <= padding < (1024 if path.suffix == ".mp4" else 1)  # this ffmpeg plays AAC's last block to its end


# -- when it is made -------------------------------------------------------------------------------


def test_nothing_is_made_twice(made: PlannedFilm) -> None:
    for path in made.root.rglob("*"):
        path.touch()
    assert to_make(made) == set()
    assert "deliveries out of date" not in made.vtx("plan", "harbour")


EVERY = set(FILES)
PICTURES = EVERY - {"stems"}


@pytest.mark.parametrize(
    ("name", "old", "new", "stale"),
    [
        ("story/05_edit.yaml", "crop: 0.0", "crop: 0.25", {"vertical", "square"}),
        ("story/05_edit.yaml", "gain_db: -12", "gain_db: -15", EVERY),
        ("metadata.yaml", 'title: "Harbour"', 'title: "The harbour"', PICTURES),
        ("metadata.yaml", "# the film", "# the same film", set()),
    ],
)
def test_an_edit_makes_what_it_reaches(made: PlannedFilm, name: str, old: str, new: str, stale: set[str]) -> None:
    made.edit(name, old, new)
    jobs = made.dry_run("deliver", words=("--config", f"delivery={ALL}"))
    assert to_make(made) == stale
    assert jobs.takes == []
    line = [line for line in made.vtx("plan", "harbour").splitlines() if "deliveries out of date" in line]
    assert bool(line) == bool(stale)
    if line:
        listed = line[0].partition(": ")[2].partition(" (")[0].split(", ")
        assert set(listed) == stale
    made.edit(name, new, old)
    assert to_make(made) == set()


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("crf: 23, height: 720}", "crf: 30, height: 720}", {"web"}),
        ("film, shot, clip", "film, clip", {"review"}),
        ("loudness: -23", "loudness: -24", {"broadcast"}),
        ("about: small, for a page", "about: for a page", set()),
        ("[dialogue, music, effects]", "[dialogue, music]", set()),
    ],
)
def test_a_declaration_makes_its_own(made: PlannedFilm, old: str, new: str, stale: set[str]) -> None:
    path = made.root / "config/deliveries.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert to_make(made) == stale


def test_a_version_without_the_slate_needs_no_new_take(made: PlannedFilm) -> None:
    takes, slated = made.takes(), frames(file(made, "harbour.web.mp4"))
    bar = layout(128, 96, "full").bar
    assert slated[3][:bar].mean() < 40
    line = "style_profile: day\n"
    for slate in ("{animatic: none}", "small", "none"):
        made.edit("metadata.yaml", line, f"style_profile: day\nslate: {slate}\n")
        jobs = made.dry_run("deliver", words=("--config", "delivery=web"))
        assert (jobs.takes, jobs.clips) == ([], [] if "animatic" in slate else IDS)
        line = f"style_profile: day\nslate: {slate}\n"
    made.build("deliver", "--config", "delivery=web")
    assert made.takes() == takes
    assert frames(file(made, "harbour.web.mp4"))[3][:bar].mean() > 60


def test_a_file_that_was_changed_or_has_no_record_is_made_again(made: PlannedFilm) -> None:
    file(made, "harbour.web.mp4.delivery.json").unlink()
    file(made, "harbour.archive.mkv.sha256").unlink()
    with file(made, "harbour.stems.music.wav").open("ab") as sound:
        sound.write(b"x")
    file(made, "harbour.square.mp4").unlink()
    assert to_make(made) == {"web", "archive", "stems", "square"}
    made.build("deliver", "--config", "delivery=archive,stems")
    assert to_make(made) == {"web", "square"}
    assert file(made, "harbour.archive.mkv.sha256").exists()


def test_one_file_is_a_target_by_its_path_and_only_what_is_asked_for_is_made(film: Film) -> None:
    film.write("story/05_edit.yaml", "sound: {level: 'off'}\n")
    path = "projects/harbour/renders/deliveries/harbour.stems.dialogue.wav"
    film.build(path)
    assert [each.name for each in (film.folder / FOLDER).iterdir() if each.suffix == ".wav"] == [
        path.rpartition("/")[2]
    ]
    assert not final(film).exists()


def test_a_film_s_own_delivery(made: PlannedFilm) -> None:
    festival = "container: mov, picture: {codec: prores, profile: proxy}, sound: {codec: pcm, bits: 16}"
    web = "container: wav, sound: {codec: pcm, loudness: -20}"
    made.write("deliveries.yaml", f"deliveries:\n  festival: {{{festival}}}\n  web: {{{web}}}\n")
    made.build("deliver", "--config", "delivery=festival,web")
    with av.open(str(file(made, "harbour.festival.mov"))) as container:
        assert container.streams.video[0].codec_context.codec_tag == "apco"
        assert container.streams.audio[0].codec_context.name == "pcm_s16le"
    assert loudness(file(made, "harbour.web.wav")) == pytest.approx(-20, abs=0.5)


def test_a_storyboard_has_deliveries_by_their_path(made: PlannedFilm) -> None:
    made.build("projects/harbour/renders/animatic/deliveries/harbour.web.mp4")
    whole = made.folder / "renders/animatic/final/harbour.mp4"
    assert len(frames(made.folder / "renders/animatic/deliveries/harbour.web.mp4")) == len(frames(whole))


# -- messages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "which deliveries of harbour? Name them: --config delivery=<name>,<name>. There are: archive, broadcast"),
        (("--config", "delivery=web,strems"), "harbour has no delivery 'strems', did you mean 'stems'? There are"),
        (("--config", "delivery=[web]"), "--config or config/config.yaml: delivery: a list: expected a valid string"),
    ],
)
def test_a_name_that_is_missing_or_unknown(film: Film, words: tuple[str, ...], message: str) -> None:
    done = film.snakemake("deliver", "--dry-run", *words)
    assert done.returncode == 1
    assert message in done.stdout
    assert "Traceback" not in done.stdout


def test_a_path_that_nothing_makes(film: Film) -> None:
    done = film.snakemake("projects/harbour/renders/deliveries/harbour.wbe.mp4", "--dry-run")
    assert done.returncode == 1
    assert "no delivery makes harbour.wbe.mp4, did you mean 'harbour.web.mp4'?" in done.stdout


def test_a_fault_in_the_film_s_own_file(film: Film) -> None:
    film.write("deliveries.yaml", "deliveries:\n  web:\n    container: mp4\n    picture: {codec: h265}\n")
    done = film.snakemake("deliver", "--dry-run", "--config", "delivery=web")
    assert done.returncode == 1
    assert "projects/harbour/deliveries.yaml:4: deliveries.web.picture.codec: 'h265' is not one of copy" in done.stdout


# -- kills and full disks --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["broadcast", "youtube"])
def test_killed_in_the_middle(made: PlannedFilm, tmp_path: Path, name: str) -> None:
    record = Recorded(tmp_path / "record")
    path = file(made, FILES[name][0])
    before = path.read_bytes()
    made.edit("metadata.yaml", 'title: "Harbour"', 'title: "The harbour"')
    made.build()
    env = record.environment(before=f"*/{path.name}")
    with building(made, "deliver", "--config", f"delivery={name}", env=env) as build:
        assert build.wait_until(record.standing), build.said
        build.signal(signal.SIGKILL, group=True)
        assert build.end() != 0
    assert path.read_bytes() == before
    assert to_make(made) == EVERY - {"stems"}
    made.build("deliver", "--config", f"delivery={name}")
    assert left_over(made) == []
    assert path.read_bytes() != before
    assert name not in to_make(made)
    with av.open(str(path)) as container:
        assert container.metadata["title"] == "The harbour"


@pytest.mark.parametrize("name", ["web", "archive", "stems"])
def test_no_room(made: PlannedFilm, name: str) -> None:
    paths = [file(made, each) for each in FILES[name]]
    before = [path.read_bytes() for path in paths]
    for path in paths:
        path.with_name(f"{path.name}.delivery.json").unlink()
    size = min(map(len, before)) // 2
    with building(made, "deliver", "--config", f"delivery={name}", file_size=size) as build:
        assert build.end() == 1, build.said
    assert "can't be written to projects/harbour/renders/deliveries: File too large. Raise the limit" in build.said
    assert "Traceback" not in build.said
    assert left_over(made) == []
    assert [path.read_bytes() for path in paths] == before
    made.build("deliver", "--config", f"delivery={name}")
    assert to_make(made) == set()
