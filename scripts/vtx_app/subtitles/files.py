"""The subtitle files of a film, ``<slug>.srt`` and ``.vtt`` beside it. A file that a person edited stays.

SubRip has no place for a stamp, so a record beside them, ``<slug>.subtitles.json``, says what they were made from, and
names every text that VTX wrote by its SHA-256: a file with another text is a person's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtx_app.files import display_path, write_text
from vtx_app.media.subtitles import Subtitle, read_srt, srt_text, webvtt_text

__all__ = ["SubtitleFiles"]


@dataclass(frozen=True, slots=True)
class SubtitleFiles:
    """``srt``, ``vtt`` and their ``record``."""

    srt: Path
    vtt: Path
    record: Path

    @classmethod
    def beside(cls, final: Path) -> SubtitleFiles:
        """The subtitle files of the film at ``final``."""
        return cls(final.with_suffix(".srt"), final.with_suffix(".vtt"), final.with_suffix(".subtitles.json"))

    def are_current(self, stamp: str) -> bool:
        """Whether both files exist and were made from what ``stamp`` says, a person's edit of the ``.srt`` included."""
        record = self._read()
        made = record.get("stamp") == stamp and record.get("shown") == (_digest(self.srt) or 0)
        return made and self.vtt.is_file()

    def edited(self) -> str:
        """The SHA-256 of the ``.srt`` if a person wrote it; ``""`` if VTX did, or there is none."""
        digest = _digest(self.srt)
        return digest if digest and digest not in self._made() else ""

    def write(self, stamp: str, subtitles: Sequence[Subtitle], language: str) -> Iterator[str]:
        """Write the files as ``stamp`` says, and their record last; yield a line for each file that stays a person's.

        The ``.vtt`` says what the ``.srt`` says, also a person's. New subtitles for a file that a person edited are
        written beside it, as ``<slug>.incoming.srt``, unless those are the ones that they edited. Raises
        :class:`vtx_app.errors.SpecError` if a person's ``.srt`` can't be read, :class:`OSError`.
        """
        before = self._read()
        texts = {self.srt: srt_text(subtitles)}
        shown = read_srt(self.srt) if self.edited() else subtitles
        texts[self.vtt] = webvtt_text(shown, language)
        new = {path: _text_digest(text) for path, text in texts.items()}
        # Recorded first, so that after a kill the file is known to be ours.
        write_text(self.record, _json({**before, "stamp": "", "made": sorted({*self._made(), *new.values()})}))
        for path, text in texts.items():
            yield from self._write_one(path, text, offered=before.get(path.suffix) == new[path])
        kept = [_digest(incoming) for path in texts if (incoming := _incoming(path)).exists()]
        offered = {path.suffix: digest for path, digest in new.items()}
        made = sorted({*new.values(), *(digest for digest in kept if digest and digest in self._made())})
        write_text(self.record, _json({"stamp": stamp, "shown": _digest(self.srt), "made": made, **offered}))

    def remove(self) -> None:
        """Remove the files that VTX wrote, once nobody speaks in the film. Files that a person edited stay."""
        made = self._made()
        for path in (self.srt, self.vtt, _incoming(self.srt), _incoming(self.vtt)):
            if _digest(path) in made:
                path.unlink()
        self.record.unlink(missing_ok=True)

    def _write_one(self, path: Path, text: str, *, offered: bool) -> Iterator[str]:
        digest, incoming = _digest(path), _incoming(path)
        if not digest or digest in self._made():
            if digest != _text_digest(text):
                write_text(path, text)
            if _digest(incoming) in self._made():
                incoming.unlink()
            return
        if offered and not incoming.exists():
            return  # the person edited exactly these subtitles
        if not incoming.exists() or _digest(incoming) in self._made():  # otherwise a person is working in it
            write_text(incoming, text)
        yield (
            f"{display_path(path)}: you edited it: it stays, and the film shows it; the new subtitles are in "
            f"{incoming.name} beside it. Take what you want from that, and delete it"
        )

    def _made(self) -> set[str]:
        made = self._read().get("made")
        return {str(digest) for digest in made} if isinstance(made, list) else set()

    def _read(self) -> dict[str, Any]:
        try:
            record = json.loads(self.record.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return record if isinstance(record, dict) else {}


def _incoming(path: Path) -> Path:
    return path.with_name(f"{path.stem}.incoming{path.suffix}")


def _json(record: dict[str, Any]) -> str:
    return json.dumps({"version": 1, **record}, indent=1) + "\n"


def _digest(path: Path) -> str:
    """The SHA-256 of the file; ``""`` if it is missing."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
