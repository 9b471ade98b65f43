"""A tiny real film in a folder of its own, for the real Snakefile, with real files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from kit import warm

TESTS = Path(__file__).resolve().parents[1]
REPO = TESTS.parent
SETTINGS = ("VTX_", "LTX_", "PROJECT_", "OPENAI_")
"""How the variables begin that decide what VTX does."""

METADATA = """\
# the film
project_id: 6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11
slug: harbour
title: "Harbour"   # working title
logline: "Nobody comes, then somebody does."
acts_enabled: true
default_pipeline: ti2vid_one_stage
default_resolution: {width: 128, height: 96}
fps: 8
style_profile: day
renderer: animatic
created_at: 2026-01-05T09:00:00Z
updated_at: 2026-01-06T09:00:00Z
"""
STYLE = """\
version: 1
global_prefix: "35mm film, soft grain"
global_negative: "text, watermark"
profiles:
  day: {prefix: "Clear northern daylight", negative: "night"}
  dream: {prefix: "Milky, slow, overexposed", negative: ""}
"""
CHARACTERS = """\
version: 1
characters:
  mara:
    name: Mara
    description: "A ferrywoman of fifty, grey braid, weathered hands"
    wardrobe:
      oilskin: "in a yellow oilskin"
      sunday: "in a black Sunday coat"
    voice: "a low, dry voice"
  ivo:
    name: Ivo
    description: "A boy of ten with a gap in his teeth"
"""
LOCATIONS = """\
version: 1
locations:
  quay: {name: Quay, description: "A stone quay with iron rings"}
  ferry: {name: Ferry, description: "The wheelhouse of a small ferry"}
"""
LORAS = """\
version: 1
bundles:
  core: [{env_path: LTX_DISTILLED_LORA_PATH, weight: 0.8}]
  dream: [{env_path: LTX_IC_LORA_PATH, weight: 0.5}]
"""


def spec(clip_id: str, title: str, action: str, **parts: object) -> str:
    """The text of a clip spec, as a person would lay it out; ``parts`` are merged in at the top level."""
    act, scene, shot = (int(number) for number in re.findall(r"\d+", clip_id))
    data: dict[str, object] = {
        "version": 1,
        "clip_id": clip_id,
        "title": title,
        "act": act,
        "scene": scene,
        "shot": shot,
        "continuity": {"shared_prompt_profile": "day", "locations": ["quay"]},
        "story_beats": [action],
        "prompt": {"positive": action, "negative": "blur"},
        "render": {"duration": {"mode": "fixed", "seconds": 1.0}, "seed": 7, "guidance_scale": 4.0},
        "inputs": {"type": "t2v"},
        "status": {"state": "planned"},
    }
    for key, value in parts.items():
        old = data.get(key)
        data[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return "# a shot\n" + yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


CLIPS = {
    "A01_S01_SH001__empty_quay": spec("A01_S01_SH001", "Empty quay", "The quay at dawn. Slow push in on an iron ring."),
    "A01_S01_SH002__mara": spec(
        "A01_S01_SH002",
        "Mara",
        "Mara ties the ferry up and looks out to sea at daybreak.",
        continuity={"shared_loras_profile": "core", "characters": [{"id": "mara", "wardrobe": "oilskin"}]},
    ),
    "A01_S02_SH001__wheelhouse": spec(
        "A01_S02_SH001",
        "Wheelhouse",
        "In the wheelhouse Mara pours tea.",
        continuity={"locations": ["ferry"], "characters": [{"id": "mara", "wardrobe": "sunday"}]},
        prompt={"dialogue": [{"character": "mara", "line": "Nobody today."}]},
    ),
    "A01_S02_SH002__the_window": spec(
        "A01_S02_SH002",
        "The window",
        "She turns to the window.",
        continuity={"locations": ["ferry"]},
        inputs={"continue_from": "A01_S02_SH001"},
    ),
    "A02_S01_SH001__ivo": spec(
        "A02_S01_SH001",
        "Ivo",
        "Ivo runs along the quay, waving.",
        continuity={"characters": ["ivo"]},
        inputs={"type": "i2v", "reference_image": "inputs/reference_images/ivo.png"},
    ),
    "A02_S01_SH002__dream": spec(
        "A02_S01_SH002",
        "Dream",
        "The sea lies still as milk.",
        continuity={"shared_prompt_profile": "dream", "shared_loras_profile": "dream", "locations": []},
    ),
}
IDS = sorted(stem.partition("__")[0] for stem in CLIPS)


@dataclass
class Jobs:
    """What a dry-run says it would run: clip ids of takes and clips, names of drawn pieces and acts, and whether mix,
    poster and final."""

    takes: list[str] = field(default_factory=list)
    clips: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    mix: bool = False
    poster: bool = False
    final: bool = False
    text: str = ""

    @property
    def nothing(self) -> bool:
        return "Nothing to be done" in self.text and not (
            self.takes or self.clips or self.drawn or self.acts or self.mix or self.poster or self.final
        )


@dataclass
class Film:
    """A film on disk, in a copy of the build's own files."""

    root: Path
    slug: str = "harbour"

    @property
    def folder(self) -> Path:
        return self.root / "projects" / self.slug

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new))

    def edit_clip(self, stem: str, old: str, new: str) -> None:
        self.edit(f"prompts/clips/{stem}.yaml", old, new)

    def lengthen(self, clips: int) -> None:
        """Add copies of one shot, as a third act, until the film has this number of clips."""
        text = spec("A03_S01_SH001", "Waves", "Waves break on the quay.")
        for number in range(1, clips - len(CLIPS) + 1):
            numbered = text.replace("SH001", f"SH{number:03d}").replace("shot: 1\n", f"shot: {number}\n")
            self.write(f"prompts/clips/A03_S01_SH{number:03d}__waves.yaml", numbered)

    def snakemake(self, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return warm.snakemake(["--cores", "2", *words], self.root, self.environment(env))

    def environment(self, env: dict[str, str] | None = None) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(SETTINGS)}
        # Films of one text are compared to the byte, whenever their takes were rendered.
        return kept | {"SOURCE_DATE_EPOCH": "1767225600"} | (env or {})

    def dry_run(self, *targets: str, env: dict[str, str] | None = None, words: tuple[str, ...] = ()) -> Jobs:
        done = self.snakemake(*(targets or ("final",)), "--dry-run", *words, env=env)
        assert done.returncode == 0, done.stdout
        return parse_dry_run(done.stdout)

    def build(self, *targets: str, env: dict[str, str] | None = None) -> str:
        done = self.snakemake(*(targets or ("final",)), "--scheduler", "greedy", env=env)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def takes(self) -> dict[str, set[str]]:
        """Clip id → digests of the takes that are there."""
        found: dict[str, set[str]] = {}
        for path in (self.folder / "renders" / "takes").glob("*/*.mp4"):
            found.setdefault(path.parent.name, set()).add(path.stem)
        return found


def parse_dry_run(text: str) -> Jobs:
    """The jobs that Snakemake's own dry-run output names, by the rules' messages."""
    jobs = Jobs(text=text)
    kinds = "Render|Conform|Draw|Join act|Mix the sound|Take the poster|Cut"
    for what, name in re.findall(rf"^Job \d+: ({kinds}) (\w+)", text, re.MULTILINE):
        if what == "Render":
            jobs.takes.append(name)
        elif what == "Conform":
            jobs.clips.append(name.partition("__")[0])
        elif what == "Draw":
            jobs.drawn.append(name)
        elif what == "Join act":
            jobs.acts.append(name)
        else:
            jobs.mix |= what == "Mix the sound"
            jobs.poster |= what == "Take the poster"
            jobs.final |= what == "Cut"
    jobs.takes.sort()
    jobs.clips.sort()
    jobs.drawn.sort()
    jobs.acts.sort()
    return jobs


def copy_build(root: Path) -> None:
    """Put the build's own files into ``root``, whose films are named ``harbour`` where nothing else is said."""
    root.mkdir(parents=True, exist_ok=True)
    for name in ("Snakefile", "rules", "config", "envs"):
        source = REPO / name
        if (root / name).exists():
            continue
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("*.env"))  # this machine's own
        else:
            shutil.copy2(source, root / name)
    (root / "config" / "config.yaml").write_text("project: harbour\n", encoding="utf-8")


def write_film(root: Path, slug: str = "harbour") -> Film:
    """A new unbuilt film under ``root`` together with the build's own files."""
    copy_build(root)
    film = Film(root, slug)
    film.write("metadata.yaml", METADATA.replace("slug: harbour", f"slug: {slug}"))
    for name, text in {
        "style_bible": STYLE,
        "characters": CHARACTERS,
        "locations": LOCATIONS,
        "loras": LORAS,
    }.items():
        film.write(f"prompts/{name}.yaml", text)
    for stem, text in CLIPS.items():
        film.write(f"prompts/clips/{stem}.yaml", text)
    film.write("story/03_screenplay/A01_S01__the_quay.md", "INT. QUAY")
    film.write("inputs/reference_images/ivo.png", picture((90, 120, 160)))
    return film


def picture(colour: tuple[int, int, int]) -> bytes:
    """A real PNG of one colour, 160×90 pixels."""
    import io

    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (160, 90), colour).save(data, "PNG")
    return data.getvalue()
