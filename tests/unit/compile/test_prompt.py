"""The words of a shot: made of what the shot names, in order, and of nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.compile import negative
from vtx_app.compile import prompt as compiler
from vtx_app.compile.prompt import with_triggers
from vtx_app.compile.request import fold
from vtx_app.compile.sources import RequestSources
from vtx_app.formats.bibles import Character, Location, Profile, StyleBible
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.project.film import Bibles
from vtx_app.project.settings import Settings

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
WRITTEN = TEXTS.filter(lambda text: bool(text.strip()))


def bibles(**changed: Any) -> Bibles:
    parts: dict[str, Any] = {
        "style": StyleBible(
            global_prefix="35mm film,",
            global_negative="text, watermark",
            profiles={"day": Profile(prefix="Clear daylight", negative="night, text."), "bare": Profile()},
        ),
        "characters": {
            "mara": Character(
                name="Mara",
                description="A ferrywoman of fifty.",
                wardrobe={"oilskin": "in a yellow oilskin", "sunday": "in a black coat"},
                voice="a low, dry voice.",
            ),
            "ivo": Character(name="Ivo", description="A boy of ten"),
        },
        "locations": {
            "quay": Location(name="Quay", description="A stone quay!"),
            "ferry": Location(name="Ferry", description="A small wheelhouse"),
        },
    }
    return Bibles(**(parts | changed))


def compile_prompt(spec: ClipSpec, bibles: Bibles, profile: str | None) -> str:
    return compiler.compile_prompt(spec, bibles, profile, RequestSources("A01_S01_SH001__quay", Settings({})))


def compile_negative(spec: ClipSpec, bibles: Bibles, profile: str | None) -> str:
    return negative.compile_negative(spec, bibles, profile, RequestSources("A01_S01_SH001__quay", Settings({})))


def clip(**parts: Any) -> ClipSpec:
    data = {
        "clip_id": "A01_S01_SH001",
        "title": "t",
        "act": 1,
        "scene": 1,
        "shot": 1,
        "prompt": {"positive": "The quay\n\n  at dawn"},
    }
    return ClipSpec.model_validate(data | parts)


FULL = clip(
    continuity={"characters": [{"id": "mara", "wardrobe": "oilskin"}, "ivo"], "locations": ["quay", "ferry"]},
    prompt={
        "positive": "She ties the ferry up",
        "negative": "blur, night ,, Text",
        "dialogue": [{"character": "mara", "line": "“Nobody today.”"}, {"character": "ivo", "line": 'Say "ahoy"!'}],
    },
)


def test_the_order_of_a_prompt() -> None:
    assert compile_prompt(FULL, bibles(), "day") == (
        "35mm film. Clear daylight. A ferrywoman of fifty, in a yellow oilskin. A boy of ten. A stone quay! "
        "A small wheelhouse. She ties the ferry up. "
        'Mara says in a low, dry voice: "Nobody today." Ivo says: "Say "ahoy"!"'
    )


def test_a_prompt_of_its_own_words_alone() -> None:
    empty = Bibles(StyleBible(), {}, {})
    assert compile_prompt(clip(), empty, None) == "The quay at dawn."


@given(WRITTEN, TEXTS, TEXTS, WRITTEN)
def test_a_prompt_is_one_paragraph(positive: str, prefix: str, description: str, line: str) -> None:
    spec = clip(
        prompt={"positive": positive, "dialogue": [{"character": "mara", "line": line}]},
        continuity={"characters": ["mara"]},
    )
    people = {"mara": Character(name="Mara", description=description)}
    prompt = compile_prompt(spec, bibles(style=StyleBible(global_prefix=prefix), characters=people), None)
    assert prompt == " ".join(prompt.split())
    assert fold(positive).rstrip(",") in prompt


@pytest.mark.parametrize(
    "changed",
    [
        {"characters": bibles().characters | {"ivo": Character(name="X", description="Y", voice="Z")}},
        {"characters": bibles().characters | {"new": Character(name="X", description="Y")}},
        {"locations": bibles().locations | {"ferry": Location(name="X", description="Y")}},
        {
            "style": bibles().style.model_copy(
                update={"profiles": bibles().style.profiles | {"bare": Profile(prefix="X")}}
            )
        },
    ],
)
def test_what_a_shot_does_not_name_does_not_enter(changed: dict[str, Any]) -> None:
    spec = clip(
        continuity={"characters": [{"id": "mara", "wardrobe": "sunday"}], "locations": ["quay"]},
        prompt={"positive": "p", "dialogue": [{"character": "mara", "line": "l"}]},
    )
    for compiled in (compile_prompt, compile_negative):
        assert compiled(spec, bibles(), "day") == compiled(spec, bibles(**changed), "day")


def test_only_the_costume_that_is_worn_enters() -> None:
    worn = compile_prompt(clip(continuity={"characters": [{"id": "mara", "wardrobe": "sunday"}]}), bibles(), None)
    assert "black coat" in worn
    assert "oilskin" not in worn
    assert "coat" not in compile_prompt(clip(continuity={"characters": ["mara"]}), bibles(), None)


def test_a_negative_has_no_repetitions() -> None:
    assert compile_negative(FULL, bibles(), "day") == "text, watermark, night, blur, Text"
    assert compile_negative(clip(), Bibles(StyleBible(), {}, {}), None) == ""


@given(st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=3))
def test_negatives_have_no_empty_things_and_no_doubles(film: list[str], shot: list[str]) -> None:
    style = StyleBible(global_negative=",".join(film))
    spec = clip(prompt={"positive": "p", "negative": ",".join(shot)})
    compiled = compile_negative(spec, bibles(style=style), None)
    things = compiled.split(", ") if compiled else []
    assert all(things)
    assert len(things) == len(set(things))


# -- what is heard ------------------------------------------------------------------------------------------------


def test_sound_stands_behind_all_that_is_seen_and_spoken() -> None:
    heard = bibles(
        style=StyleBible(global_sound="No music", profiles={"day": Profile(prefix="Day", sound="Gulls, far off")}),
        locations={
            "quay": Location(name="Quay", description="A quay", sound="water on stone"),
            "ferry": Location(name="Ferry", description="A wheelhouse"),
        },
    )
    spec = clip(
        continuity={"locations": ["quay", "ferry"]},
        prompt={
            "positive": "She waits",
            "dialogue": [{"character": "ivo", "line": "Ahoy!"}],
            "sound": "A rope creaks.",
        },
    )
    assert compile_prompt(spec, heard, "day") == (
        'Day. A quay. A wheelhouse. She waits. Ivo says: "Ahoy!" No music. Gulls, far off. Water on stone. '
        "A rope creaks."
    )
    assert compile_prompt(spec, heard, None).endswith('"Ahoy!" No music. Water on stone. A rope creaks.')


def test_a_film_without_sounds_has_the_prompts_that_it_had() -> None:
    assert compile_prompt(FULL, bibles(), "day").endswith('Ivo says: "Say "ahoy"!"')


@pytest.mark.parametrize(
    ("triggers", "prompt"),
    [
        ([], "A quay at dawn."),
        ([""], "A quay at dawn."),
        (["LHSE"], "LHSE A quay at dawn."),
        (["LHSE", "dolly  in", "LHSE"], "LHSE dolly in A quay at dawn."),
        (["a QUAY", "LHSE"], "LHSE A quay at dawn."),
    ],
)
def test_trigger_words_come_first_and_once(triggers: list[str], prompt: str) -> None:
    assert with_triggers("A quay at dawn.", triggers) == prompt
