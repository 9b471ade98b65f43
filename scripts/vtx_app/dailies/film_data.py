"""What the dailies show of a film, as plain data: what exists now, and what is still to be made."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vtx_app.dailies.paths import page_path, peaks_path, thumbs_folder
from vtx_app.dailies.peaks import read_peaks
from vtx_app.dailies.prompt_marks import marked_prompt
from vtx_app.dailies.thumbs import FRAMES, existing_thumbs
from vtx_app.formats.renderers import RENDERERS
from vtx_app.media.flac_stamp import read_sound_stamp
from vtx_app.plan.causes import NEW, causes_of, differences
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.estimate import estimate_renders
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.pending import clips_to_render, has_checks
from vtx_app.plan.quality import film_quality, take_findings
from vtx_app.project.notes import notes_of
from vtx_app.review.cut_table import cut_table
from vtx_app.studio.status import ClipStatus, scene_statuses
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["Data", "data_text", "film_data"]

Data = dict[str, Any]

_STATES = ("failed", "rendering", "queued", "interrupted", "approved", "rejected")
"""The states of a clip that the page shows unchanged."""


@dataclass(slots=True)
class _Table:
    """Texts that occur often, each stored once."""

    texts: dict[str, int] = field(default_factory=dict)

    def at(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))


def film_data(plan: FilmPlan) -> Data:
    """Everything that the page of ``plan``'s film shows, as JSON's types. Reads files and writes none.

    Paths are relative to the page's folder, percent-encoded. Raises :class:`vtx_app.errors.VtxError` for faulty files.
    """
    return _FilmData(plan).data()


class _FilmData:
    def __init__(self, plan: FilmPlan) -> None:
        self.plan, self.film = plan, plan.film
        self.page = page_path(plan.film.folder, plan.tier).parent
        self.labels, self.texts = _Table(), _Table()
        self.quality = film_quality(plan)
        self.findings = self.quality.by_clip() if has_checks(plan) else None
        self.thumbs = existing_thumbs(plan.film.folder)
        self.spent, self.spent_on_gpu, self.takes, self.take_bytes = 0.0, 0.0, 0, 0

    def data(self) -> Data:
        plan, film = self.plan, self.film
        by_id = {clip.clip_id: clip for clip in plan.clips.values()}
        clips: list[Data] = []
        scenes: list[Data] = []
        for scene in scene_statuses(plan, self.quality):
            first = len(clips)
            clips += [self._clip(by_id[status.clip], status) for status in scene.clips]
            scenes.append({"id": scene.scene, "title": scene.title, "first": first, "clips": len(scene.clips)})
        places = {clip["id"]: at for at, clip in enumerate(clips)}
        final = plan.final if plan.final is not None and plan.final.path.exists() else None
        return {
            "version": 1,
            "slug": film.slug,
            "title": str(film.settings["title"]),
            "logline": str(film.metadata.logline or ""),
            "tier": plan.tier,
            "renderer": plan.renderer,
            "rate": float(plan.rate),
            "width": int(film.settings["width"]),
            "height": int(film.settings["height"]),
            "frames": plan.timeline.frames,
            "seconds": round(plan.running_time, 3),
            "film": self._url(final.path) if final else "",
            "film_current": final is not None and plan.is_current(final),
            "thumb_frames": FRAMES,
            "thumbs": self._url(thumbs_folder(film.folder)),
            "takes": self._url(film.folder / "renders/takes"),
            "scenes": scenes,
            "clips": clips,
            "left_out": [clip.clip_id for clip in plan.left_out.values()],
            "cut": [
                [line.kind, places.get(line.clip, -1), line.start, line.frames, line.words]
                for line in cut_table(plan.timeline, film.edit, plan.rate)
            ],
            "sound": self._sound(),
            "totals": self._totals(),
            "labels": list(self.labels.texts),
            "texts": list(self.texts.texts),
        }

    def _clip(self, clip: ClipPlan, status: ClipStatus) -> Data:
        spec, request = clip.clip.spec, clip.choice.request
        records = take_records(self.film.folder, clip.clip_id)
        stretches = marked_prompt(request.prompt, clip.take.sources.texts())
        state, why = self._state(clip, status, records)
        shown = clip.clip_id, clip.take.digest
        data = {
            "id": clip.clip_id,
            "spec": clip.clip.stem,
            "title": spec.title,
            "beats": list(spec.story_beats),
            "says": [f"{self._name(line.character)}: {line.line}" for line in spec.prompt.dialogue],
            "seconds": status.seconds,
            "frames": clip.delivery.frames,
            "shot": clip.material.frames,
            "in": clip.delivery.start,
            "state": state,
            "why": why,
            "lapsed": status.lapsed,
            "error": status.error or (status.not_conformed and f"failed to conform: {status.not_conformed}"),
            "prompt": [[self.texts.at(words), self.labels.at(label) if label else -1] for words, label in stretches],
            "negative": self.texts.at(request.negative) if request.negative else -1,
            "seed": request.seed,
            "wanted": clip.choice.wanted,
            "shown": shown[1] if clip.take.exists() else "",
            "video": self._url(clip.path) if clip.path.exists() else "",
            "stale": clip.path.exists() and not self.plan.is_current(clip),
            "takes": [self._take(clip, record) for record in records],
            "asked": [take.request.seed for take in clip.takes if not take.exists()],
            "seeds": status.seeds,
            "checks": list(self._checks(clip, records)),
            "notes": [[note.when, note.take, note.text] for note in notes_of(self.film, clip.clip_id)],
            "continues": clip.parent.clip_id if clip.parent else "",
        }
        return {key: value for key, value in data.items() if value not in ("", [], False)}

    def _checks(self, clip: ClipPlan, records: list[TakeRecord]) -> Iterator[list[Any]]:
        """The failed checks of a clip's takes: the take, what is wrong, and the second of the take where it shows."""
        if self.findings is None:
            return
        for take in records:
            shown = take.digest == clip.take.digest
            found = self.findings.get(clip.clip_id, ()) if shown else take_findings(self.plan, clip, take.digest)
            for each in found:
                place = [] if each.first is None else [round(float(each.first / self.plan.rate), 3)]
                yield [take.digest, f"{each.message} ({each.check})", *place]

    def _name(self, character: str) -> str:
        """What a character is called."""
        known = self.film.bibles.characters.get(character)
        return known.name if known and known.name else character

    def _state(self, clip: ClipPlan, status: ClipStatus, records: list[TakeRecord]) -> tuple[str, list[int]]:
        """The state of a clip in a word, and the labels of what put it out of date."""
        rendered = clip.take.exists()
        why: list[int] = []
        if clip.choice.out_of_date or not rendered:
            causes = causes_of(self.film, clip, self.plan.tier) if records or clip.choice.state != "open" else []
            labels = (f"continues from {cause.parent}" if cause.parent else cause.label for cause in causes)
            why = [self.labels.at(label) for label in dict.fromkeys(labels) if label != NEW]
        if rendered and status.picked:
            return "picked", why
        if status.state in _STATES:
            return status.state, why
        return ("rendered" if rendered else "out of date" if why else "planned"), why

    def _take(self, clip: ClipPlan, take: TakeRecord) -> Data:
        request, digest = take.request, take.digest
        self.takes += 1
        self.take_bytes += take.size
        self.spent += take.seconds or 0.0
        renderer = RENDERERS.get(str(request.get("renderer")))
        if renderer is not None and renderer.needs_gpu:
            self.spent_on_gpu += take.seconds or 0.0
        select = self.film.selects.get(clip.clip_id)
        causes = differences(self.film, clip, take) if digest != clip.choice.wanted else []
        data = {
            "id": digest,
            "seed": request.get("seed"),
            "at": take.rendered_at[:16].replace("T", " "),
            "took": None if take.seconds is None else round(take.seconds, 1),
            "size": take.size,
            "by": str(request.get("renderer", "")),
            "rejected": select is not None and digest in select.rejected,
            "thumb": digest in self.thumbs,
            "differs": list(dict.fromkeys(self.labels.at(cause.label) for cause in causes)),
        }
        return {key: value for key, value in data.items() if value not in ("", [], False, None)}

    def _sound(self) -> Data:
        mix = self.plan.mix
        stamp = read_sound_stamp(mix.path) if mix is not None else None
        if mix is None or stamp is None:
            return {}
        peaks = read_peaks(peaks_path(self.film.folder, stamp))
        return {"stamp": stamp, "current": stamp == mix.stamp, "peaks": peaks}

    def _totals(self) -> Data:
        plan = self.plan
        missing = clips_to_render(plan.clips.values())
        cost = estimate_renders(plan, missing) if missing else None
        return {
            "takes": self.takes,
            "to_render": len(missing),
            "spent": round(self.spent, 1),
            "spent_on_gpu": round(self.spent_on_gpu, 1),
            "expected": round(cost.seconds, 1) if cost else 0.0,
            "unknown": cost.unknown if cost else 0,
            "on_gpu": RENDERERS[plan.renderer].needs_gpu,
            "take_bytes": self.take_bytes,
            "other_bytes": _size_of_made(self.film.folder / "renders"),
        }

    def _url(self, path: Path) -> str:
        return quote(os.path.relpath(path, self.page).replace(os.sep, "/"))


def _size_of_made(folder: Path) -> int:
    """Bytes of everything the build has made except takes and dailies."""
    size = 0
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("takes", "dailies") and not name.startswith(".")]
        for name in files:
            try:
                size += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 - thousands of them
            except OSError:  # renamed in the meantime
                continue
    return size


def data_text(data: Mapping[str, Any]) -> str:
    """``data`` as JSON for an HTML script element: no character of it can end the element or a line."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
