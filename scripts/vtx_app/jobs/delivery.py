"""Make a version of the film as it is declared.

``python -m vtx_app.jobs.delivery --project lighthouse --tier final --file lighthouse.web.mp4``
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vtx_app.cut.version_record import checksum_path, record_path, write_record
from vtx_app.errors import PlanMovedError
from vtx_app.files import report
from vtx_app.formats.language import iso_639_2
from vtx_app.formats.rate import has_time_code
from vtx_app.formats.time_code import film_time_code
from vtx_app.jobs.output_files import hold, replace
from vtx_app.jobs.run import log_lines, run
from vtx_app.jobs.sign import sign_if_asked
from vtx_app.jobs.sources import font_fault, require_current
from vtx_app.plan.deliveries import DeliveryPlan, delivery_of_file, film_deliveries
from vtx_app.plan.film_plan import FilmPlan, FinalPlan
from vtx_app.plan.mix_file import MixFile
from vtx_app.plan.planner import plan_film
from vtx_app.registry.jobs import record_job
from vtx_app.sound.report import SoundReport, read_report

if TYPE_CHECKING:
    from vtx_app.cut.review_band import ReviewBand
    from vtx_app.media.labels import Labels
    from vtx_app.media.version_writer import Attachment
    from vtx_app.sound.to_loudness import Level

__all__ = ["make_delivery"]

_MIME_TYPES = {".srt": "application/x-subrip", ".json": "application/json"}

_TOLERANCE = 0.5
"""LU by which a delivery may miss its loudness without a warning (EBU R128)."""


def make_delivery(options: argparse.Namespace) -> None:
    """Make the delivery whose file is called ``options.file``."""
    with record_job("cut", options.project, options.file, tier=options.tier):
        plan = plan_film(options.project, options.tier)
        delivery = delivery_of_file(film_deliveries(plan), options.file)
        with hold(delivery.path):
            require_current(delivery.parts)
            with replace(delivery.path) as part:
                made = _Version(plan, delivery).write(part)
                if delivery.deliverable.picture is not None:
                    sign_if_asked(plan, part)  # what is appended afterwards would break the signature
                for beside in (record_path(delivery.path), checksum_path(delivery.path)):
                    beside.unlink(missing_ok=True)  # they describe the file that is replaced now
            write_record(delivery.path, delivery.stamp, made, checksum=delivery.deliverable.sha256)
        log_lines(options.log, [f"{key}: {value}" for key, value in made.items()])


class _Version:
    """One delivery to be made. The codecs load with its methods, after planning."""

    def __init__(self, plan: FilmPlan, delivery: DeliveryPlan) -> None:
        self._plan, self._delivery, self._deliverable = plan, delivery, delivery.deliverable
        self._mix, self._final = _made(plan.mix), _made(plan.final)
        self._frames, self._rate = plan.timeline.frames, plan.rate

    def write(self, part: Path) -> dict[str, Any]:
        """Write it to ``part`` and return what is measured, for its record."""
        from vtx_app.cut.version import make_sound_version
        from vtx_app.media.codec import samples_for
        from vtx_app.media.sound_blocks import sound_blocks
        from vtx_app.sound.mix import stem

        report = read_report(self._mix.report)
        if report is None:
            raise PlanMovedError(f"{self._mix.report} can't be read. Delete {self._mix.path} and run the build again")
        samples = samples_for(self._frames, self._rate)
        if self._delivery.stem is not None:
            sound = stem(self._mix.plan, self._delivery.stem, report.gain_db)
            make_sound_version(part, self._deliverable, sound, samples)
            return {"gain_db": report.gain_db}
        level = self._level(report)
        sound = sound_blocks(self._mix.path)
        if level is not None:
            sound = level.apply(sound)
        if self._deliverable.picture is None:
            make_sound_version(part, self._deliverable, sound, samples)
        else:
            self._write_film(part, sound)
        after = level.after if level else report.after
        return {
            "gain_db": round(level.gain_db, 2) if level else 0.0,
            "loudness": None if after.loudness is None else round(after.loudness, 2),
            "true_peak": None if after.true_peak is None else round(after.true_peak, 2),
        }

    def _level(self, measured: SoundReport) -> Level | None:
        """The level of the delivery's sound; None if it is the mix as it is."""
        from vtx_app.media.sound_blocks import sound_blocks
        from vtx_app.sound.to_loudness import level_for

        asked = self._deliverable.sound
        if asked.loudness is None:
            return None
        peak = -1.0 if asked.peak is None else asked.peak
        level = level_for(lambda: sound_blocks(self._mix.path), measured.after, asked.loudness, peak)
        if level.after.loudness is not None and abs(level.after.loudness - asked.loudness) > _TOLERANCE:
            missed = f"{level.after.loudness:.1f} LUFS, not {asked.loudness:g}"
            advice = "lower the gain_db of its loudest sounds in the edit"
            report(f"{self._delivery.path.name}: {missed}, with peaks up to {peak:g} dBTP: {advice}")
        return level

    def _write_film(self, part: Path, sound: Any) -> None:
        from vtx_app.cut.join import Piece, join
        from vtx_app.cut.version import Picture, make_version
        from vtx_app.media.xmp import append_xmp, xmp_packet

        labels = self._labels()
        framing = self._delivery.framing
        assert framing is not None, "a delivery with a picture has a framing"  # noqa: S101
        if self._deliverable.picture is not None and self._deliverable.picture.codec == "copy":
            pieces = [Piece(self._final.path, self._frames)]
            join(pieces, part, rate=self._rate, sound=sound, labels=labels)
        else:
            band = self._band(framing.width, framing.height)
            picture = Picture(self._final.path, self._frames, self._rate, framing, self._delivery.crops, band)
            make_version(part, self._deliverable, picture, sound, labels=labels, attachments=self._attachments())
        if self._deliverable.container == "mp4":
            append_xmp(part, xmp_packet(self._final.title, self._final.disclosure))

    def _band(self, width: int, height: int) -> ReviewBand | None:
        if self._delivery.burned_in is None:
            return None
        from vtx_app.cut.review_band import ReviewBand
        from vtx_app.fonts import FONT

        file = self._plan.film.slate_font or FONT
        try:
            return ReviewBand(self._delivery.burned_in, width, height, self._rate, file)
        except OSError as error:
            raise font_fault(file, error) from error

    def _labels(self) -> Labels:
        from vtx_app.media.labels import Labels
        from vtx_app.media.reader import open_film
        from vtx_app.media.subtitles import in_frames, read_srt

        with open_film(self._final.path) as container:
            created = container.metadata.get("creation_time", "")
        subtitles = self._plan.subtitles if self._deliverable.subtitles else None
        coded = has_time_code(self._rate) and self._deliverable.container == "mov"
        return Labels(
            {"title": self._final.title} | ({"creation_time": created} if created else {}),
            language=iso_639_2(self._final.language),
            chapters=self._final.chapters if self._deliverable.chapters else (),
            subtitles=in_frames(read_srt(subtitles.path), self._rate, self._frames) if subtitles else (),
            poster=self._plan.poster.path.read_bytes() if self._plan.poster else None,
            time_code=film_time_code(0, self._rate) if coded else "",
        )

    def _attachments(self) -> list[Attachment]:
        from vtx_app.media.version_writer import Attachment

        subtitles = self._plan.subtitles
        files = {"subtitles": subtitles.path if subtitles else None, "manifest": self._final.manifest}
        wanted = [path for name in self._deliverable.attach if (path := files[name])]
        return [Attachment(path.name, _MIME_TYPES[path.suffix], path.read_bytes()) for path in wanted]


def _made(part: FinalPlan | MixFile | None) -> Any:
    if part is None:
        raise PlanMovedError("the film has no clips any more. Run the build again")
    return part


if __name__ == "__main__":
    sys.exit(run(make_delivery, "Make a version of the film as it is declared.", ["tier", "file"]))
