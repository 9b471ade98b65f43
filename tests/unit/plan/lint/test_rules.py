"""Each rule of what to look at before rendering: what it says, what it says nothing of, and how it is turned off."""

from __future__ import annotations

from typing import Any

import pytest

from kit.film import Film, picture, spec
from kit.machine import forget
from kit.shot import MONOLITH_LOCK
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.metadata import LINT_RULES
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.lint.film import Finding, lint
from vtx_app.plan.lint.rules import RULES
from vtx_app.plan.pending import clips_to_render
from vtx_app.plan.planner import plan_film

SHOT = "A01_S01_SH001"
STEM = f"{SHOT}__quay"
IVO = "inputs/reference_images/ivo.png"
FROM_A_PICTURE = {"type": "i2v", "reference_image": IVO, "strength": 0.8}
SPOKEN = {"character": "mara", "line": "Nobody today."}
SHE = {"characters": ["mara"]}


@pytest.fixture
def bare(film: Film) -> Film:
    """A film of LTX-2 at 24 frames per second without a shot."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.edit("metadata.yaml", "fps: 8", "fps: 24")
    film.edit("prompts/style_bible.yaml", "text, watermark", "watermark")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=MONOLITH_LOCK)))
    for path in (film.folder / "prompts/clips").iterdir():
        path.unlink()
    return film


def write(film: Film, text: str = "Waves break on the quay.", number: int = 1, **parts: Any) -> None:
    """Write a shot that nothing can be said of but what ``parts`` do."""
    render = {"duration": {"mode": "fixed", "seconds": parts.pop("seconds", 4)}} | parts.pop("render", {})
    clip_id = f"A01_S01_SH{number:03d}"
    film.write(f"prompts/clips/{clip_id}__quay.yaml", spec(clip_id, "Quay", text, render=render, **parts))


def findings(film: Film, tier: str = "final") -> list[Finding]:
    forget()
    plan = plan_film("harbour", tier)
    return lint(plan, clips_to_render(plan.clips.values()))


def said(film: Film) -> dict[str, str]:
    """What is said of the film's first shot, by rule."""
    return {each.rule: each.message for each in findings(film) if each.clip_id == SHOT}


STILL = "The quay at dawn, nobody about."

WRONG: list[tuple[str, str, dict[str, Any], str]] = [
    ("motion", STILL, {"inputs": FROM_A_PICTURE}, "no word of its prompt moves"),
    ("strength", "Waves break.", {"inputs": FROM_A_PICTURE | {"strength": 1.0}}, "strength 1"),
    ("strength", "Waves break.", {"inputs": {"type": "i2v", "reference_image": IVO}}, "strength 1"),
    (
        "speakers",
        "They wave.",
        {
            "continuity": {"characters": ["mara", "ivo"]},
            "prompt": {"dialogue": [SPOKEN, {"character": "ivo", "line": "A"}]},
        },
        "2 people speak (mara, ivo)",
    ),
    ("absent_speaker", "Waves break.", {"prompt": {"dialogue": [SPOKEN]}}, "mara speaks and is not in"),
    (
        "dialogue",
        "She waves.",
        {"continuity": SHE, "prompt": {"dialogue": [SPOKEN | {"line": "One " * 20}]}},
        "its dialogue takes about 8.6 s and the shot has 4.0 s",
    ),
    ("length", f"Waves break. {'grey ' * 200}", {}, "words; LTX-2 does best with 200 or fewer"),
    ("length", f"Waves break. {'grey ' * 900}", {}, "its end will not be seen"),
    (
        "negative",
        "Waves break on the quay under a blue sky.",
        {"prompt": {"negative": "people, Blue  sky"}},
        "for: blue sky",
    ),
]
RIGHT: list[tuple[str, str, dict[str, Any]]] = [
    ("motion", STILL, {}),
    ("motion", "The quay at dawn. Slow push in.", {"inputs": FROM_A_PICTURE}),
    ("motion", "Причал на рассвете, никого.", {"inputs": FROM_A_PICTURE}),
    ("motion", STILL, {"inputs": FROM_A_PICTURE, "continuity": SHE, "prompt": {"dialogue": [SPOKEN]}}),
    ("strength", "Waves break.", {"inputs": FROM_A_PICTURE}),
    ("speakers", "She waves.", {"continuity": SHE, "prompt": {"dialogue": [SPOKEN, SPOKEN]}}),
    ("absent_speaker", "She waves.", {"continuity": SHE, "prompt": {"dialogue": [SPOKEN]}}),
    ("absent_speaker", "Waves break. Mara, off screen, counts.", {"prompt": {"dialogue": [SPOKEN]}}),
    ("absent_speaker", "Waves break. Her voice comes over the radio.", {"prompt": {"dialogue": [SPOKEN]}}),
    ("dialogue", "She waves.", {"continuity": SHE, "prompt": {"dialogue": [SPOKEN | {"line": "One two three four"}]}}),
    ("length", f"Waves break. {'grey ' * 150}", {}),
    ("negative", "Waves break. No people.", {"prompt": {"negative": "people, boat"}}),
    ("negative", "Waves break. The sky is blue. Sky and sea.", {"prompt": {"negative": "blue sky"}}),
    ("negative", "Sailboats ride the waves.", {"prompt": {"negative": "boat, sail"}}),
    ("negative", "She waves.", {"continuity": SHE, "prompt": {"negative": "nobody today", "dialogue": [SPOKEN]}}),
    ("negative", "Waves break. Rain.", {"prompt": {"negative": "rain"}, "render": {"pipeline": "distilled"}}),
]


@pytest.mark.parametrize(
    ("rule", "text", "parts", "words"), WRONG, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_rule_says_what_it_is_for(bare: Film, rule: str, text: str, parts: dict[str, Any], words: str) -> None:
    write(bare, text, **parts)
    assert words in said(bare)[rule]
    (found,) = [each for each in findings(bare) if each.rule == rule]
    assert found.at == f"projects/harbour/prompts/clips/{STEM}.yaml"
    bare.edit("metadata.yaml", "acts_enabled: true", f"lint: {{off: [{rule}]}}")
    assert rule not in said(bare)


@pytest.mark.parametrize(("rule", "text", "parts"), RIGHT, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_says_nothing_else(bare: Film, rule: str, text: str, parts: dict[str, Any]) -> None:
    write(bare, text, **parts)
    assert rule not in said(bare)


def pictures(film: Film, *frames: int) -> dict[str, Any]:
    keys = []
    for frame in frames:
        film.write(f"inputs/keyframes/{frame}.png", picture((frame % 256, 9, 9)))
        keys.append({"path": f"inputs/keyframes/{frame}.png", "frame": frame, "strength": 0.9})
    return {"type": "keyframe_interpolation", "keyframes": keys}


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        ((0, 23), "frames 0 and 23 are 1.0 s apart"),
        ((0, 48, 60), "frames 48 and 60 are 0.5 s apart: 1 to 8 s work"),
        ((0, 216), "frames 0 and 216 are 9.0 s apart"),
        ((0, 24), None),
        ((0, 96, 288), None),
    ],
)
def test_pictures_are_neither_too_close_nor_too_far_apart(
    bare: Film, frames: tuple[int, ...], words: str | None
) -> None:
    write(bare, seconds=13, inputs=pictures(bare, *frames))
    assert (words is None and "keyframes" not in said(bare)) or str(words) in said(bare)["keyframes"]
    bare.edit("metadata.yaml", "acts_enabled: true", "lint: {off: [keyframes]}")
    assert said(bare) == {}


def test_spare_frames_before_a_shot_leave_its_pictures_where_they_are(bare: Film) -> None:
    write(bare, STILL, inputs=FROM_A_PICTURE | {"strength": 1.0}, render={"handles": {"head": 8}})
    assert [*said(bare)] == ["motion"]  # after a head, the picture guides and is not copied
    write(bare, STILL, seconds=13, inputs=pictures(bare, 0, 12), render={"handles": {"head": 8}})
    assert "frames 0 and 12 are 0.5 s apart" in said(bare)["keyframes"]


def test_a_second_picture_is_motion(bare: Film) -> None:
    write(bare, STILL, inputs=pictures(bare, 0, 48))
    assert said(bare) == {}


def chain(film: Film, clips: int) -> None:
    """A chain in which every shot continues from the one before."""
    write(film)
    for number in range(2, clips + 1):
        write(film, number=number, inputs={"type": "i2v", "continue_from": f"A01_S01_SH{number - 1:03d}"})


def test_a_chain_is_said_once_where_it_gets_too_long(bare: Film) -> None:
    chain(bare, 4)
    assert findings(bare) == []
    chain(bare, 7)
    (found,) = findings(bare)
    assert (found.rule, found.clip_id) == ("chain", "A01_S01_SH005")
    assert "link 4 of the chain from A01_S01_SH001" in found.message
    rendered(bare, "A01_S01_SH005", "A01_S01_SH006")
    (found,) = findings(bare)
    assert found.clip_id == "A01_S01_SH007"
    bare.edit("metadata.yaml", "acts_enabled: true", "lint: {off: [chain]}")
    assert findings(bare) == []


def rendered(film: Film, *clip_ids: str) -> None:
    for clip in plan_film("harbour", "final").clips.values():
        if clip.clip_id in clip_ids:
            clip.take.path.parent.mkdir(parents=True, exist_ok=True)
            clip.take.path.touch()


def test_a_continued_shot_starts_from_a_picture_that_is_held(bare: Film) -> None:
    write(bare)
    write(bare, STILL, number=2, inputs={"type": "i2v", "continue_from": SHOT})
    assert [(each.clip_id, each.rule) for each in findings(bare)] == [("A01_S01_SH002", "motion")]


def test_a_tail_of_another_shot_moves_already(bare: Film) -> None:
    write(bare)
    write(bare, STILL, number=2, inputs={"type": "v2v", "continue_from": SHOT, "continue_frames": 9})
    assert findings(bare) == []


def test_nothing_is_said_of_what_is_rendered_or_a_storyboard(bare: Film) -> None:
    write(bare, STILL, inputs={"type": "i2v", "reference_image": IVO})
    assert {each.rule for each in findings(bare)} == {"motion", "strength"}
    assert findings(bare, "animatic") == []
    assert {each.rule for each in findings(bare, "draft")} == {"motion", "strength"}
    rendered(bare, SHOT)
    assert findings(bare) == []


@pytest.mark.parametrize("fps", ["23.976", "24", "25", "29.97", "30", "47.952", "48", "50", "59.94", "60"])
def test_a_rate_that_has_time_code_costs_nothing(bare: Film, fps: str) -> None:
    write(bare)
    bare.edit("metadata.yaml", "fps: 24", f"fps: {fps}")
    assert findings(bare) == []


@pytest.mark.parametrize(("fps", "steady"), [("16", False), ("12.5", False), ("24.5", True), ("100", True)])
def test_a_rate_without_time_code_is_said_in_one_line(bare: Film, fps: str, steady: bool) -> None:
    write(bare)
    bare.edit("metadata.yaml", "fps: 24", f"fps: {fps}")
    (found,) = findings(bare)
    assert (found.rule, found.clip_id, found.at) == ("rate", None, "projects/harbour/metadata.yaml:9: fps")
    assert f"no time code has {fps}, so no EDL or XML" in found.message
    assert ("less steady" in found.message) is not steady
    assert [each.rule for each in findings(bare, "animatic")] == ["rate"]
    rendered(bare, SHOT)
    assert findings(bare) == []
    bare.edit("prompts/style_bible.yaml", "soft grain", "hard grain")
    bare.edit("metadata.yaml", "acts_enabled: true", "lint: {off: [rate]}")
    assert findings(bare) == []


def test_a_film_without_a_rate_is_told_where_to_set_it(bare: Film) -> None:
    write(bare)
    bare.edit("metadata.yaml", "fps: 24\n", "")
    (found,) = findings(bare)
    assert found.at == "projects/harbour/metadata.yaml: no fps, so the built-in"
    assert found.message.startswith("16 frames per second: LTX-2 is made for 24")


def test_every_rule_has_a_name_that_turns_it_off() -> None:
    assert [*RULES, "rate"] == [*LINT_RULES]
    assert all(
        "LTX-2" in str(rule.__doc__) or "Wan2GP" in str(rule.__doc__) or "guid" in str(rule.__doc__)
        for rule in RULES.values()
    )
