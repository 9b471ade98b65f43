"""What an edit renders: every row of the table, on a real project on disk, read off ``snakemake --dry-run``.

At every dry-run, ``vtx plan`` and ``vtx why`` have to say the same (:mod:`kit.planned_film`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import yaml
from PIL import ImageFont

from kit import warm
from kit.film import CLIPS, IDS, STYLE, Film, Jobs, picture, spec
from kit.planned_film import PlannedFilm, texts

QUAY, MARA, WHEELHOUSE, WINDOW, IVO, DREAM = CLIPS
QUAY_ID, MARA_ID, WHEELHOUSE_ID, WINDOW_ID, IVO_ID, DREAM_ID = (stem.partition("__")[0] for stem in CLIPS)


@pytest.fixture
def built(built: Film) -> PlannedFilm:
    """A finished film that is held against the commands at each of its dry-runs."""
    return PlannedFilm(built.root, before=texts(built))


def touch_all(root: Path) -> None:
    for path in root.rglob("*"):
        if path.is_file():
            path.touch()


def hashes(film: Film) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (film.folder / "renders").rglob("*.mp4")}


# -- nothing changed -------------------------------------------------------------------------------


def test_a_built_film_has_nothing_to_do(built: PlannedFilm) -> None:
    assert built.dry_run().nothing
    assert built.dry_run("clips").nothing
    assert built.dry_run("acts").nothing


def test_time_stamps_and_snakemakes_memory_decide_nothing(built: PlannedFilm) -> None:
    touch_all(built.folder)
    for path in (built.folder / "renders" / "takes").rglob("*.mp4"):
        os.utime(path, (4e9, 4e9))
    assert built.dry_run().nothing
    shutil.rmtree(built.root / ".snakemake")
    shutil.rmtree(built.root / ".vtx", ignore_errors=True)
    assert built.dry_run().nothing


def test_a_tree_copied_elsewhere_with_fresh_times(built: PlannedFilm, tmp_path: Path) -> None:
    shutil.copytree(
        built.root, tmp_path / "elsewhere", copy_function=shutil.copyfile, ignore=shutil.ignore_patterns(".*")
    )
    assert PlannedFilm(tmp_path / "elsewhere", before=built.before).dry_run().nothing


def test_a_current_film_asks_for_no_clip_and_its_next_cut_for_each(built: PlannedFilm) -> None:
    """A clip is not what the specs ask for, or lost, while the act it is in is; and the takes came from a machine
    whose clock was ahead."""
    clips = built.folder / "renders/clips"
    before = hashes(built)
    shutil.copyfile(clips / f"{MARA}.mp4", clips / f"{QUAY}.mp4")
    (clips / f"{IVO}.mp4").unlink()
    assert built.dry_run().nothing
    for path in (built.folder / "renders/takes").glob("*/*.mp4"):
        os.utime(path, (4e9, 4e9))
    built.edit("metadata.yaml", 'title: "Harbour"', 'title: "The harbour"')
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [QUAY_ID, IVO_ID], [], True)
    built.build()
    after = hashes(built)
    assert {name for name in before if after[name] != before[name]} == {"harbour.mp4"}
    manifest = json.loads(built.read("renders/final/harbour.manifest.json"))
    for clip in manifest["clips"]:
        assert clip["sha256"] == hashlib.sha256((built.folder / clip["file"]).read_bytes()).hexdigest()


def test_layout_of_the_text_decides_nothing(built: PlannedFilm) -> None:
    """Comments, key order, quoting, indentation, trailing space, Unicode form, ``8`` → ``8.0``."""
    built.edit_clip(QUAY, "# a shot\n", "# another remark\n# and one more\n")
    data = yaml.safe_load(built.read(f"prompts/clips/{MARA}.yaml"))
    reordered = dict(reversed(data.items()))
    reordered["render"] = dict(reversed(data["render"].items()))
    built.write(f"prompts/clips/{MARA}.yaml", yaml.safe_dump(reordered, sort_keys=False, indent=6, default_style='"'))
    data = yaml.safe_load(built.read(f"prompts/clips/{IVO}.yaml"))
    # safe_dump with a default style quotes numbers too; give them back their type
    text = built.read(f"prompts/clips/{MARA}.yaml")
    built.write(f"prompts/clips/{MARA}.yaml", re.sub(r'!!(int|float) "([^"]*)"', r"\2", text))
    built.write(f"prompts/clips/{IVO}.yaml", yaml.safe_dump(data, sort_keys=True, width=30) + "   \n\n")
    built.edit("metadata.yaml", "fps: 8", "fps: 8.0")
    built.edit_clip(QUAY, "seed: 7", "seed: 7.0")
    built.edit_clip(QUAY, "guidance_scale: 4.0", "guidance_scale: 4")
    built.edit("prompts/style_bible.yaml", '"35mm film, soft grain"', "|\n    35mm film,\n    soft   grain  ")
    assert built.dry_run().nothing


def test_unicode_form_decides_nothing(built: PlannedFilm) -> None:
    built.edit_clip(QUAY, "The quay at dawn.", "The café at dawn, Ångström’s naïve quay.")
    before = built.dry_run()
    digest = re.findall(rf"takes/{QUAY_ID}/([0-9a-f]{{64}})", before.text)[0]
    composed = built.read(f"prompts/clips/{QUAY}.yaml")
    decomposed = unicodedata.normalize("NFD", composed)
    assert decomposed != composed
    built.write(f"prompts/clips/{QUAY}.yaml", decomposed)
    assert digest in built.dry_run().text


def test_words_for_people_render_nothing(built: PlannedFilm) -> None:
    """Title, notes, status, outputs, logline, created_at."""
    built.edit_clip(QUAY, "title: Empty quay", "title: The quay, empty")
    built.edit_clip(QUAY, "state: planned", "state: approved\n  last_error: none")
    built.edit_clip(QUAY, "  seed: 7", "  seed: 7\n  notes: hold a little longer?")
    with (built.folder / f"prompts/clips/{MARA}.yaml").open("a") as file:
        file.write("outputs: {mp4: renders/clips/elsewhere.mp4, json: renders/clips/elsewhere.json}\n")
    built.edit("metadata.yaml", "Nobody comes, then somebody does.", "A ferry waits.")
    built.edit("metadata.yaml", "2026-01-05T09:00:00Z", "2026-02-05T09:00:00Z")
    jobs = built.dry_run()
    assert jobs.takes == []
    assert jobs.clips == [QUAY_ID]  # the new title is burned into the storyboard's slate
    assert jobs.final  # and the film carries its date


def test_a_font_for_storyboards_words_renders_nothing_and_letters_that_it_lacks_are_told(built: PlannedFilm) -> None:
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    built.write("inputs/aileron.ttf", font.font_bytes)
    built.edit("metadata.yaml", "style_profile: day\n", "style_profile: day\nslate_font: inputs/aileron.ttf\n")
    built.edit_clip(QUAY, "title: Empty quay", "title: Ada and 灯台")
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips) == ([], IDS)
    clip = f"projects/harbour/renders/clips/{QUAY}.mp4"
    done = built.snakemake(clip)
    assert done.returncode == 0, done.stdout
    assert f"{QUAY_ID}: the font of the storyboard has no 灯台, so they are drawn as boxes" in done.stdout
    built.write("inputs/other.ttf", font.font_bytes)
    built.edit("metadata.yaml", "inputs/aileron.ttf", "inputs/other.ttf")
    assert "Nothing to be done" in built.snakemake(clip).stdout  # the font counts by its content


# -- one clip --------------------------------------------------------------------------------------

ONE_CLIP = {
    "positive": ("Slow push in", "Fast push in"),
    "negative": ("negative: blur", "negative: blur, haze"),
    "seed": ("seed: 7", "seed: 8"),
    "duration": ("seconds: 1.0", "seconds: 1.5"),
    "pipeline": ("guidance_scale: 4.0", "guidance_scale: 4.0\n  pipeline: distilled"),
    "guidance": ("guidance_scale: 4.0", "guidance_scale: 4.5"),
    "size": ("guidance_scale: 4.0", "guidance_scale: 4.0\n  width: 96"),
}


@pytest.mark.parametrize("row", ONE_CLIP)
def test_an_edit_of_one_clip_renders_that_clip(built: PlannedFilm, row: str) -> None:
    built.edit_clip(QUAY, *ONE_CLIP[row])
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([QUAY_ID], [QUAY_ID], ["A01"], True)


def test_clips_chained_to_it_follow(built: PlannedFilm) -> None:
    built.edit_clip(WHEELHOUSE, "pours tea", "pours coffee")
    jobs = built.dry_run()
    assert jobs.takes == [WHEELHOUSE_ID, WINDOW_ID]
    assert f"continues from {WHEELHOUSE_ID} → 1 clip follows ({WINDOW_ID})" in jobs.text
    assert json.loads(vtx(built, "plan", "harbour", "--json", env={}).stdout)["render"] == jobs.takes
    said = vtx(built, "why", "harbour", WHEELHOUSE_ID, env={}).stdout
    assert "    - In the wheelhouse Mara pours tea.\n    + In the wheelhouse Mara pours coffee.\n" in said


def test_weather_that_a_shot_speaks_of_reaches_the_later_shots_at_its_place(built: PlannedFilm) -> None:
    built.edit_clip(QUAY, "The quay at dawn.", "The quay at dawn, in heavy rain.")
    jobs = built.dry_run()
    assert jobs.takes == [QUAY_ID, MARA_ID]
    file = f"prompts/clips/{QUAY}.yaml"
    assert f"because of {file}: prompt.positive → 2 clips ({QUAY_ID}, {MARA_ID})" in jobs.text
    assert "    + rain: heavy rain, wet\n" in built.vtx("why", "harbour", MARA_ID)
    read = built.vtx("storyboard", "read", "harbour", MARA_ID)
    assert re.search(rf"weather +heavy rain +rain: heavy rain, wet +{file}", read)
    built.build()
    built.before = texts(built)

    built.edit_clip(QUAY, "heavy rain. Slow push in", "a heavy downpour. Fast push in")  # read as the same weather
    assert built.dry_run().takes == [QUAY_ID]
    built.edit_clip(QUAY, "in a heavy downpour", "in fog")
    assert built.dry_run().takes == [QUAY_ID, MARA_ID]
    built.edit_clip(MARA, "ties the ferry up", "ties the ferry up in a clear sky and full sun")
    assert built.dry_run().takes == [QUAY_ID, MARA_ID]
    assert "prompt.positive → 1 clip" in built.dry_run().text


def test_a_disk_that_is_too_small_is_told_before_anything_renders(built: PlannedFilm) -> None:
    for path in (built.folder / "renders/takes").glob("*/*.mp4"):
        with path.open("ab") as file:
            file.truncate(2**42)  # sparse: takes no room itself
    built.edit_clip(QUAY, "Slow push in", "Fast push in")
    assert re.search(
        r"not enough disk: about [\d.]+ GB needed, [\d.]+ GB free in projects/harbour", built.dry_run().text
    )


def test_a_duration_inside_the_same_legal_frame_count_only_conforms(built: PlannedFilm) -> None:
    built.edit_clip(QUAY, "seconds: 1.0", "seconds: 0.9")
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [QUAY_ID], ["A01"], True)


def test_a_crop_inside_the_same_canvas_only_conforms(built: PlannedFilm) -> None:
    built.edit_clip(QUAY, "guidance_scale: 4.0", "guidance_scale: 4.0\n  height: 80")
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [QUAY_ID], ["A01"], True)


def test_the_films_own_size_inside_the_same_canvas_only_conforms(built: PlannedFilm) -> None:
    built.edit("metadata.yaml", "height: 96", "height: 90")
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips) == ([], IDS)


# -- what clips share ------------------------------------------------------------------------------

SHARED = {
    "character": ("prompts/characters.yaml", "grey braid", "white braid", [MARA_ID, WHEELHOUSE_ID, WINDOW_ID]),
    "wardrobe": ("prompts/characters.yaml", "yellow oilskin", "green oilskin", [MARA_ID]),
    "voice": ("prompts/characters.yaml", "low, dry voice", "high voice", [WHEELHOUSE_ID, WINDOW_ID]),
    "profile": ("prompts/style_bible.yaml", "Milky, slow", "Milky, fast", [DREAM_ID]),
    "location": ("prompts/locations.yaml", "small ferry", "large ferry", [WHEELHOUSE_ID, WINDOW_ID]),
    "bundle": ("prompts/loras.yaml", "weight: 0.5", "weight: 0.6", [DREAM_ID]),
    "global prefix": ("prompts/style_bible.yaml", "soft grain", "hard grain", IDS),
    "global negative": ("prompts/style_bible.yaml", "text, watermark", "text, logo", IDS),
}


@pytest.mark.parametrize("row", SHARED)
def test_what_clips_share_renders_the_clips_that_name_it(built: PlannedFilm, row: str) -> None:
    name, old, new, expected = SHARED[row]
    built.edit(name, old, new)
    jobs = built.dry_run()
    assert jobs.takes == expected
    assert jobs.clips == expected


def test_a_new_character_profile_or_bundle_renders_nothing(built: PlannedFilm) -> None:
    built.edit("prompts/characters.yaml", "characters:\n", "characters:\n  oda: {name: Oda, description: A cat}\n")
    built.edit("prompts/style_bible.yaml", "profiles:\n", "profiles:\n  dusk: {prefix: Dusk}\n")
    assert built.dry_run().nothing


def test_the_bytes_of_a_picture_count_and_its_name_does_not(built: PlannedFilm) -> None:
    (built.folder / "inputs/reference_images/ivo.png").rename(built.folder / "inputs/reference_images/the_boy.png")
    built.edit_clip(IVO, "ivo.png", "the_boy.png")
    assert built.dry_run().nothing
    built.write("inputs/reference_images/the_boy.png", picture((160, 120, 90)))
    assert built.dry_run().takes == [IVO_ID]


# -- the tool itself -------------------------------------------------------------------------------


def test_an_edit_of_the_build_renders_nothing(built: PlannedFilm) -> None:
    for path in (built.root / "rules").glob("*.smk"):
        path.write_text(path.read_text().replace("    shell:\n", '    threads: 1\n    shell:\n        "nice "\n'))
    for path in (built.root / "envs").iterdir():
        path.write_text(path.read_text() + "\n# another pin\n")
    assert built.dry_run().nothing
    assert (
        built.dry_run(words=("--sdm", "conda", "--conda-frontend", "conda")).nothing if shutil.which("conda") else True
    )


def test_forcing_everything_keeps_the_takes(built: PlannedFilm) -> None:
    before = {path: path.stat().st_mtime_ns for path in (built.folder / "renders/takes").rglob("*.mp4")}
    done = built.snakemake("final", "--forceall", "--scheduler", "greedy")
    assert done.returncode == 0
    said = "takes that exist are never rendered again; for others: vtx take reroll harbour <clip>"
    assert said in done.stdout
    takes, clips = (built.snakemake("final", "--dry-run", "--forcerun", rule).stdout for rule in ("take", "clip"))
    assert "Nothing to be done" in takes
    assert said in takes
    assert said not in clips
    assert {path: path.stat().st_mtime_ns for path in (built.folder / "renders/takes").rglob("*.mp4")} == before


# -- undo ------------------------------------------------------------------------------------------


def test_undo_finds_the_old_takes_and_makes_the_same_film(built: PlannedFilm) -> None:
    before = hashes(built)
    built.edit_clip(QUAY, "Slow push in", "Fast push in")
    built.build()
    assert hashes(built)["harbour.mp4"] != before["harbour.mp4"]
    built.edit_clip(QUAY, "Fast push in", "Slow push in")
    shutil.rmtree(built.root / ".snakemake")
    touch_all(built.folder)
    jobs = built.dry_run(str(Path("projects/harbour/renders/final/harbour.mp4")))
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [QUAY_ID], ["A01"], True)
    built.build()
    after = hashes(built)
    assert {name: data for name, data in after.items() if name in before} == before
    assert len(built.takes()[QUAY_ID]) == 2  # nothing is ever lost


# -- the order of the film -------------------------------------------------------------------------


def shot_list(*ids: str) -> str:
    return yaml.safe_dump({"version": 1, "shots": [{"clip_id": clip_id} for clip_id in ids]})


def test_a_clip_put_between_two_others(built: PlannedFilm) -> None:
    built.write("prompts/clips/A01_S01_SH001A__gull.yaml", spec("A01_S01_SH001A", "Gull", "A gull lands on the ring."))
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == (["A01_S01_SH001A"], ["A01_S01_SH001A"], ["A01"], True)


def test_a_clip_taken_out(built: PlannedFilm) -> None:
    (built.folder / f"prompts/clips/{MARA}.yaml").unlink()
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [], ["A01"], True)


def test_clips_in_another_order(built: PlannedFilm) -> None:
    built.write("story/04_shotlist.yaml", shot_list(MARA_ID, QUAY_ID, WHEELHOUSE_ID, WINDOW_ID, IVO_ID, DREAM_ID))
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [], ["A01"], True)
    built.write("story/04_shotlist.yaml", shot_list(QUAY_ID, MARA_ID, WHEELHOUSE_ID, WINDOW_ID, IVO_ID, DREAM_ID))
    assert built.dry_run().nothing


# -- models ----------------------------------------------------------------------------------------

SLOTS = ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT", "LTX_DISTILLED_LORA_PATH", "LTX_IC_LORA_PATH")


def rendered_elsewhere(film: Film, jobs: Jobs) -> None:
    """Put takes where the plan wants them, as if another machine had rendered them and they were copied over."""
    animatic = {path.parent.name: path for path in (film.folder / "renders/takes").glob("*/*.mp4")}
    for path in set(re.findall(r"Missing output files: (\S+/takes/\S+\.mp4)", jobs.text)):
        shutil.copyfile(animatic[Path(path).parent.name], film.root / path)


def vtx(film: Film, *words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vtx_app.cli", *words],
        cwd=film.root,
        env=warm.environment(film.environment(env)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_models_count_by_content_and_need_not_be_there(built: PlannedFilm, tmp_path: Path) -> None:
    models = {slot: tmp_path / "models" / f"{slot.lower()}.safetensors" for slot in SLOTS}
    (tmp_path / "models").mkdir()
    for slot, path in models.items():
        path.write_bytes(slot.encode() * 1000)
    env = {slot: str(path) for slot, path in models.items()}
    built.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    locked = vtx(built, "models", "lock", "harbour", env=env)
    assert locked.returncode == 0, locked.stderr
    jobs = built.dry_run(env=env)
    assert jobs.takes == IDS
    unfit = built.snakemake("final", env=env)
    assert unfit.returncode != 0
    assert "ltx_checkpoint_path.safetensors is not a safetensors file" in unfit.stdout
    assert "Traceback" not in unfit.stdout
    rendered_elsewhere(built, jobs)
    assert built.dry_run(env=env).takes == []

    (tmp_path / "models").rename(tmp_path / "moved")
    moved = {slot: str(tmp_path / "moved" / path.name) for slot, path in models.items()}
    assert built.dry_run(env=moved).takes == []
    assert built.dry_run().takes == []  # the models are not on this machine at all
    built.build()  # and it conforms and cuts the film none the less

    Path(moved["LTX_IC_LORA_PATH"]).write_bytes(b"another LoRA" * 1000)
    refused = built.snakemake("final", "--dry-run", env=moved)
    assert refused.returncode != 0
    assert "is not the model this film was rendered with" in refused.stdout
    assert "vtx models lock harbour" in refused.stdout
    assert "Traceback" not in refused.stdout
    cost = vtx(built, "models", "lock", "harbour", env=moved)
    assert cost.returncode == 2
    assert "1 existing take would be rendered again" in cost.stdout
    told = vtx(built, "models", "lock", "harbour", "--json", env=moved)
    assert (told.returncode, json.loads(told.stdout)["takes_to_render"]) == (2, 1)
    assert vtx(built, "models", "lock", "harbour", "--yes", env=moved).returncode == 0
    assert built.dry_run(env=moved).takes == [DREAM_ID]


def test_a_style_profile_of_the_film_reaches_clips_that_name_none(built: PlannedFilm) -> None:
    assert "day:" in STYLE
    built.edit_clip(QUAY, "shared_prompt_profile: day", "shared_prompt_profile: dream")
    assert built.dry_run().takes == [QUAY_ID]
