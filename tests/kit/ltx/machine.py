"""A film for LTX-2 on a machine with hand-made models, and what preflight finds wrong with its takes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from kit.gpus import gpu, write_nvidia_smi
from kit.ltx.handmade import handmade_models
from kit.ltx.requests import everything
from vtx_app.compile.request import RenderRequest
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.pipelines import model_slots
from vtx_app.models.fingerprint import model_fingerprint
from vtx_app.models.locked import LockedModels
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.preflight.models import PlannedTake
from vtx_app.render.ltx.preflight.problems import find_problems

__all__ = ["CHECKPOINT", "Machine", "install_gpus", "plain_request"]

NEW = LtxPackage((1, 2))
CHECKPOINT = "LTX_CHECKPOINT_PATH"


def plain_request(pipeline: str, **changes: Any) -> RenderRequest:
    """A request that any machine can do, but for its models."""
    plain: dict[str, Any] = {"prompt": "A quay.", "quantization": None, "loras": (), "options": None}
    return replace(everything(pipeline, NEW), **(plain | changes))


class Machine:
    """A film's folder, and the models that this machine has."""

    def __init__(self, folder: Path) -> None:
        self.film = folder / "harbour"
        self.film.mkdir()
        self.models = dict(handmade_models(folder / "models"))
        self.more: dict[str, str] = {}

    def problems(self, *pipelines: str, loras: tuple[str, ...] = (), **changes: Any) -> list[str]:
        """Return the problems of a take of each of these pipelines."""
        model_fingerprint.cache_clear()
        takes = []
        for index, pipeline in enumerate(pipelines or ("ti2vid_one_stage",)):
            slots = dict.fromkeys((*model_slots(pipeline, split=False), *loras), "sha256-sampled:0")
            takes.append(PlannedTake(f"clip{index}.yaml", plain_request(pipeline, **changes), slots))
        return self.problems_of(*takes)

    def problems_of(self, *takes: PlannedTake) -> list[str]:
        variables = {name: str(path) for name, path in self.models.items()} | self.more
        return find_problems(takes, LockedModels(self.film, FilmLock(), variables))

    def problem(self, *pipelines: str, loras: tuple[str, ...] = (), **changes: Any) -> str:
        """Return the only problem."""
        (line,) = self.problems(*pipelines, loras=loras, **changes)
        assert "\n" not in line
        return line

    def record(self, name: str, take: bytes | None = None, **facts: Any) -> None:
        """A take that was rendered before, and its record."""
        folder = self.film / "renders/takes/A01_S01_SH001"
        folder.mkdir(parents=True, exist_ok=True)
        document = {"clip_id": "A01_S01_SH001", "digest": name, **facts}
        (folder / f"{name}.json").write_text(json.dumps(document))
        if take is not None:
            (folder / f"{name}.mp4").write_bytes(take)


def install_gpus(folder: Path, *mebibytes: str) -> None:
    """A machine with GPUs of that much memory."""
    write_nvidia_smi(folder / "bin", *(gpu(number, size) for number, size in enumerate(mebibytes)))
