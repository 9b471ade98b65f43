"""Films that the real LTX-2 renders with tiny random models, on whatever machine the tests run on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kit import warm
from kit.film import TESTS, Film, spec, write_film
from kit.warm import SHIM

try:
    LTX: tuple[int, ...] = tuple(int(part) for part in version("ltx-pipelines").split(".")[:2])
except PackageNotFoundError:
    LTX = ()
"""The version of ltx-pipelines that is installed, as (major, minor); empty where there is none."""

MONOLITH = ("LTX_CHECKPOINT_PATH", "LTX_DISTILLED_CHECKPOINT_PATH", "LTX_GEMMA_ROOT")
SPLIT = (
    "LTX_TRANSFORMER_PATH",
    "LTX_DISTILLED_TRANSFORMER_PATH",
    "LTX_TEXT_ENCODER_PATH",
    "LTX_VIDEO_VAE_PATH",
    "LTX_AUDIO_VAE_PATH",
)
LORAS = """\
version: 1
bundles:
  core: [{env_path: LTX_DISTILLED_LORA_PATH, weight: 0.8}]
  a: [{env_path: LTX_STYLE_A_LORA, weight: 0.7}]
  b: [{env_path: LTX_STYLE_B_LORA, weight: 0.7}]
"""


@dataclass
class LtxFilm(Film):
    """A film whose renderer is ltx, in a folder of its own."""

    models: Mapping[str, Path] | None = None
    home: Path | None = None

    def environment(self, env: dict[str, str] | None = None) -> dict[str, str]:
        """No other test's leases, the CPU shim that 1.0.0 needs, and one thread: others run beside."""
        own = {"TMPDIR": str(self.home), "CUDA_VISIBLE_DEVICES": "0"}
        return super().environment(with_ltx() | own | (env or {}))

    def records(self) -> dict[str, list[dict[str, Any]]]:
        """Clip id → the records of its takes, in the order they were rendered."""
        found: dict[str, list[dict[str, Any]]] = {}
        takes = (self.folder / "renders" / "takes").glob("*/*.json")
        for path in sorted(takes, key=lambda path: path.stat().st_mtime_ns):
            found.setdefault(path.parent.name, []).append(json.loads(path.read_text()))
        return found


def with_ltx() -> dict[str, str]:
    """Variables of what uses the real LTX-2: :mod:`kit.warm` forks it from a process that has imported it."""
    path = os.pathsep.join(filter(None, [str(SHIM), os.environ.get("PYTHONPATH")]))
    return {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}


def run_with_ltx(*words: str) -> str:
    """Run ``python -m <words>`` in the folder of the tests, with LTX-2 imported. Returns what it prints."""
    done = warm.run(words, TESTS, os.environ | with_ltx())
    assert done.returncode == 0, done.stdout
    return done.stdout


def write_ltx_film(
    root: Path, models: Mapping[str, Path], clips: Mapping[str, str], *, layout: Iterable[str] = MONOLITH
) -> LtxFilm:
    """An unbuilt film of ``clips`` (file stem → spec) at 128×96 and 8 frames per second, a clip of 9 frames."""
    slug = "harbour"
    written = write_film(root, slug)
    for old in (written.folder / "prompts/clips").glob("*.yaml"):
        old.unlink()
    home = root / "tmp"
    home.mkdir(exist_ok=True)
    film = LtxFilm(root, slug, models, home)
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.write("prompts/loras.yaml", LORAS)
    for stem, text in clips.items():
        film.write(f"prompts/clips/{stem}.yaml", text)
    both = {*MONOLITH, *SPLIT}
    kept = {name: path for name, path in models.items() if name not in both or name in layout}
    (root / "config" / "models.env").write_text("".join(f"{name}={path}\n" for name, path in kept.items()))
    return film


def shot(clip_id: str, action: str = "The quay at dawn.", **parts: Any) -> str:
    """A spec of one second with two steps of denoising; ``parts`` are merged in."""
    render = {"duration": {"mode": "fixed", "seconds": 1.0}, "seed": 7, "steps": 2, "guidance_scale": 3.0}
    render |= parts.pop("render", {})
    for name in [name for name, value in render.items() if value is None]:
        del render[name]
    text = spec(clip_id, "A shot", action, **parts)
    import yaml

    data = yaml.safe_load(text)
    data["render"] = render
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def take_argv(film: LtxFilm) -> dict[str, list[str]]:
    """Clip id → the command of the job that renders its missing take, as the plan has it."""
    code = (
        "import json, sys\n"
        "from vtx_app.plan.planner import plan_film\n"
        "plan = plan_film(sys.argv[1], 'final')\n"
        "missing = [clip for clip in plan.clips.values() if not clip.take.exists()]\n"
        "print(json.dumps([[clip.clip_id, clip.take.digest] for clip in missing]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, film.slug], cwd=film.root, env=film.environment(), capture_output=True, check=True
    )
    job = [sys.executable, "-m", "vtx_app.jobs.take", f"--project={film.slug}", "--tier=final"]
    return {clip_id: [*job, f"--clip={clip_id}", f"--digest={digest}"] for clip_id, digest in json.loads(done.stdout)}
