from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.media.subtitles import Subtitle, read_srt
from vtx_app.subtitles.files import SubtitleFiles

ONE, TWO = "1" * 64, "2" * 64
MINE = "1\n00:00:01,000 --> 00:00:02,000\nNot today.\n"


def said(text: str) -> list[Subtitle]:
    return [Subtitle(Fraction(1), Fraction(2), text)]


@pytest.fixture
def files(tmp_path: Path) -> SubtitleFiles:
    """Subtitles that were written."""
    made = SubtitleFiles.beside(tmp_path / "harbour.mp4")
    assert not made.are_current(ONE)
    assert list(made.write(ONE, said("Nobody today."), "en")) == []
    return made


def incoming(path: Path) -> Path:
    return path.with_name(f"harbour.incoming{path.suffix}")


def names(files: SubtitleFiles) -> set[str]:
    return {path.name for path in files.srt.parent.iterdir()}


def test_what_is_written_is_current_and_written_over(files: SubtitleFiles) -> None:
    assert files.are_current(ONE)
    assert not files.are_current(TWO)
    assert files.edited() == ""
    assert list(files.write(TWO, said("Nobody."), "en")) == []
    assert read_srt(files.srt) == said("Nobody.")
    assert "Nobody.\n" in files.vtt.read_text(encoding="utf-8")
    assert names(files) == {"harbour.srt", "harbour.vtt", "harbour.subtitles.json"}


@pytest.mark.parametrize("lost", ["srt", "vtt", "record"])
def test_a_lost_file_is_written_again(files: SubtitleFiles, lost: str) -> None:
    getattr(files, lost).unlink()
    assert not files.are_current(ONE)
    list(files.write(ONE, said("Nobody today."), "en"))
    assert files.are_current(ONE)
    assert files.edited() == ""


def test_what_a_person_edits_stays_and_the_webvtt_follows_it(files: SubtitleFiles) -> None:
    files.srt.write_text(MINE, encoding="utf-8")
    assert files.edited()
    assert not files.are_current(ONE)
    assert list(files.write(ONE, said("Nobody today."), "en")) == []  # those are the ones that were edited
    assert files.are_current(ONE)
    assert files.srt.read_text(encoding="utf-8") == MINE
    assert "Not today." in files.vtt.read_text(encoding="utf-8")
    assert not incoming(files.srt).exists()


def test_new_subtitles_come_beside_a_person_s(files: SubtitleFiles) -> None:
    files.srt.write_text(MINE, encoding="utf-8")
    (told,) = files.write(TWO, said("Nobody at all."), "en")
    assert "harbour.srt: you edited it: it stays, and the film shows it" in told
    assert "harbour.incoming.srt beside it" in told
    assert files.srt.read_text(encoding="utf-8") == MINE
    assert read_srt(incoming(files.srt)) == said("Nobody at all.")
    assert files.are_current(TWO)
    incoming(files.srt).unlink()  # the person has decided
    assert list(files.write(TWO, said("Nobody at all."), "en")) == []
    incoming(files.srt).write_text("working on it", encoding="utf-8")
    list(files.write(ONE, said("Nobody ever."), "en"))
    assert incoming(files.srt).read_text(encoding="utf-8") == "working on it"


def test_a_person_who_takes_the_new_ones_gives_the_file_back(files: SubtitleFiles) -> None:
    files.srt.write_text(MINE, encoding="utf-8")
    list(files.write(TWO, said("Nobody at all."), "en"))
    incoming(files.srt).replace(files.srt)
    assert files.edited() == ""
    list(files.write(TWO, said("Nobody at all."), "en"))
    assert list(files.write(ONE, said("Nobody."), "en")) == []
    assert read_srt(files.srt) == said("Nobody.")
    assert not incoming(files.vtt).exists()


def test_a_person_s_webvtt_stays_too(files: SubtitleFiles) -> None:
    files.vtt.write_text("WEBVTT\n\nmine\n", encoding="utf-8")
    assert files.are_current(ONE)
    (told,) = files.write(TWO, said("Nobody."), "en")
    assert "harbour.vtt: you edited it" in told
    assert files.vtt.read_text(encoding="utf-8") == "WEBVTT\n\nmine\n"
    assert "Nobody." in incoming(files.vtt).read_text(encoding="utf-8")


def test_a_file_without_a_record_is_a_person_s(tmp_path: Path) -> None:
    files = SubtitleFiles.beside(tmp_path / "harbour.mp4")
    files.srt.write_text(MINE, encoding="utf-8")
    assert files.edited()
    (told,) = files.write(ONE, said("Nobody."), "en")
    assert "you edited it" in told
    assert files.srt.read_text(encoding="utf-8") == MINE


def test_a_person_s_file_that_is_no_subrip_is_told(files: SubtitleFiles) -> None:
    files.srt.write_text("dear diary\n", encoding="utf-8")
    with pytest.raises(SpecError, match=r"harbour\.srt:1: 'dear diary': expected"):
        list(files.write(ONE, said("Nobody."), "en"))
    assert files.srt.read_text(encoding="utf-8") == "dear diary\n"


def test_what_a_job_wrote_before_it_failed_is_not_a_person_s(files: SubtitleFiles) -> None:
    files.vtt.unlink()
    files.vtt.mkdir()  # the second file can't be written
    with pytest.raises(IsADirectoryError):
        list(files.write(TWO, said("Nobody at all."), "en"))
    assert read_srt(files.srt) == said("Nobody at all.")
    assert not files.are_current(ONE)
    assert not files.are_current(TWO)
    assert files.edited() == ""
    files.vtt.rmdir()
    assert list(files.write(TWO, said("Nobody at all."), "en")) == []
    assert files.are_current(TWO)


def test_without_dialogue_what_vtx_wrote_goes_and_a_person_s_stays(files: SubtitleFiles) -> None:
    files.remove()
    assert names(files) == set()
    files.remove()
    list(files.write(ONE, said("Nobody today."), "en"))
    files.srt.write_text(MINE, encoding="utf-8")
    files.remove()
    assert names(files) == {"harbour.srt"}
    assert files.edited()
