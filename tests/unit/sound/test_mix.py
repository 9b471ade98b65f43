"""A film's mix, from real takes to the file, decoded again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.sounds import SECOND, Shot, decibels, decoded, film_of, noise, rms, take_file, tone
from vtx_app.errors import CutError
from vtx_app.media.codec import samples_for
from vtx_app.media.flac_stamp import read_sound_stamp
from vtx_app.sound.loudness import measure
from vtx_app.sound.mix import STEMS, mix, stem
from vtx_app.sound.mix_plan import MixPlan, mix_digest, stretch
from vtx_app.sound.to_loudness import at_gain

RATES = [Fraction(16), Fraction(24), Fraction(24_000, 1001), Fraction(25), Fraction(30_000, 1001), Fraction(25, 2)]


def lufs(sound: np.ndarray) -> float:
    """By the second meter."""
    return float(pyloudnorm.Meter(SECOND).integrated_loudness(sound.astype(np.float64)))


def quiet_film(plan: MixPlan, **changes: object) -> MixPlan:
    """``plan`` with a target that leaves its sound as it is, for tests that look at samples."""
    return replace(plan, loudness=_loudness(plan), peak=0.0, **changes)  # type: ignore[arg-type]


def _loudness(plan: MixPlan) -> float:
    found = measure(stem(plan, "dialogue", 0.0)).loudness
    assert found is not None
    return found


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three takes of two seconds at 24 frames per second: tones of different pitch and level, at their ends too."""
    folder = tmp_path_factory.mktemp("takes")
    return [
        take_file(folder / f"{hertz}.mp4", tone(2, hertz, level) + noise(2, 0.001, hertz), frames=48)
        for hertz, level in ((220, 0.2), (440, 0.05), (660, 0.1))
    ]


def test_the_file_is_24_bit_48_khz_stereo_with_its_stamp(takes: list[Path], tmp_path: Path) -> None:
    plan = film_of([Shot(take, 48) for take in takes])
    report = mix(plan, tmp_path / "mix.flac")
    with av.open(str(tmp_path / "mix.flac")) as container:
        context = container.streams.audio[0].codec_context
        facts = (context.sample_rate, context.layout.name, context.format.name, context.bits_per_raw_sample)
        assert facts == (48_000, "stereo", "s32", 24)
        assert container.streams.audio[0].duration == samples_for(144, Fraction(24)) == report.samples
    assert read_sound_stamp(tmp_path / "mix.flac") == mix_digest(plan) == report.stamp


def test_the_same_plan_gives_the_same_bytes(takes: list[Path], tmp_path: Path) -> None:
    plan = film_of([Shot(take, 48) for take in takes], room_tone=True, level="scene")
    for name in ("one.flac", "two.flac"):
        mix(plan, tmp_path / name)
    assert (tmp_path / "one.flac").read_bytes() == (tmp_path / "two.flac").read_bytes()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.sampled_from(RATES),
    parts=st.lists(st.tuples(st.integers(1, 40), st.integers(-3, 50), st.integers(0, 9)), min_size=1, max_size=5),
)
def test_whatever_its_parts_it_is_as_long_as_the_picture(
    takes: list[Path], tmp_path: Path, rate: Fraction, parts: list[tuple[int, int, int]]
) -> None:
    shots = [Shot(takes[number % 3], frames, first, gap=gap) for number, (frames, first, gap) in enumerate(parts)]
    plan = film_of(shots, rate=rate, room_tone=True)
    mix(plan, tmp_path / "mix.flac")
    assert len(decoded(tmp_path / "mix.flac")) == samples_for(plan.frames, rate)
    for name in STEMS:
        assert sum(map(len, stem(plan, name, 0.0))) == samples_for(plan.frames, rate)


def test_no_step_at_a_cut_is_larger_than_the_steps_within_its_clips(takes: list[Path], tmp_path: Path) -> None:
    shots = [Shot(takes[0], 17, 5), Shot(takes[1], 13, 11), Shot(takes[2], 9, 3), Shot(takes[0], 20, 25)]
    plan = quiet_film(film_of(shots))
    mix(plan, tmp_path / "mix.flac")
    sound = decoded(tmp_path / "mix.flac")
    cuts = [samples_for(use.start, plan.rate) for use in plan.heard] + [len(sound)]
    steps = np.abs(np.diff(sound, axis=0)).max(axis=1)
    inside = [steps[first + 400 : end - 400].max() for first, end in pairwise(cuts)]
    for cut, before, after in zip(cuts[1:-1], inside, inside[1:], strict=False):
        assert steps[cut - 400 : cut - 1].max() <= before * 1.01
        assert steps[cut - 1] <= min(before, after)
        assert steps[cut : cut + 400].max() <= after * 1.01


def test_between_the_cuts_the_film_is_its_takes(takes: list[Path], tmp_path: Path) -> None:
    plan = quiet_film(film_of([Shot(takes[0], 20, 4), Shot(takes[1], 20, 9)]))
    mix(plan, tmp_path / "mix.flac")
    sound, wanted = decoded(tmp_path / "mix.flac"), decoded(takes[1])
    cut, start = samples_for(20, plan.rate), samples_for(9, plan.rate)
    assert np.abs(sound[cut + 384 : -384] - wanted[start + 384 :][: len(sound) - cut - 768]).max() < 3e-7


def test_a_dissolve_keeps_the_power_of_different_sounds(tmp_path: Path) -> None:
    paths = [take_file(tmp_path / f"{seed}.mp4", noise(3, 0.05, seed), frames=72) for seed in (1, 2)]
    plan = film_of([Shot(path, 72) for path in paths])
    first, second = plan.heard
    over = replace(plan, frames=120, heard=(replace(first, fade_out=24), replace(second, start=48, fade_in=24)))
    sound = np.concatenate(list(stem(over, "dialogue", 0.0)))
    levels = [decibels(rms(sound[at : at + 2_400]) / 0.05) for at in range(48_000, 4 * SECOND, 2_400)]
    assert max(map(abs, levels)) < 0.5


def test_sound_may_begin_before_its_picture_and_end_after_it(takes: list[Path]) -> None:
    plan = film_of([Shot(takes[0], 24), Shot(takes[2], 24, first=6)])
    first, second = plan.heard
    early = replace(plan, heard=(first, replace(second, first=0, start=18, frames=30)))
    sound = np.concatenate(list(stem(early, "dialogue", 0.0)))
    both = sound[samples_for(19, plan.rate) : samples_for(23, plan.rate)]
    spectrum = np.abs(np.fft.rfft(both[:, 0]))
    hertz = np.fft.rfftfreq(len(both), 1 / SECOND)
    peaks = {f: spectrum[np.abs(hertz - f) < 12].max() for f in (220, 440, 660)}
    assert peaks[220] > 10 * peaks[440]
    assert peaks[660] > 10 * peaks[440]


@pytest.mark.parametrize("target", [(-16.0, -1.0), (-23.0, -1.0), (-14.0, -1.5)])
@pytest.mark.parametrize("level", [0.003, 0.05, 0.4])
def test_the_film_has_its_loudness_and_peak_by_a_second_meter(
    tmp_path: Path, target: tuple[float, float], level: float
) -> None:
    bursts = np.repeat(np.random.default_rng(3).uniform(0.2, 1, 40), SECOND // 8)[:, None]
    path = take_file(tmp_path / "take.mp4", np.clip(noise(5, level) * bursts, -1, 1), frames=120)
    plan = film_of([Shot(path, 120)], loudness=target[0], peak=target[1])
    report = mix(plan, tmp_path / "mix.flac")
    sound = decoded(tmp_path / "mix.flac")
    assert lufs(sound) == pytest.approx(target[0], abs=0.5)
    assert report.after.loudness == pytest.approx(lufs(sound), abs=0.1)
    assert true_peak(tmp_path / "mix.flac") <= target[1] + 0.1


def true_peak(path: Path) -> float:
    """Decibels, by FFmpeg's meter."""
    graph = av.filter.Graph()
    with av.open(str(path)) as container:
        source = graph.add_abuffer(template=container.streams.audio[0])
        graph.link_nodes(source, graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")).configure()
        found = 0.0
        for frame in container.decode(audio=0):
            graph.push(frame)
            while True:
                try:
                    metadata = graph.pull().metadata
                except (av.BlockingIOError, av.EOFError):
                    break
                found = max(found, float(metadata.get("lavfi.r128.true_peak", 0)))
    return decibels(found) if found else -200.0


def test_a_film_that_needs_no_limiter_is_its_takes_with_one_gain(takes: list[Path], tmp_path: Path) -> None:
    plan = film_of([Shot(takes[0], 48)], loudness=-30.0)
    report = mix(plan, tmp_path / "mix.flac")
    assert report.limited_seconds == 0
    gained = decoded(takes[0])[1000:-1000] * 10 ** (report.gain_db / 20)
    assert np.abs(decoded(tmp_path / "mix.flac")[1000:-1000] - gained).max() < 3e-7


def test_a_silent_film_stays_silent(tmp_path: Path) -> None:
    path = take_file(tmp_path / "take.mp4", np.zeros((SECOND, 2)), frames=24)
    mute = take_file(tmp_path / "mute.mp4", None, frames=24)
    report = mix(film_of([Shot(path, 24), Shot(mute, 24)], room_tone=True, level="scene"), tmp_path / "mix.flac")
    assert not decoded(tmp_path / "mix.flac").any()
    assert (report.before.loudness, report.after.loudness, report.gain_db) == (None, None, 0.0)


def test_what_is_not_a_number_is_silent_and_spoils_nothing(tmp_path: Path) -> None:
    sound = tone(2, 300, 0.2)
    sound[20_000:20_010] = np.nan
    sound[30_000] = np.inf
    broken = take_file(tmp_path / "broken.mkv", sound, frames=48, codec="pcm_f32le")
    report = mix(film_of([Shot(broken, 48)]), tmp_path / "mix.flac")
    found = decoded(tmp_path / "mix.flac")
    assert np.isfinite(found).all()
    assert report.after.loudness == pytest.approx(-16, abs=0.2)
    assert rms(found[60_000:90_000]) == pytest.approx(rms(found[40_000:50_000]), rel=0.05)


def test_a_deafening_take_is_brought_down_without_clipping(tmp_path: Path) -> None:
    loud = take_file(tmp_path / "loud.mkv", tone(2, 300, 40.0), frames=48, codec="pcm_f32le")
    soft = take_file(tmp_path / "soft.mp4", tone(2, 300, 0.02), frames=48)
    report = mix(film_of([Shot(loud, 48), Shot(soft, 48)], level="scene"), tmp_path / "mix.flac")
    assert true_peak(tmp_path / "mix.flac") <= -0.9
    assert [clip.level_db for clip in report.clips] == [-12.0, 12.0]


def test_takes_of_other_rates_and_channels(tmp_path: Path) -> None:
    mono = take_file(tmp_path / "mono.mp4", tone(2, 440, 0.1, rate=44_100), frames=48, rate=44_100)
    none = take_file(tmp_path / "none.mp4", None, frames=48)
    plan = quiet_film(film_of([Shot(mono, 48), Shot(none, 48)]))
    mix(plan, tmp_path / "mix.flac")
    sound = decoded(tmp_path / "mix.flac")
    assert np.abs(sound[:, 0] - sound[:, 1]).max() < 3 / 2**23  # each side has its own dither
    assert rms(sound[2_000 : 2 * SECOND - 2_000]) == pytest.approx(0.1 / np.sqrt(2), rel=0.01)
    assert not sound[2 * SECOND :].any()


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(25)])
def test_sound_follows_the_picture_of_a_take_at_another_rate(tmp_path: Path, fps: Fraction) -> None:
    """A click with frame 200 of a take is heard with frame 200 of the shot in a film of 23.976."""
    rate = Fraction(24_000, 1001)
    sound = np.zeros((10 * SECOND, 1))
    at = round(200 / fps * SECOND)
    sound[at : at + 100] = 0.5
    take = take_file(tmp_path / "take.mp4", sound, frames=240, fps=fps)
    plan = film_of([Shot(take, 150, first=90, head=5)], rate=rate)
    heard = np.concatenate(list(stem(plan, "dialogue", 0.0)))
    (found,) = np.flatnonzero(np.abs(heard[:, 0]) > 0.25)[:1]
    assert found == pytest.approx(samples_for(200 - 95, rate), abs=0.002 * SECOND)


def test_stems_add_up_to_the_mix_where_the_limiter_does_nothing(takes: list[Path], tmp_path: Path) -> None:
    plan = film_of([Shot(take, 48) for take in takes], loudness=-23.0, room_tone=True, level="scene")
    report = mix(plan, tmp_path / "mix.flac")
    assert report.limited_seconds == 0
    total = sum(np.concatenate(list(stem(plan, name, report.gain_db))) for name in STEMS)
    assert np.abs(total - decoded(tmp_path / "mix.flac")).max() < 2.1 / 2**23


def test_an_act_is_mixed_as_if_there_were_no_others(takes: list[Path], tmp_path: Path) -> None:
    shots = [
        Shot(takes[0], 24, scene="A01_S01"),
        Shot(takes[1], 24, scene="A02_S01"),
        Shot(takes[2], 24, scene="A02_S01"),
    ]
    plan = film_of(shots, level="scene")
    edited = film_of([replace(shots[0], first=9), *shots[1:]], level="scene")
    assert mix_digest(plan) != mix_digest(edited)
    assert mix_digest(stretch(plan, 24, 72)) == mix_digest(stretch(edited, 24, 72))
    report = mix(stretch(plan, 24, 72), tmp_path / "act.flac")
    sound = decoded(tmp_path / "act.flac")
    assert len(sound) == report.samples == samples_for(48, plan.rate)
    assert lufs(sound) == pytest.approx(-16, abs=0.5)


def test_a_truncated_take_is_named_and_no_mix_is_left(takes: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(takes[0].read_bytes()[:2_000])
    with pytest.raises(CutError, match=r"broken\.mp4"):
        mix(film_of([Shot(takes[0], 24), Shot(broken, 24)]), tmp_path / "mix.flac")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.mp4"]


def test_a_gain_and_a_limit_for_a_delivery(takes: list[Path], tmp_path: Path) -> None:
    mix(film_of([Shot(take, 48) for take in takes]), tmp_path / "mix.flac")
    sound = decoded(tmp_path / "mix.flac")
    louder = np.concatenate(list(at_gain(np.array_split(sound, 7), 8.0, -1.0)))
    assert len(louder) == len(sound)
    found = measure([louder])
    assert found.true_peak is not None
    assert found.true_peak <= -1.0


MEMORY = """
import re, sys
from pathlib import Path
from kit.sounds import Shot, film_of
from vtx_app.sound.mix import mix
count, steady, spoken, out = int(sys.argv[1]), *map(Path, sys.argv[2:])
takes = [spoken if n % 10 else steady for n in range(count)]
shots = [Shot(take, 48, scene=f"A01_S{n // 20:02d}") for n, take in enumerate(takes)]
mix(film_of(shots, level="scene", room_tone=True), out)
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""
"""Linux's own count in kilobytes: what ``resource`` gives includes the process that this one was started from."""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux counts it")
def test_memory_does_not_grow_with_the_film(takes: list[Path], tmp_path: Path) -> None:
    sound = tone(2, 220, 0.2)  # of a steady tone, every sample may be the peak; of this one, those of its beginning
    sound[SECOND // 10 :] /= 2
    spoken = take_file(tmp_path / "spoken.mp4", sound + noise(2, 0.001, 220), frames=48)

    def peak_mb(count: int) -> int:
        paths = (takes[0], spoken, tmp_path / "mix.flac")
        command = [sys.executable, "-c", MEMORY, str(count), *map(str, paths)]
        # What is freed goes back at once: glibc may keep a hundred megabytes of it, more or less from run to run.
        allocator = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536"}
        env = {"PYTHONPATH": str(Path(__file__).parents[2]), **allocator}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
        return int(done.stdout) // 1024

    short, long = peak_mb(80), peak_mb(130)  # from 80 on, all that is kept once is there
    assert long < 200
    assert long - short < 20  # the sound of 50 shots more is 38 MB
