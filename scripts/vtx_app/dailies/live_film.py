"""A film that is shown while people and builds change it."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
from pathlib import Path

from vtx_app.dailies.actions import fresh_plan
from vtx_app.dailies.film_data import Data, data_text
from vtx_app.dailies.page import DailiesPlan, page_html, plan_dailies
from vtx_app.dailies.paths import page_path
from vtx_app.dailies.pictures import make_pictures
from vtx_app.errors import RegistryError
from vtx_app.files import report
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.project.paths import app_home, project_folder
from vtx_app.registry.database import use
from vtx_app.registry.job_rows import newest_jobs
from vtx_app.registry.renders import renders_in_progress
from vtx_app.studio.signature import film_signature, shared_signature

__all__ = ["LiveFilm"]


class LiveFilm:
    """The film ``slug`` in ``tier``, read again when its :meth:`digest` has changed. Raises
    :class:`vtx_app.errors.VtxError` if its files are faulty."""

    def __init__(self, slug: str, tier: str) -> None:
        self.slug, self.tier, self.folder = slug, tier, project_folder(slug)
        self.page = page_path(Path(), tier).as_posix()
        self._lock = threading.Lock()
        self._read: tuple[str, Data] | None = None
        self._pictures = 0
        self._painting = threading.Lock()
        self._tried: set[Path] = set()

    def digest(self) -> str:
        """Changes when the page does: a digest of the film's files, its jobs and the renders in progress."""
        try:
            jobs = sorted(use(lambda db: newest_jobs(db, self.slug)).items())
        except RegistryError:
            jobs = []
        rendering = [(take, each.doing, each.done) for take, each in renders_in_progress(app_home(), self.slug).items()]
        checked = _times(self.folder / "renders/qc")
        files = film_signature(self.folder, shared_signature()) or secrets.token_hex()  # just changed: read it again
        parts = [files, jobs, sorted(rendering), checked, self._pictures]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    def data(self) -> Data:
        """What the page shows now."""
        with self._lock:  # a film of 1,000 shots takes a second to plan
            now = self.digest()
            if self._read is None or self._read[0] != now:
                plan = fresh_plan(self.slug, self.tier)
                dailies = plan_dailies(plan)
                self._read = now, dailies.data
                missing = {*dailies.thumbs, *(dailies.mix or ())[1:]}  # each that fails is tried only once
                if missing - self._tried and self._painting.acquire(blocking=False):
                    self._tried |= missing
                    threading.Thread(target=self._paint, args=(plan, dailies), daemon=True).start()
            return self._read[1]

    def text(self) -> str:
        """The data as JSON."""
        return data_text(self.data())

    def html(self, live: Data) -> str:
        """The page; its program reaches the server through ``live``."""
        return page_html(self.data(), live)

    def _paint(self, plan: FilmPlan, dailies: DailiesPlan) -> None:
        """Make the missing pictures; the page shows them once all exist."""
        try:
            for line in make_pictures(plan, dailies):
                report(line)
        except OSError as error:
            report(f"no thumbnails: {error}")
        finally:
            self._pictures += 1
            self._painting.release()


def _times(folder: Path) -> list[tuple[str, int]]:
    """When what is in ``folder`` last changed, by name."""
    try:
        with os.scandir(folder) as entries:
            return sorted((entry.name, entry.stat().st_mtime_ns) for entry in entries)
    except OSError:
        return []
