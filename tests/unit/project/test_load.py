# ruff: noqa: E501 - a table of messages
"""A film as it stands on disk, related to itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.film import Film as FilmFiles
from kit.film import spec
from vtx_app.errors import ProjectError, SpecError
from vtx_app.project.load import load_film

QUAY = "A01_S01_SH001__empty_quay"
CHAIN = ["A01_S02_SH001", "A01_S02_SH002"]


def faults() -> list[str]:
    with pytest.raises(SpecError) as caught:
        load_film("harbour")
    return caught.value.problems


def test_a_film_is_read(film: FilmFiles) -> None:
    found = load_film("harbour")
    assert list(found.clips) == [
        "A01_S01_SH001",
        "A01_S01_SH002",
        *CHAIN,
        "A02_S01_SH001",
        "A02_S01_SH002",
    ]
    assert found.scenes == {(1, 1): "The quay"}
    assert found.clips["A01_S01_SH001"].name == f"projects/harbour/prompts/clips/{QUAY}.yaml"
    assert found.lock.models == {}


def test_bibles_that_nobody_has_written_are_empty(film: FilmFiles) -> None:
    for path in (film.folder / "prompts" / "clips").iterdir():
        path.unlink()
    for name in ("style_bible", "characters", "locations", "loras"):
        (film.folder / "prompts" / f"{name}.yaml").unlink()
    film.edit("metadata.yaml", "style_profile: day\n", "")
    found = load_film("harbour")
    assert found.clips == {}
    assert found.bibles.characters == {}


def test_one_clip_is_read_with_those_it_continues_from(film: FilmFiles) -> None:
    film.write("prompts/clips/A01_S01_SH001__empty_quay.yaml", "broken: [")
    assert sorted(load_film("harbour", only=[CHAIN[1]]).clips) == CHAIN
    assert list(load_film("harbour", only=[CHAIN[0]]).clips) == [CHAIN[0]]
    with pytest.raises(ProjectError, match=r"no clip A01_S02_SH003 in prompts/clips, did you mean 'A01_S02_SH00"):
        load_film("harbour", only=["A01_S02_SH003"])


def test_a_long_film_is_read_as_its_specs_are_now(film: FilmFiles) -> None:
    """The data of many specs are kept; those of an edited one are never used."""
    stems = [f"A03_S01_SH{shot:03d}__wave" for shot in range(1, 61)]
    for stem in stems:
        film.write(f"prompts/clips/{stem}.yaml", spec(stem[:13], stem, f"Wave {stem[10:13]} breaks."))
    first = load_film("harbour")
    assert load_film("harbour").clips == first.clips
    assert (film.root / ".vtx/parsed/harbour.json").exists()
    film.edit(f"prompts/clips/{stems[30]}.yaml", "breaks", "curls up")
    second = load_film("harbour")
    changed = [clip_id for clip_id in first.clips if second.clips[clip_id] != first.clips[clip_id]]
    assert changed == [stems[30][:13]]
    assert second.clips[changed[0]].spec.prompt.positive == "Wave 031 curls up."


def test_the_shot_list_orders_the_clips(film: FilmFiles) -> None:
    film.write("story/04_shotlist.yaml", "shots: [{clip_id: A01_S02_SH001}, {clip_id: A01_S01_SH001}]\n")
    found = load_film("harbour")
    assert list(found.order) == ["A01_S02_SH001", "A01_S01_SH001"]
    assert found.unlisted == ("A01_S01_SH002", "A01_S02_SH002", "A02_S01_SH001", "A02_S01_SH002")
    assert list(found.clips) == [*found.order, *found.unlisted]
    assert "A01_S01_SH002" not in found.shown


def test_hidden_and_other_files_beside_the_specs_are_no_matter(film: FilmFiles) -> None:
    for name in (f".{QUAY}.yaml.swp", ".A01_S01_SH001__x.part.yaml", "notes.txt", "A01_S01_SH001__x.yaml~"):
        film.write(f"prompts/clips/{name}", "anything: [")
    assert len(load_film("harbour").clips) == 6


def test_a_link_inside_the_film_is_a_spec(film: FilmFiles) -> None:
    text = film.read(f"prompts/clips/{QUAY}.yaml").replace("SH001", "SH009").replace("shot: 1", "shot: 9")
    film.write("prompts/drafts/nine.yaml", text)
    (film.folder / "prompts/clips/A01_S01_SH009__nine.yaml").symlink_to("../drafts/nine.yaml")
    assert "A01_S01_SH009" in load_film("harbour").clips


def test_many_faults_are_reported_up_to_a_point(film: FilmFiles) -> None:
    for shot in range(100, 130):
        clip_id = f"A01_S01_SH{shot}"
        film.write(f"prompts/clips/{clip_id}__x.yaml", spec(clip_id, "x", "x", continuity={"locations": ["quayy"]}))
    found = faults()
    assert len(found) == 21
    assert found[-1] == "… and 10 more"


def link(path: Path, target: str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            lambda film: film.edit_clip(
                "A01_S01_SH002__mara", "shared_loras_profile: core", "shared_loras_profile: cor"
            ),
            "A01_S01_SH002__mara.yaml:12: continuity.shared_loras_profile: unknown bundle 'cor': not in prompts/loras.yaml, did you mean 'core'?",
        ),
        (
            lambda film: film.edit_clip("A01_S01_SH002__mara", "wardrobe: oilskin", "wardrobe: oilskn"),
            "continuity.characters.0.wardrobe: unknown wardrobe 'oilskn': not in mara's wardrobe in prompts/characters.yaml, did you mean 'oilskin'?",
        ),
        (
            lambda film: film.edit_clip("A01_S02_SH001__wheelhouse", "character: mara", "character: bob"),
            "prompt.dialogue.0.character: unknown character 'bob': not in prompts/characters.yaml",
        ),
        (
            lambda film: film.edit("metadata.yaml", "style_profile: day", "style_profile: dya"),
            "projects/harbour/metadata.yaml:10: style_profile: unknown profile 'dya': not in prompts/style_bible.yaml, did you mean 'day'?",
        ),
        (
            lambda film: film.edit("metadata.yaml", "style_profile: day", "slate_font: inputs/x.ttf"),
            "projects/harbour/metadata.yaml:10: slate_font: 'inputs/x.ttf': no such file",
        ),
        (
            lambda film: film.edit("metadata.yaml", "style_profile: day", "slate_font: ../x.ttf"),
            "projects/harbour/metadata.yaml:10: slate_font: '../x.ttf' leads out of the project",
        ),
        (
            lambda film: film.edit("metadata.yaml", "style_profile: day", "slate_font: metadata.yaml"),
            "projects/harbour/metadata.yaml:10: slate_font: 'metadata.yaml' is not a font: expected TrueType or",
        ),
        (
            lambda film: film.write("project.env", "PROJECT_STYLE_PROFILE=dya\n"),
            "projects/harbour/project.env:1: PROJECT_STYLE_PROFILE: unknown profile 'dya'",
        ),
        (
            lambda film: film.edit("prompts/loras.yaml", "LTX_IC_LORA_PATH", "LTX_IC_LORA_PAHT"),
            "projects/harbour/prompts/loras.yaml:4: bundles.dream.0.env_path: unknown variable 'LTX_IC_LORA_PAHT': not in config/models.env, did you mean 'LTX_IC_LORA_PATH'?",
        ),
        (
            lambda film: film.edit("prompts/loras.yaml", "env_path: LTX_IC_LORA_PATH", "path: ../x.safetensors"),
            "projects/harbour/prompts/loras.yaml:4: bundles.dream.0.path: '../x.safetensors' leads out of the project",
        ),
        (
            lambda film: film.edit_clip(QUAY, "status:", "loras: [{path: /x.safetensors}]\nstatus:"),
            "loras.0.path: '/x.safetensors' is not inside the project",
        ),
        (
            lambda film: link(film.folder / "inputs/reference_images/ivo.png", "ivo.png"),
            "inputs.reference_image: 'inputs/reference_images/ivo.png': no such file",
        ),
        (
            lambda film: film.edit_clip("A02_S01_SH001__ivo", "ivo.png", f"{'x' * 300}.png"),
            "xxx.png': no such file",
        ),
        (
            lambda film: film.edit_clip("A02_S01_SH001__ivo", "ivo.png", f"{'x' * 300}/ivo.png"),
            "/ivo.png': no such file",
        ),
        (
            lambda film: link(film.folder / "prompts/characters.yaml", "nothing.yaml"),
            "characters.yaml: the file is missing",
        ),
        (
            lambda film: link(film.folder / "prompts/characters.yaml", "characters.yaml"),
            "can't be read: Too many levels",
        ),
        (
            lambda film: link(film.folder / "prompts/clips/A01_S01_SH009__x.yaml", "../../../../Snakefile"),
            "leads out of the project",
        ),
        (
            lambda film: film.write("prompts/clips/A01_S01_SH008__x.yml", "version: 1"),
            "the file name must be <clip_id>__<slug>.yaml",
        ),
        (
            lambda film: film.edit("metadata.yaml", "slug: harbour", "slug: other"),
            "slug: 'other', but the film's folder is 'harbour'",
        ),
        (
            lambda film: film.write("film.lock.yaml", "models: [a]\n"),
            "projects/harbour/film.lock.yaml:1: models: a list: expected",
        ),
        (
            lambda film: film.write("story/04_shotlist.yaml", "shots: [A01]\n"),
            "projects/harbour/story/04_shotlist.yaml:1: shots.0",
        ),
        (
            lambda film: film.write("review/selects/A01_S01_SH001.yml", "clip_id: A01_S01_SH001\n"),
            "projects/harbour/review/selects/A01_S01_SH001.yml: the file is named by its clip: A01_S02_SH003.yaml",
        ),
        (
            lambda film: film.write("review/selects/A01_S01_SH001.yaml", "clip_id: A01_S01_SH001\ntake: 6b0a91\n"),
            "selects/A01_S01_SH001.yaml:2: take: '6b0a91': expected the take that is shown, where it is picked or "
            "approved: the whole name of a file in renders/takes/<clip_id>, 64 digits",
        ),
    ],
)
def test_what_does_not_fit_is_reported(film: FilmFiles, damage: Callable[[FilmFiles], object], message: str) -> None:
    damage(film)
    found = faults()
    assert len(found) == 1
    assert message in found[0]


def test_a_file_in_place_of_the_specs_folder(film: FilmFiles) -> None:
    for path in (film.folder / "prompts" / "clips").iterdir():
        path.unlink()
    (film.folder / "prompts" / "clips").rmdir()
    film.write("prompts/clips", "not a folder")
    assert faults() == ["projects/harbour/prompts/clips: can't be read: Not a directory"]


def test_every_clip_of_a_circle_is_reported(film: FilmFiles) -> None:
    film.edit_clip("A01_S02_SH001__wheelhouse", "type: t2v", "continue_from: A01_S02_SH002")
    first, second = faults()
    assert "a circle: A01_S02_SH001 continues from A01_S02_SH002 continues from A01_S02_SH001" in first
    assert "a circle: A01_S02_SH002 continues from A01_S02_SH001 continues from A01_S02_SH002" in second


def test_a_clip_that_leads_into_a_circle_is_not_blamed(film: FilmFiles) -> None:
    film.edit_clip("A01_S02_SH001__wheelhouse", "type: t2v", "continue_from: A01_S02_SH001")
    (only,) = faults()
    assert "A01_S02_SH001__wheelhouse.yaml" in only
    assert "a circle: A01_S02_SH001 continues from A01_S02_SH001" in only


def test_a_number_written_longer_is_the_same_number(film: FilmFiles) -> None:
    film.write("prompts/clips/A001_S01_SH001__again.yaml", spec("A001_S01_SH001", "Again", "The quay again."))
    with pytest.raises(SpecError, match=r"clip id A01_S01_SH001 is taken by A001_S01_SH001__again\.yaml"):
        load_film("harbour")
