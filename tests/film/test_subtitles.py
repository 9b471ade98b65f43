"""The subtitles of a film: where somebody speaks in its takes, as the cut lets it be heard."""

from __future__ import annotations

from fractions import Fraction

import av
import pytest

from kit.beeps import write_beeps
from kit.film import Film
from kit.machine import forget
from vtx_app.media.subtitles import Subtitle, read_srt
from vtx_app.plan.planner import plan_film

STEM, CLIP = "A01_S02_SH001__wheelhouse", "A01_S02_SH001"
SRT, VTT = "renders/final/harbour.srt", "renders/final/harbour.vtt"
SPOKEN = [(0.5, 1.5), (2.5, 3.5)]
"""Seconds of the shot, which begins after two shots of a second each."""


@pytest.fixture
def spoken(film: Film, monkeypatch: pytest.MonkeyPatch) -> Film:
    """A film with one shot of two lines, whose take has a beep for each."""
    monkeypatch.chdir(film.root)
    film.edit_clip(STEM, "seconds: 1.0", "seconds: 5.0")
    film.edit_clip(
        STEM, "    line: Nobody today.", "    line: Nobody today.\n  - character: ivo\n    line: (off) Look there!"
    )
    beep(film)
    return film


def beep(film: Film, tier: str = "final") -> None:
    """Put the clip's take there, with its beeps."""
    forget()
    take = plan_film("harbour", tier).every_clip[STEM].take
    request = take.request
    write_beeps(take.path, SPOKEN, request.frames, request.rate, (request.width, request.height))


def hush(film: Film) -> None:
    """Put a silent take there for each clip that has none: these tests look at no picture."""
    forget()
    for clip in plan_film("harbour", "final").every_clip.values():
        if not clip.take.exists():
            request = clip.take.request
            write_beeps(clip.take.path, [], request.frames, request.rate, (request.width, request.height))


def shown(film: Film, name: str = SRT) -> list[tuple[Fraction, Fraction, str]]:
    """Start, end and text of each subtitle, as FFmpeg reads them."""
    with av.open(str(film.folder / name)) as container:
        stream = container.streams.subtitles[0]
        found = [packet for packet in container.demux(stream) if packet.pts is not None]
        base = stream.time_base or Fraction(1)
        return [
            (packet.pts * base, (packet.pts + (packet.duration or 0)) * base, bytes(packet).decode())
            for packet in found
            if packet.pts is not None
        ]


def test_subtitles_are_where_the_take_is_heard(spoken: Film) -> None:
    spoken.build(f"projects/harbour/{SRT}")
    assert sorted(spoken.takes()) == [CLIP]  # made from the sound of takes with dialogue, and from nothing else
    expected = [(Fraction(5, 2), Fraction(7, 2), "Nobody today."), (Fraction(9, 2), Fraction(11, 2), "Look there!")]
    assert shown(spoken) == expected
    assert [(start, end) for start, end, _ in shown(spoken, VTT)] == [(start, end) for start, end, _ in expected]
    assert "<v Ivo>Look there!</v>" in spoken.read(VTT)
    assert "NOTE language:und" in spoken.read(VTT)
    assert spoken.dry_run(f"projects/harbour/{SRT}").nothing


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("in: 16", [(Fraction(5, 2), Fraction(7, 2), "Look there!")]),
        ("out: 16", [(Fraction(5, 2), Fraction(4), "Nobody today.")]),
        ("repeat: 2", [(Fraction(at, 2), Fraction(at + 2, 2), text) for at, text in
                       ((5, "Nobody today."), (9, "Look there!"), (15, "Nobody today."), (19, "Look there!"))]),
    ],
)  # fmt: skip
def test_subtitles_follow_the_cut(spoken: Film, edit: str, expected: list[tuple[Fraction, Fraction, str]]) -> None:
    spoken.build(f"projects/harbour/{SRT}")
    spoken.edit_clip("A01_S02_SH002__the_window", "  continue_from: A01_S02_SH001\n", "")
    spoken.write("story/05_edit.yaml", f"clips:\n  {CLIP}: {{{edit}}}\n")
    spoken.build(f"projects/harbour/{SRT}")
    assert shown(spoken) == expected
    assert sorted(spoken.takes()) == [CLIP]


def test_an_edited_line_is_told_by_its_new_words_but_an_approved_take_by_what_is_heard(spoken: Film) -> None:
    spoken.build(f"projects/harbour/{SRT}")
    (digest,) = spoken.takes()[CLIP]
    spoken.write(f"review/selects/{CLIP}.yaml", f"clip_id: {CLIP}\nstate: approved\ntake: {digest}\n")
    spoken.edit_clip(STEM, "line: Nobody today.", "line: Somebody today.")
    spoken.build(f"projects/harbour/{SRT}")
    assert [text for _, _, text in shown(spoken)] == ["Somebody today.", "Look there!"]  # this take has no record


def test_what_a_person_edits_stays_and_is_what_the_build_goes_on_with(spoken: Film) -> None:
    spoken.build(f"projects/harbour/{SRT}")
    mine = spoken.read(SRT).replace("Nobody today.", "Not a soul today.")
    spoken.write(SRT, mine)
    spoken.build(f"projects/harbour/{SRT}")
    assert spoken.read(SRT) == mine
    assert "<" not in spoken.read(VTT)
    assert "Not a soul today." in spoken.read(VTT)
    assert spoken.dry_run(f"projects/harbour/{SRT}").nothing
    spoken.edit_clip(STEM, "line: Nobody today.", "line: Nobody ever.")
    beep(spoken)
    said = spoken.build(f"projects/harbour/{SRT}")
    assert "projects/harbour/renders/final/harbour.srt: you edited it: it stays" in said
    assert spoken.read(SRT) == mine
    assert [each.text for each in read_srt(spoken.folder / "renders/final/harbour.incoming.srt")] == [
        "Nobody ever.",
        "Look there!",
    ]


def test_the_final_shows_what_the_file_says(spoken: Film) -> None:
    hush(spoken)
    spoken.build("final")
    final = "renders/final/harbour.mp4"
    texts = [(start, end, text[2:]) for start, end, text in shown(spoken, final) if len(text) > 2]
    assert texts == shown(spoken)
    spoken.edit(SRT, "Nobody today.", "Not a soul today.")
    jobs = spoken.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [], [], True)
    spoken.build("final")
    assert [text[2:] for _, _, text in shown(spoken, final) if len(text) > 2] == ["Not a soul today.", "Look there!"]
    assert spoken.dry_run().nothing


def test_a_lost_file_is_written_again_with_the_final(spoken: Film) -> None:
    hush(spoken)
    spoken.build("final")
    text = spoken.read(VTT)
    (spoken.folder / VTT).unlink()
    jobs = spoken.dry_run()
    assert "Write the subtitles of harbour" in jobs.text
    assert not jobs.final
    spoken.build("final")
    assert spoken.read(VTT) == text
    assert spoken.dry_run().nothing


def test_a_film_in_which_nobody_speaks_has_no_subtitles(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(film.root)
    film.edit_clip(STEM, "  dialogue:\n  - character: mara\n    line: Nobody today.\n", "")
    hush(film)
    film.build("final")
    there = {path.suffix for path in (film.folder / "renders/final").iterdir()}
    assert ".mp4" in there
    assert not there & {".srt", ".vtt"}
    refused = film.snakemake(f"projects/harbour/{SRT}")
    assert refused.returncode == 1
    assert "nothing is said in harbour, so it has no subtitles" in refused.stdout


@pytest.mark.parametrize("edit", ["leave_out: true", "mute: true"])
def test_subtitles_go_with_the_only_line(spoken: Film, edit: str) -> None:
    spoken.build(f"projects/harbour/{SRT}")
    spoken.edit_clip("A01_S02_SH002__the_window", "  continue_from: A01_S02_SH001\n", "")
    spoken.write("story/05_edit.yaml", f"clips:\n  {CLIP}: {{{edit}}}\n")
    hush(spoken)
    spoken.build("final")
    there = {path.name for path in (spoken.folder / "renders/final").iterdir()}
    assert not there & {"harbour.srt", "harbour.vtt", "harbour.subtitles.json"}


def test_a_storyboard_s_subtitles_are_where_it_murmurs(film: Film) -> None:
    film.edit_clip(STEM, "seconds: 1.0", "seconds: 4.0")
    film.build(f"projects/harbour/{SRT}")
    (subtitle,) = read_srt(film.folder / SRT)
    assert isinstance(subtitle, Subtitle)
    assert 2 < subtitle.start < subtitle.end < 6


def test_another_tier_has_subtitles_of_its_own(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(film.root)
    film.edit_clip(STEM, "seconds: 1.0", "seconds: 5.0")
    beep(film, "animatic")
    film.build("projects/harbour/renders/animatic/final/harbour.srt")
    assert not (film.folder / SRT).exists()
    assert [each.text for each in read_srt(film.folder / "renders/animatic/final/harbour.srt")] == ["Nobody today."]
