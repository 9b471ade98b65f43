"""What a storyboard's request has from earlier shots of its scene, and from which of them."""

from __future__ import annotations

import pytest

from kit.film import Film as FilmFiles
from kit.film import spec
from kit.machine import forget
from kit.shot import print_of
from vtx_app.compile.clip_request import Compiled, compile_request
from vtx_app.compile.request import StagedWeather, canonical_json
from vtx_app.errors import SpecError
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import LockedModels
from vtx_app.project.load import load_film
from vtx_app.render.renderer import reader_of_earlier

QUAY, MARA = "A01_S01_SH001", "A01_S01_SH002"
QUAY_FILE = f"prompts/clips/{QUAY}__empty_quay.yaml"
INSIDE = StagedWeather("rain")  # where no ground is seen
MODELS = ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT", "LTX_DISTILLED_LORA_PATH")


@pytest.fixture(autouse=True)
def rainy(film: FilmFiles) -> FilmFiles:
    film.edit_clip(f"{QUAY}__empty_quay", "The quay at dawn.", "The quay. Rain.")
    return film


def compiled(clip_id: str, renderer: str = "animatic", only: list[str] | None = None) -> Compiled:
    """The request of a clip as a new run would compile it."""
    forget()
    film = load_film("harbour", only)
    models = LockedModels(film.folder, FilmLock(models={slot: print_of(slot) for slot in MODELS}), film.variables)
    earlier = reader_of_earlier(renderer)
    return compile_request(film.clips[clip_id], film, renderer, models, None, read_earlier=earlier)


def weather(clip_id: str, only: list[str] | None = None) -> StagedWeather | None:
    staging = compiled(clip_id, only=only).request.staging
    assert staging is not None
    return staging.earlier.weather if staging.earlier else None


def listed(*ids: str) -> str:
    return "version: 1\nshots:\n" + "".join(f"- {{clip_id: {clip_id}}}\n" for clip_id in ids)


def another(film: FilmFiles, clip_id: str, action: str, **continuity: object) -> None:
    film.write(f"prompts/clips/{clip_id}__another.yaml", spec(clip_id, "Another", action, continuity=continuity))


def test_weather_holds_and_its_words_are_a_source_of_the_request() -> None:
    assert weather(QUAY) is None
    assert weather(MARA) == INSIDE
    assert compiled(MARA).sources.texts()["earlier.weather"] == {f"{QUAY_FILE}: prompt.positive": "Rain: rain, wet"}


def test_a_clip_that_is_read_alone_has_the_same_request() -> None:
    assert compiled(MARA, only=[MARA]).request == compiled(MARA).request


def test_an_earlier_shot_that_cannot_be_read_is_reported(film: FilmFiles) -> None:
    film.edit_clip(f"{QUAY}__empty_quay", "guidance_scale", "guidance_scal")
    with pytest.raises(SpecError, match=rf"{QUAY_FILE}:\d+: render.guidance_scal: unknown key"):
        compiled(MARA, only=[MARA])


def test_another_place_scene_or_time_of_day_has_its_own_weather(film: FilmFiles) -> None:
    another(film, "A01_S01_SH003", "A cup of tea.", locations=["ferry"])
    another(film, "A01_S01_SH004", "A rope.")
    another(film, "A01_S03_SH001", "A rope.")
    assert [weather(each) for each in ("A01_S01_SH003", "A01_S01_SH004", "A01_S03_SH001")] == [None, INSIDE, None]
    film.edit_clip("A01_S01_SH004__another", "act: 1", "heading: {setting: EXT, time: NIGHT}\nact: 1")
    assert weather("A01_S01_SH004") is None
    film.edit_clip(f"{QUAY}__empty_quay", "act: 1", "heading: {setting: EXT, time: night}\nact: 1")
    assert weather("A01_S01_SH004") == StagedWeather("rain", wet=True)


def test_shots_follow_one_another_as_the_shot_list_has_them(film: FilmFiles) -> None:
    another(film, "A01_S01_SH003", "The rain has stopped.")
    another(film, "A01_S01_SH004", "A rope.")
    film.write("story/04_shotlist.yaml", listed("A01_S01_SH003", QUAY, MARA))
    assert weather(MARA) == INSIDE
    film.write("story/04_shotlist.yaml", listed(QUAY, "A01_S01_SH003", MARA))
    assert weather(MARA) == StagedWeather(over=True)
    film.write("story/04_shotlist.yaml", listed(MARA, QUAY))
    assert weather(MARA) is None
    assert weather("A01_S01_SH004") is None  # it is not in the cut


def test_a_take_of_ltx_has_nothing_from_other_shots(film: FilmFiles) -> None:
    before = compiled(MARA, "ltx").request
    film.edit_clip(f"{QUAY}__empty_quay", "Rain.", "Snow falls.")
    assert compiled(MARA, "ltx").request == before


def test_a_shot_with_a_given_picture_has_only_what_is_heard(film: FilmFiles) -> None:
    another(film, "A01_S01_SH003", "A rope.")
    given = "inputs: {type: i2v, reference_image: inputs/reference_images/ivo.png}\nact: 1"
    film.edit_clip("A01_S01_SH003__another", "inputs:\n  type: t2v\n", "")
    film.edit_clip("A01_S01_SH003__another", "act: 1", f"heading: {{setting: EXT}}\n{given}")
    assert weather("A01_S01_SH003") == StagedWeather("rain")
    film.edit_clip(f"{QUAY}__empty_quay", "Rain.", "Fog, and candles are lit.")
    assert weather("A01_S01_SH003") is None
    assert "earlier" not in canonical_json(compiled("A01_S01_SH003").request)
