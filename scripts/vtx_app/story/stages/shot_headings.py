"""The ``heading`` of each shot's spec (setting, place, time, weather), from the headings of its scene."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vtx_app.formats.time_of_day import time_after
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.story_files import SceneFile

__all__ = ["shot_headings"]


def shot_headings(scenes: Iterable[SceneFile]) -> dict[str, list[dict[str, Any]]]:
    """Scene id → for each heading in its file, what the specs of its shots get: ``{"heading": {…}}``, or nothing.

    ``scenes`` must be in the film's order: ``LATER`` and the like keep the last known time of day.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    time = ""
    for file in scenes:
        found[file.scene] = []
        for scene in read_fountain(file.text).scenes:
            here = time_after(time, scene.time)
            time = here or time
            parts = {"setting": scene.setting, "place": scene.place, "time": here, "weather": scene.weather.lower()}
            heading = {key: value for key, value in parts.items() if value}
            found[file.scene].append({"heading": heading} if heading else {})
    return found
