"""Write the folder that an editor opens: ``python -m vtx_app.jobs.handover --project lighthouse --tier final``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from vtx_app.errors import PlanMovedError
from vtx_app.files import display_path, report, write_text
from vtx_app.formats.deliveries import Deliverable
from vtx_app.formats.rate import has_time_code
from vtx_app.formats.time_code import film_time_code
from vtx_app.handover.model import Media
from vtx_app.handover.record import Record, read_record
from vtx_app.jobs.output_files import hold, replace
from vtx_app.jobs.run import run
from vtx_app.jobs.sources import takes_heard
from vtx_app.plan.handover import HandoverPlan, plan_handover
from vtx_app.plan.planner import plan_film
from vtx_app.registry.jobs import record_job
from vtx_app.sound.report import read_report
from vtx_app.takes.store import require_whole

_STEM = {"container": "wav", "sound": {"codec": "pcm", "bits": 24}}


def hand_over(options: argparse.Namespace) -> None:
    """Write what is missing of the hand-over or stale: media that are there are not written again."""
    with record_job("cut", options.project, "handover", tier=options.tier):
        film = plan_film(options.project, options.tier)
        plan = plan_handover(film)
        with hold(plan.path):
            _HandOver(plan).write()


class _HandOver:
    """One folder being written. The codecs load with its methods, after planning."""

    def __init__(self, plan: HandoverPlan) -> None:
        self._plan, self._record = plan, read_record(plan.path)

    def write(self) -> None:
        """Media first, the lists that name them last. A killed job's complete files stay, its half ones go."""
        for part in self._plan.folder.glob("*/.*.part.*"):
            part.unlink()
        self._record.begin(self._plan.stamps)
        for media in self._plan.cut.media:
            self._make(media.file, partial(self._media, media))
        for name, source in self._plan.music.items():
            self._make(name, partial(_copy, source))
        for name in self._plan.stems:
            self._make(name, partial(self._stem, name))
        lists = self._lists()
        self._clear({*self._plan.stamps, *lists})
        for name, text in lists.items():
            self._write_list(name, text)
        self._record.finish(self._plan.stamp)

    def _make(self, name: str, make: Callable[[Path], None]) -> None:
        stamp, path = self._plan.stamps[name], self._plan.folder / name
        if self._record.holds(name, stamp):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with replace(path) as part:
            make(part)
        self._record.add(name, stamp)

    def _media(self, media: Media, part: Path) -> None:
        from vtx_app.media.editing_file import write_editing_file

        take = self._plan.takes[media.file]
        if not take.exists():
            raise PlanMovedError(f"{media.clip_id}: its take is not rendered yet. Run the build again")
        require_whole(take)
        rate = self._plan.cut.rate
        code = film_time_code(0, rate) if has_time_code(rate) else ""
        write_editing_file(take, part, rate=rate, frames=media.frames, time_code=code, reel=media.reel)

    def _stem(self, name: str, part: Path) -> None:
        from vtx_app.cut.version import make_sound_version
        from vtx_app.media.codec import samples_for
        from vtx_app.sound.mix import stem

        mix, cut = self._plan.mix, self._plan.cut
        measured = read_report(mix.report) if mix.is_current() else None
        if measured is None:
            raise PlanMovedError(f"{display_path(mix.path)} is out of date. Run the build again")
        with takes_heard(mix.plan):
            sound = stem(mix.plan, self._plan.stems[name], measured.gain_db)
            deliverable = Deliverable.model_validate({"about": "stem", **_STEM})
            make_sound_version(part, deliverable, sound, samples_for(cut.frames, cut.rate))

    def _lists(self) -> dict[str, str]:
        """The text of every list, by its name."""
        from vtx_app.handover.ale import ale_text
        from vtx_app.handover.edl import edl_notes, edl_text
        from vtx_app.handover.fcpxml import fcpxml_notes, fcpxml_text
        from vtx_app.handover.otio_file import otio_text
        from vtx_app.handover.readme import readme_text
        from vtx_app.handover.xmeml import xmeml_notes, xmeml_text

        cut, allowed = self._plan.cut, self._plan.lists
        writers: dict[str, Callable[[], str]] = {
            ".otio": lambda: otio_text(cut),
            ".xml": lambda: xmeml_text(cut),
            ".fcpxml": lambda: fcpxml_text(cut),
            ".edl": lambda: edl_text(cut),
            ".ale": lambda: ale_text(cut.media, cut.rate, cut.height),
        }
        texts = {f"{cut.slug}{suffix}": writers[suffix]() for suffix in allowed}
        if subtitles := self._plan.subtitles:
            for source in (subtitles.files.srt, subtitles.files.vtt):
                texts[source.name] = source.read_text(encoding="utf-8")
        notes = {".xml": xmeml_notes, ".fcpxml": fcpxml_notes, ".edl": edl_notes}
        files = [*self._plan.stamps, *texts]
        lines = {suffix: note(cut) for suffix, note in notes.items() if suffix in allowed}
        return texts | {"README.txt": readme_text(cut, files, lines)}

    def _write_list(self, name: str, text: str) -> None:
        path, new = self._plan.folder / name, text.encode()
        if self._record.is_edited(name) and path.read_bytes() != new:
            kept = _free(path)
            path.rename(kept)
            report(f"{display_path(path)}: you edited it: it is {kept.name} now")
        if not path.is_file() or path.read_bytes() != new:
            self._record.expect(name, new)
            write_text(path, text)
        self._record.add(name, self._plan.stamp, text=True)

    def _clear(self, wanted: set[str]) -> None:
        """Remove what was handed over and no longer is: rejected takes, music that was taken out."""
        for name in [each for each in self._record.files if each not in wanted]:
            facts = self._record.files.pop(name)
            path = self._plan.folder / name
            ours = "sha256" not in facts or not Record(self._plan.path, files={name: facts}).is_edited(name)
            if ours and path.is_file() and path.stat().st_size == facts.get("bytes"):
                path.unlink()


def _copy(source: Path, part: Path) -> None:
    import shutil

    shutil.copyfile(source, part)


def _free(path: Path) -> Path:
    """A name beside ``path`` that nothing has."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.edited{number}{path.suffix}")).exists():
        number += 1
    return kept


if __name__ == "__main__":
    sys.exit(run(hand_over, "Write the folder that an editor opens.", ["tier"]))
