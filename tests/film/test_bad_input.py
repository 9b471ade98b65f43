# ruff: noqa: E501 - messages stand on one line, as they are printed
"""Whatever stands in a film's files: one clear message and exit code 1, or a film. Nothing is lost, nothing runs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import av
import pytest
import yaml

from kit.film import CLIPS, IDS, Film, picture

QUAY, MARA, WHEELHOUSE, WINDOW, IVO, DREAM = CLIPS
CLIPS_AT = "projects/harbour/prompts/clips"
PICTURE = "inputs/reference_images/ivo.png"


def everything(root: Path) -> dict[str, bytes | str]:
    """Every file below ``root`` by its path, but for Snakemake's and VTX's own state: bytes, or where a link leads."""
    found: dict[str, bytes | str] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.startswith((".snakemake", ".vtx", ".cache")):
            continue
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


def refused(film: Film, *words: str, env: dict[str, str] | None = None) -> str:
    """What a dry-run says that ends in a message: no traceback, no changed file."""
    before = everything(film.root)
    done = film.snakemake("--dry-run", *(words or ("final",)), env=env)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout
    assert not re.search(r'^\s*File ".*", line \d+', done.stdout, re.MULTILINE), done.stdout
    assert everything(film.root) == before
    return done.stdout


def append(film: Film, stem: str, text: str | bytes) -> None:
    """``text`` at the end of a clip's spec."""
    path = film.folder / "prompts" / "clips" / f"{stem}.yaml"
    path.write_bytes(path.read_bytes() + (text if isinstance(text, bytes) else text.encode()))


def at(film: Film, stem: str, written: str) -> str:
    """The file and line of a clip's spec where this is ``written``, as messages begin."""
    lines = (film.folder / "prompts" / "clips" / f"{stem}.yaml").read_bytes().split(b"\n")
    (number,) = (number for number, line in enumerate(lines, 1) if written.encode() in line)
    return f"{CLIPS_AT}/{stem}.yaml:{number}"


def render(film: Film, stem: str, key: str, value: object) -> None:
    """One key of a clip's ``render``, as it is written."""
    film.edit_clip(stem, "  seed: 7\n", f"  {key}: {value}\n" if key == "seed" else f"  {key}: {value}\n  seed: 7\n")


def from_picture(film: Film, stem: str, path: str) -> None:
    """Start a clip from the picture that is written as ``path``."""
    film.edit_clip(stem, "  type: t2v\n", f"  type: i2v\n  reference_image: {path}\n")


def not_yaml(film: Film) -> list[str]:
    append(film, QUAY, "beats: [one, two\n")
    film.edit_clip(MARA, "title: Mara", "title: Mara: the ferry")
    append(film, WHEELHOUSE, "loras:\n\t- x\n")
    append(film, WINDOW, "---\nanother: document\n")
    append(film, IVO, b"x: caf\xe9\n")
    append(film, DREAM, "title: again\n")
    return [
        f"{CLIPS_AT}/{QUAY}.yaml:{len(film.read(f'prompts/clips/{QUAY}.yaml').splitlines()) + 1}: not valid YAML: did not find expected ',' or ']'",
        f"{at(film, MARA, 'title:')}: not valid YAML: mapping values are not allowed in this context; text with a colon in it needs quotes",
        f"{at(film, WHEELHOUSE, '- x')}: not valid YAML: found character that cannot start any token",
        f"{at(film, WINDOW, '---')}: a second YAML document begins here",
        f"{at(film, IVO, 'caf')}: not UTF-8 text (byte 0xe9)",
        f"{at(film, DREAM, 'title: again')}: title: this key appears twice",
    ]


def bombs_and_tags(film: Film) -> list[str]:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10))
    append(film, QUAY, bomb)
    append(film, MARA, "deep: " + "[" * 200_000 + "\n")
    film.edit_clip(WHEELHOUSE, "title: Wheelhouse", "title: !!python/object/apply:os.system ['touch pwned']")
    append(film, WINDOW, "self: &self [*self]\n")
    append(film, IVO, "nothing: \0\n")
    append(film, DREAM, "long: " + "x" * 4_000_000)
    return [
        f"{at(film, QUAY, 'a5: ')}: more than 200,000 values once aliases are written out; is this a YAML bomb?",
        f"{at(film, MARA, 'deep:')}: nested more than 32 deep",
        f"{at(film, WHEELHOUSE, 'title:')}: the tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed; write the plain value",
        f"{at(film, WINDOW, 'self:')}: *self refers to no anchor above it",
        f"{at(film, IVO, 'nothing:')}: not valid YAML: control characters are not allowed",
        "bytes; at most 4,000,000 are read",
    ]


def wrong_types(film: Film) -> list[str]:
    film.edit_clip(QUAY, "title: Empty quay", "title: 1984")
    film.edit_clip(MARA, "act: 1", "act: one")
    film.edit_clip(WHEELHOUSE, "story_beats:\n", "weather: rain\nstory_beats:\n")
    film.edit_clip(WINDOW, "  locations:\n  - ferry\n", "  locations: ferry\n")
    film.write(f"prompts/clips/{IVO}.yaml", "- a list\n")
    film.write(f"prompts/clips/{DREAM}.yaml", "")
    film.edit("prompts/characters.yaml", "name: Ivo", "nam: Ivo")
    return [
        f"{at(film, QUAY, 'title:')}: title: 1984: expected text; put it in quotes",
        f"{at(film, MARA, 'act:')}: act: 'one': expected a valid integer",
        f"{at(film, WHEELHOUSE, 'weather:')}: weather: unknown key",
        f"{at(film, WINDOW, 'locations:')}: continuity.locations: 'ferry': expected a valid list",
        f"{CLIPS_AT}/{IVO}.yaml:1: expected keys and values, found a list",
        f"{CLIPS_AT}/{DREAM}.yaml:1: prompt: missing",
        "projects/harbour/prompts/characters.yaml:11: characters.ivo.nam: unknown key, did you mean 'name'?",
    ]


def impossible_numbers(film: Film) -> list[str]:
    film.edit_clip(QUAY, "guidance_scale: 4.0", "guidance_scale: .nan")
    film.edit_clip(MARA, "guidance_scale: 4.0", "guidance_scale: -4")
    film.edit_clip(WHEELHOUSE, "seconds: 1.0", "seconds: 1e999")
    film.edit_clip(WINDOW, "seconds: 1.0", f"seconds: {'9' * 5000}")
    film.edit_clip(IVO, "seed: 7", "seed: 99999999999999999999")
    render(film, DREAM, "width", "127")
    return [
        f"{at(film, QUAY, 'guidance_scale:')}: render.guidance_scale: nan: expected a finite number",
        f"{at(film, MARA, 'guidance_scale:')}: render.guidance_scale: -4: expected greater than or equal to 0",
        "render.duration.seconds: inf: expected a finite number",
        f"render.duration.seconds: '{'9' * 56}…: expected a valid number",
        "render.seed: 99999999999999999999: expected less than 4294967296",
        "render.width: 127: expected a multiple of 2",
    ]


def clip_ids(film: Film) -> list[str]:
    film.write(f"prompts/clips/{QUAY[:13]}__twice.yaml", film.read(f"prompts/clips/{QUAY}.yaml"))
    film.write("prompts/clips/shot one.yaml", film.read(f"prompts/clips/{QUAY}.yaml"))
    film.edit_clip(MARA, "clip_id: A01_S01_SH002", "clip_id: A01_S01_SH009")
    film.edit_clip(MARA, "shot: 2", "shot: 9")
    film.edit_clip(WHEELHOUSE, "clip_id: A01_S02_SH001", "clip_id: wheelhouse")
    film.edit_clip(WINDOW, "scene: 2", "scene: 3")
    return [
        f"{CLIPS_AT}/{QUAY[:13]}__twice.yaml: clip id {QUAY[:13]} is taken by {QUAY}.yaml; every clip has its own",
        f"{CLIPS_AT}/shot one.yaml: the file name must be <clip_id>__<slug>.yaml",
        f"{at(film, MARA, 'clip_id:')}: clip_id: 'A01_S01_SH009', but the file is named {MARA}.yaml",
        f"{at(film, WHEELHOUSE, 'clip_id:')}: clip_id: 'wheelhouse': expected A02_S03_SH014",
        f"{at(film, WINDOW, 'scene:')}: scene: 3: the clip_id A01_S02_SH002 says 2",
    ]


def unknown_names(film: Film) -> list[str]:
    film.edit_clip(QUAY, "- quay", "- quayy")
    film.edit_clip(MARA, "shared_loras_profile: core", "shared_loras_profile: cor")
    film.edit_clip(WHEELHOUSE, "id: mara", "id: marra")
    film.edit_clip(WINDOW, "shared_prompt_profile: day", "shared_prompt_profile: dya")
    append(film, IVO, "loras:\n- env_path: LTX_IC_LORA_PAHT\n")
    film.edit("prompts/loras.yaml", "LTX_DISTILLED_LORA_PATH", "LTX_DISTILED_LORA_PATH")
    return [
        f"{at(film, QUAY, 'quayy')}: continuity.locations.0: unknown location 'quayy': not in prompts/locations.yaml, did you mean 'quay'?",
        f"{at(film, MARA, 'shared_loras_profile')}: continuity.shared_loras_profile: unknown bundle 'cor': not in prompts/loras.yaml, did you mean 'core'?",
        f"{at(film, WHEELHOUSE, 'marra')}: continuity.characters.0: unknown character 'marra': not in prompts/characters.yaml, did you mean 'mara'?",
        f"{at(film, WINDOW, 'shared_prompt_profile')}: continuity.shared_prompt_profile: unknown profile 'dya': not in prompts/style_bible.yaml, did you mean 'day'?",
        f"{at(film, IVO, 'LTX_IC_LORA_PAHT')}: loras.0.env_path: unknown variable 'LTX_IC_LORA_PAHT': not in config/models.env, did you mean 'LTX_IC_LORA_PATH'?",
        "projects/harbour/prompts/loras.yaml:3: bundles.core.0.env_path: unknown variable 'LTX_DISTILED_LORA_PATH'",
    ]


def paths_that_lead_out(film: Film) -> list[str]:
    (film.root / "secret.png").write_bytes(picture((1, 2, 3)))
    (film.folder / "inputs" / "link.png").symlink_to(film.root / "secret.png")
    (film.folder / "inputs" / "folder").symlink_to(film.root)
    from_picture(film, QUAY, "../../secret.png")
    from_picture(film, MARA, str(film.root / "secret.png"))
    from_picture(film, WHEELHOUSE, "inputs/link.png")
    film.edit_clip(IVO, PICTURE, "inputs/folder/secret.png")
    from_picture(film, DREAM, "~secret.png")
    append(film, WINDOW, "loras:\n- path: ../../x.safetensors\n")
    return [
        f"{at(film, QUAY, 'reference_image')}: inputs.reference_image: '../../secret.png' leads out of the project; copy the file into it",
        "/secret.png' is not inside the project; give a path relative to the project's folder",
        "inputs.reference_image: 'inputs/link.png' leads out of the project",
        f"{at(film, IVO, 'reference_image')}: inputs.reference_image: 'inputs/folder/secret.png' leads out of the project",
        "inputs.reference_image: '~secret.png' is not inside the project",
        f"{at(film, WINDOW, '../../x.safetensors')}: loras.0.path: '../../x.safetensors' leads out of the project",
    ]


def pictures_that_are_not_there(film: Film) -> list[str]:
    (film.folder / "inputs" / "circle.png").symlink_to("circle.png")
    from_picture(film, QUAY, "inputs/reference_images/ivvo.png")
    from_picture(film, MARA, "inputs/circle.png")
    from_picture(film, WHEELHOUSE, "inputs")
    film.edit_clip(IVO, PICTURE, f"{'x' * 300}.png")
    from_picture(film, DREAM, '"a\\0b.png"')
    return [
        f"{at(film, QUAY, 'reference_image')}: inputs.reference_image: 'inputs/reference_images/ivvo.png': no such file, did you mean '{PICTURE}'?",
        "inputs.reference_image: 'inputs/circle.png': no such file",
        "inputs.reference_image: 'inputs' is a folder; name a file in it",
        f"{at(film, IVO, 'reference_image')}: inputs.reference_image: 'xxxxx",
        "inputs.reference_image: 'a\\x00b.png' is not a path",
    ]


def a_picture_that_is_none(film: Film) -> list[str]:
    film.write(PICTURE, b"these are words")
    return [
        f"{at(film, IVO, 'reference_image')}: inputs.reference_image: '{PICTURE}': not a picture that can be opened"
    ]


def a_picture_that_was_cut_short(film: Film) -> list[str]:
    film.write(PICTURE, picture((90, 120, 160))[:60])
    return [
        f"{at(film, IVO, 'reference_image')}: inputs.reference_image: '{PICTURE}': not a picture that can be opened"
    ]


def a_keyframe_after_the_end(film: Film) -> list[str]:
    keyframes = f"keyframes: [{{path: {PICTURE}, frame: 0}}, {{path: {PICTURE}, frame: 8}}]"
    film.edit_clip(IVO, f"type: i2v\n  reference_image: {PICTURE}", f"type: keyframe_interpolation\n  {keyframes}")
    return [f"{at(film, IVO, 'keyframes:')}: inputs.keyframes.1.frame: 8: the clip has 8 frames (0 to 7)"]


def chains(film: Film) -> list[str]:
    film.edit_clip(WHEELHOUSE, "type: t2v", "continue_from: A01_S02_SH002")
    film.edit_clip(QUAY, "type: t2v", "continue_from: A01_S01_SH003")
    film.edit_clip(DREAM, "type: t2v", "continue_from: A02_S01_SH002")
    return [
        f"{at(film, WHEELHOUSE, 'continue_from')}: inputs.continue_from: a circle: A01_S02_SH001 continues from A01_S02_SH002 continues from A01_S02_SH001",
        f"{at(film, WINDOW, 'continue_from')}: inputs.continue_from: a circle: A01_S02_SH002 continues from A01_S02_SH001 continues from A01_S02_SH002",
        f"{at(film, QUAY, 'continue_from')}: inputs.continue_from: unknown clip 'A01_S01_SH003': not in prompts/clips, did you mean 'A01_S01_SH00",
        f"{at(film, DREAM, 'continue_from')}: inputs.continue_from: a circle: A02_S01_SH002 continues from A02_S01_SH002",
    ]


def frames_that_do_not_fit(film: Film) -> list[str]:
    render(film, QUAY, "fps", 24)
    render(film, MARA, "width", 256)
    render(film, WHEELHOUSE, "height", 128)
    return [
        f"{at(film, QUAY, 'fps: 24')}: render.fps: 24: the film runs at 8 frames per second (metadata.yaml); one film has one rate",
        f"{at(film, MARA, 'width: 256')}: render.width: 256 pixels: the film is 128×96 (metadata.yaml); a shot may be smaller, never larger",
        f"{at(film, WHEELHOUSE, 'height: 128')}: render.height: 128 pixels: the film is 128×96 (metadata.yaml)",
    ]


def a_slug_that_climbs_out(film: Film) -> list[str]:
    film.edit("metadata.yaml", "slug: harbour", "slug: ../../harbour")
    film.edit("metadata.yaml", "fps: 8", "fps: -8")
    return [
        "projects/harbour/metadata.yaml:3: slug: '../../harbour': expected name of the film's folder and final cut: a to z, digits, - and _",
        "projects/harbour/metadata.yaml:9: fps: -8: expected greater than or equal to 1",
    ]


def links_out_of_the_film(film: Film) -> list[str]:
    clips = film.folder / "prompts" / "clips"
    (film.root / "elsewhere.yaml").write_text(CLIPS[QUAY])
    (clips / f"{QUAY}.yaml").unlink()
    (clips / f"{QUAY}.yaml").symlink_to(film.root / "elsewhere.yaml")
    (clips / f"{MARA}.yaml").unlink()
    (clips / f"{MARA}.yaml").symlink_to(f"{MARA}.yaml")
    (clips / f"{DREAM}.yaml").unlink()
    (clips / f"{DREAM}.yaml").mkdir()
    return [
        f"{CLIPS_AT}/{QUAY}.yaml: leads out of the project; copy the file into it",
        f"{CLIPS_AT}/{MARA}.yaml: can't be read: Too many levels of symbolic links",
        f"{CLIPS_AT}/{DREAM}.yaml: can't be read: Is a directory",
    ]


def a_bible_outside_the_film(film: Film) -> list[str]:
    (film.folder / "prompts" / "characters.yaml").rename(film.root / "characters.yaml")
    (film.folder / "prompts" / "characters.yaml").symlink_to(film.root / "characters.yaml")
    return ["'prompts/characters.yaml' leads out of the project; copy the file into it"]


def wrong_variables(film: Film) -> list[str]:
    film.write("project.env", "# the film's own\nPROJECT_FPS=fast\n")
    return ["projects/harbour/project.env:2: PROJECT_FPS: 'fast': expected a valid number"]


def no_specs_yet(film: Film) -> list[str]:
    for path in (film.folder / "prompts" / "clips").iterdir():
        path.unlink()
    return ["projects/harbour/prompts/clips has no clip specs yet: write the first, A01_S01_SH001__<slug>.yaml"]


def models_that_are_not_there(film: Film) -> list[str]:
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    return [
        "LTX_CHECKPOINT_PATH is not set; set it in config/models.env to the path of the model, or make the storyboard: snakemake animatic --cores 4 --config project=harbour"
    ]


FAULTS: list[Callable[[Film], list[str]]] = [
    not_yaml,
    bombs_and_tags,
    wrong_types,
    impossible_numbers,
    clip_ids,
    unknown_names,
    paths_that_lead_out,
    pictures_that_are_not_there,
    a_picture_that_is_none,
    a_picture_that_was_cut_short,
    a_keyframe_after_the_end,
    chains,
    frames_that_do_not_fit,
    a_slug_that_climbs_out,
    links_out_of_the_film,
    a_bible_outside_the_film,
    wrong_variables,
    no_specs_yet,
    models_that_are_not_there,
]


@pytest.mark.parametrize("damage", FAULTS, ids=lambda damage: damage.__name__)
def test_a_fault_is_told_and_nothing_is_lost(film: Film, damage: Callable[[Film], list[str]]) -> None:
    messages = damage(film)
    said = refused(film)
    for message in messages:
        assert said.count(message) == 1, f"{message}\n\nis not what was said:\n\n{said}"


@pytest.mark.parametrize(
    ("words", "env", "message"),
    [
        (("final", "--config", "project=../x"), {}, "'../x'"),
        (
            ("final", "--config", "project=harbor"),
            {},
            "no film 'harbor': projects/harbor/metadata.yaml is missing; existing films: harbour",
        ),
        (("final", "--config", "widht=128"), {}, "widht: unknown key, did you mean 'width'?"),
        (("final", "--config", "fps=-1"), {}, "fps: -1: expected greater than or equal to 1"),
        (
            ("final",),
            {"VTX_PROJECT": "../x"},
            "'../x' is not a project: a slug has small letters, digits, - and _ only",
        ),
        (("final",), {"VTX_PROJECT": "$(touch pwned)"}, "'$(touch pwned)' is not a project"),
        (
            ("final",),
            {"PROJECT_WIDTH": "$(touch pwned)"},
            "environment: PROJECT_WIDTH: '$(touch pwned)': expected a valid integer",
        ),
        (("projects/../../etc/renders/final/etc.mp4",), {}, "MissingRuleException"),
        (("projects/harbour/renders/clips/../../../../x.mp4",), {}, "MissingRuleException"),
        (("projects/nothing/renders/final/nothing.mp4",), {}, "no film 'nothing'"),
        (
            ("projects/harbour/renders/clips/A01_S01_SH001__empty_key.mp4",),
            {},
            "did you mean 'A01_S01_SH001__empty_quay'?",
        ),
    ],
)
def test_a_film_that_is_none(film: Film, words: tuple[str, ...], env: dict[str, str], message: str) -> None:
    assert message in refused(film, *words, env=env)


NASTY = [
    """It's "quoted" `touch pwned` $(touch pwned) ${HOME} ; touch pwned & | > pwned < \\ \\n %s {0} {clip_id} {{x}} #""",
    "two\n\nparagraphs\twith\r\nevery line end\u2028there is\u0085",
    "🚢🏴‍☠️ مرحبا بالعالم \u202eright to left\u202c שלום 灯台 Ço\u0308\u0301",
    "-n --flag ../../../etc/passwd ~root null yes 16:9 <script>&amp;'); DROP TABLE takes;--",
    "word " * 10_000,
]


@pytest.fixture
def nasty(film: Film) -> Film:
    """The film with every kind of difficult text wherever there is text."""
    for stem, text in zip((QUAY, MARA, WHEELHOUSE, IVO, DREAM), NASTY, strict=True):
        path = film.folder / "prompts" / "clips" / f"{stem}.yaml"
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        data["title"] = text[:200]
        data["prompt"] = {"positive": text, "negative": text, "dialogue": [{"character": "mara", "line": text}]}
        data["story_beats"] = [text]
        data["render"]["notes"] = text
        data["status"]["last_error"] = text
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    film.write("story/03_screenplay/A01_S01__it's_`touch pwned`_$(touch pwned).md", "INT. QUAY")
    film.write("project.env", "PROJECT_TITLE='$(touch pwned) `touch pwned` \"🚢\"'\n")
    return film


def test_difficult_text_is_text(nasty: Film) -> None:
    before = everything(nasty.root)
    jobs = nasty.dry_run()
    assert jobs.takes == IDS
    assert everything(nasty.root) == before


def test_difficult_text_becomes_a_film_and_runs_nothing(nasty: Film) -> None:
    for stem in (WHEELHOUSE, WINDOW, IVO, DREAM):
        (nasty.folder / "prompts" / "clips" / f"{stem}.yaml").unlink()
    nasty.build()
    assert nasty.dry_run().nothing
    with av.open(str(nasty.folder / "renders" / "final" / "harbour.mp4")) as container:
        assert container.metadata["title"] == '$(touch pwned) `touch pwned` "🚢"'
        assert sum(1 for _ in container.decode(video=0)) == 16
    assert not [path for path in nasty.root.rglob("*") if path.name == "pwned"]


def test_a_name_that_is_no_text_is_told(film: Film) -> None:
    clips = os.fsencode(film.folder / "prompts" / "clips")
    with open(clips + b"/\xff\x1b[31m.yaml", "wb"):  # noqa: PTH123 - a name of bytes
        pass
    assert f"{CLIPS_AT}/\\udcff\\x1b[31m.yaml: the file name must be <clip_id>__<slug>.yaml" in refused(film)
