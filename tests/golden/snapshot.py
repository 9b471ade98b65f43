"""What the films of ``tests/golden`` are made from: every request and digest, every stamp, every command line."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.film import REPO, write_film
from vtx_app.compile.request import RenderRequest, canonical_json
from vtx_app.formats.pipelines import CHECKPOINTS, MODEL_VARIABLES, TRANSFORMERS
from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.project.paths import TIERS
from vtx_app.render.ltx.call import LocalFiles, compile_call
from vtx_app.render.ltx.package import LtxPackage

__all__ = ["DATA", "FILMS", "differences", "later_commands", "snapshot", "text_of"]

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
PARTS = TRANSFORMERS | {"LTX_TEXT_ENCODER_PATH", "LTX_VIDEO_VAE_PATH", "LTX_AUDIO_VAE_PATH"}
"""The variables of the layout of one file a part."""

LORAS = ("path:loras/look.safetensors", "path:loras/steam.safetensors")


# -- the films ------------------------------------------------------------------------------------------------


def _fingerprint(slot: str) -> str:
    return f"sha256-sampled:{hashlib.sha256(slot.encode()).hexdigest()}"


def lock(film: Path, *, split: bool = False, quantization: str | None = None) -> None:
    """Lock ``film`` to models with fixed fingerprints, none of which exists."""
    other_layout = CHECKPOINTS | {"LTX_GEMMA_ROOT"} if split else PARTS
    slots = [slot for slot in (*MODEL_VARIABLES, *LORAS) if slot not in other_layout]
    lines = ["version: 1", *([f"quantization: {quantization}"] if quantization else []), "models:"]
    lines += [f'  "{slot}": "{_fingerprint(slot)}"' for slot in slots]
    (film / "film.lock.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _copied(film: Path, source: Path) -> None:
    shutil.copytree(source, film)
    lock(film)


def _rendered_by_ltx(film: Path) -> None:
    metadata = film / "metadata.yaml"
    text = metadata.read_text(encoding="utf-8")
    assert "renderer: animatic" in text
    metadata.write_text(text.replace("renderer: animatic", "renderer: ltx"), encoding="utf-8")


def _lighthouse(film: Path) -> None:
    _copied(film, HERE / "films/lighthouse")


def _lighthouse_by_ltx(film: Path) -> None:
    _lighthouse(film)
    _rendered_by_ltx(film)


def _harbour(film: Path) -> None:
    write_film(film.parents[1])
    shutil.copy2(HERE / "films/pipelines/inputs/reference_images/boat.png", film / "inputs/reference_images/ivo.png")
    lock(film)


def _harbour_by_ltx(film: Path) -> None:
    _harbour(film)
    _rendered_by_ltx(film)


def _pipelines(film: Path) -> None:
    _copied(film, HERE / "films/pipelines")


def _pipelines_one_file_a_part(film: Path) -> None:
    _pipelines(film)
    lock(film, split=True, quantization="fp8-cast")


@dataclass(frozen=True)
class GoldenFilm:
    """The film ``slug``, which ``write`` writes into its folder, planned in ``tiers``."""

    slug: str
    write: Callable[[Path], None]
    tiers: tuple[str, ...] = TIERS
    commands: bool = False


FILMS = {
    "lighthouse": GoldenFilm("lighthouse", _lighthouse),
    "lighthouse_ltx": GoldenFilm("lighthouse", _lighthouse_by_ltx, ("final",)),
    "harbour": GoldenFilm("harbour", _harbour),
    "harbour_ltx": GoldenFilm("harbour", _harbour_by_ltx, ("final",)),
    "pipelines": GoldenFilm("pipelines", _pipelines, commands=True),
    "pipelines_split": GoldenFilm("pipelines", _pipelines_one_file_a_part, ("final", "draft"), commands=True),
}


# -- what they are made from ------------------------------------------------------------------------------------


def snapshot(name: str, root: Path) -> dict[str, Any]:
    """Write the film ``name`` under the empty folder ``root``, and return everything its plans decide, as JSON data.

    ``requests``: digest → request. ``tiers``: by tier the clips, acts and the final. ``commands``: digest → arguments
    of each LTX take, by version of ltx-pipelines.
    """
    film = _written(name, root)
    requests: dict[str, Any] = {}
    commands: dict[str, Any] = {}
    tiers: dict[str, Any] = {}
    for tier in film.tiers:
        plan = plan_film(film.slug, tier)
        tiers[tier] = _tier(plan)
        for digest, request in _requests(plan):
            requests[digest] = json.loads(canonical_json(request))
            if film.commands and request.renderer == "ltx":
                commands[digest] = _commands(request)
    return {"requests": requests, "tiers": tiers, "commands": commands}


def _written(name: str, root: Path) -> GoldenFilm:
    """Write the film ``name`` and the configuration under ``root``, and go there."""
    film = FILMS[name]
    film.write(root / "projects" / film.slug)
    shutil.copytree(REPO / "config", root / "config", ignore=shutil.ignore_patterns("*.env"), dirs_exist_ok=True)
    os.chdir(root)
    return film


def _requests(plan: FilmPlan) -> Iterator[tuple[str, RenderRequest]]:
    for clip in plan.clips.values():
        yield clip.choice.wanted, clip.choice.request
        yield from clip.choice.candidates


def _tier(plan: FilmPlan) -> dict[str, Any]:
    final = plan.final
    assert final is not None
    return {
        "renderer": plan.renderer,
        "rate": str(plan.rate),
        "clips": {clip.clip_id: _clip(plan, clip) for clip in plan.clips.values()},
        "cut": {
            "frames": plan.timeline.frames,
            "inserts": {name: insert.stamp for name, insert in plan.inserts.items()},
            "mix": plan.mix.stamp if plan.mix else None,
            "poster": plan.poster.stamp if plan.poster else None,
        },
        "acts": {act.name: {"stamp": act.stamp, "path": _path(plan, act.path)} for act in plan.acts.values()},
        "final": {
            "stamp": final.stamp,
            "path": _path(plan, final.path),
            "manifest": _path(plan, final.manifest),
            "chapters": [[scene.title, scene.start, scene.end] for scene in final.chapters],
        },
    }


def _clip(plan: FilmPlan, clip: ClipPlan) -> dict[str, Any]:
    """``digest`` is of the take that the clip shows, ``requested`` of the one that its spec asks for."""
    return {
        "digest": clip.take.digest,
        "requested": clip.choice.wanted,
        "candidates": [digest for digest, _ in clip.choice.candidates],
        "state": clip.choice.state,
        "take": _path(plan, clip.take.path),
        "parent": clip.parent.take.digest if clip.parent else None,
        "delivery": json.loads(canonical_json(clip.delivery)),
        "stamp": clip.stamp,
        "path": _path(plan, clip.path),
    }


def _path(plan: FilmPlan, path: Path) -> str:
    return path.relative_to(plan.film.folder).as_posix()


def later_commands(name: str, root: Path) -> list[tuple[str, str, list[str]]]:
    """Version, pipeline and arguments of each take of the film ``name``, which is written under ``root``, for the
    versions that came after its takes; without those of ``dfr_pipeline``, which is another from 1.3 on."""
    film = _written(name, root)
    requests = {digest: each for tier in film.tiers for digest, each in _requests(plan_film(film.slug, tier))}
    return [
        (version, request.pipeline, argv)
        for request in requests.values()
        if request.renderer == "ltx" and request.pipeline != "dfr_pipeline"
        for version, argv in _commands(request, ("1.3.0", "1.4.0")).items()
    ]


def _commands(request: RenderRequest, versions: Sequence[str] | None = None) -> dict[str, list[str]]:
    """The arguments of the request's pipeline by version of the package, with made-up paths; by default of those that
    there were when the films were locked."""
    models = {model.slot: Path("/models", model.slot) for model in request.models}
    loras = {lora.fingerprint: Path("/loras", lora.fingerprint[-12:]) for lora in request.loras}
    contents = (request.video, request.mask, request.audio, *(image.sha256 for image in request.images))
    continued, tail = request.continue_from is not None, request.continue_frames is not None
    files = LocalFiles(
        models,
        loras,
        {sha256: Path("/inputs", sha256[:12]) for sha256 in contents if sha256},
        first_frame=Path("/made/first.png") if continued and not tail else None,
        tail=Path("/made/tail.mp4") if tail else None,
        sound=Path("/made/sound.wav") if request.audio else None,
    )
    split = any(model.slot in PARTS for model in request.models)
    old = not split and request.pipeline != "dfr_pipeline" and not (request.pipeline == "retake" and request.loras)
    if versions is None:
        versions = ("1.0.0", "1.2.0") if old else ("1.2.0",)
    out = Path("/made/take.mp4")
    return {version: compile_call(request, files, out, LtxPackage.parse(version)).argv() for version in versions}


def text_of(data: dict[str, Any]) -> str:
    """The text of a file of ``DATA``."""
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


# -- comparing ----------------------------------------------------------------------------------------------------


def differences(golden: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """A line for every value that differs, with both values. A changed digest also lists the fields of its request."""
    lines: list[str] = []
    for tier in sorted({*golden["tiers"], *now["tiers"]}):
        old, new = golden["tiers"].get(tier, {}), now["tiers"].get(tier, {})
        clips = old.get("clips", {}), new.get("clips", {})
        if list(clips[0]) != list(clips[1]):
            lines.append(f"{tier}: the clips are {list(clips[1])}; expected {list(clips[0])}")
        for clip_id in (clip_id for clip_id in clips[0] if clip_id in clips[1]):
            digests = clips[0][clip_id]["requested"], clips[1][clip_id]["requested"]
            if digests[0] != digests[1]:
                requests = golden["requests"][digests[0]], now["requests"][digests[1]]
                fields = list(_compare("", *requests)) or [
                    ": no field differs, so the digest itself is computed in another way"
                ]
                lines += [f"{tier} {clip_id}: request{field}" for field in fields]
        lines += [f"{tier}{line}" for line in _compare("", old, new)]
    lines += [f"commands{line}" for line in _compare("", golden["commands"], now["commands"])]
    return lines


def _compare(key: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from _compare(f"{key} {name}", old.get(name), new.get(name))
    elif old != new:
        yield f"{key}: {new!r}; expected {old!r}"
