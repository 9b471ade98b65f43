"""A person trims shots: what their edit says then, and what that makes necessary."""

from __future__ import annotations

import pytest
import yaml

from kit.desk import CLIP, planned
from kit.film import Film
from vtx_app.errors import ProjectError
from vtx_app.formats.edit import Edit
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.review.cut_changes import CutChange, save_edit, trim_clip
from vtx_app.review.decisions import find_clip

EDIT = "story/05_edit.yaml"
PARENT, CHILD = "A01_S02_SH001", "A01_S02_SH002"


def change(clip_id: str, **trim: int | tuple[str, ...]) -> CutChange:
    plan = planned()
    return trim_clip(plan, find_clip(plan.every_clip, clip_id), **trim)  # type: ignore[arg-type]


def cut(clip_id: str, **trim: int | tuple[str, ...]) -> CutChange:
    """Trim the clip and save that."""
    made = change(clip_id, **trim)
    save_edit(made.before.film, made.data)
    return made


def shown(plan: FilmPlan, clip_id: str) -> tuple[int, int]:
    delivery = find_clip(plan.every_clip, clip_id).delivery
    return delivery.start, delivery.start + delivery.frames


def test_a_trim_renders_nothing_and_says_what_is_made_again(film: Film) -> None:
    made = cut(CLIP, first=2, end=6)
    assert shown(planned(), CLIP) == shown(made.after, CLIP) == (2, 6)
    assert made.takes == 0
    assert made.made_again() == ["the clip", "act A01", "the sound", "the subtitles", "the final"]
    assert made.lines() == [
        "0 takes to render; made again: the clip, act A01, the sound, the subtitles, the final",
        "the film is 0.50 s shorter: 0:05",
    ]
    assert {clip.take.digest for clip in made.before.clips.values()} == {
        clip.take.digest for clip in planned().clips.values()
    }


def test_a_trim_that_tears_a_chain_says_so(film: Film) -> None:
    made = cut(PARENT, end=5)
    assert made.torn() == [(PARENT, CHILD)]
    assert f"{CHILD} continues {PARENT}, but no longer runs on from it" in made.lines()[2]
    assert change(PARENT, end=4).torn() == []  # it was torn before
    assert change(PARENT, first=1, forget=("out",)).after.timeline.torn == ()


def test_the_rest_of_the_edit_stays_as_the_person_wrote_it(film: Film) -> None:
    text = (
        "# my cut\nversion: 1\n\nclips:\n  # too long!\n  A01_S01_SH002: {in: 1, gain_db: -3}  # softer\n"
        "  A02_S01_SH001:\n    mute: true   # noise\n"
    )
    film.write(EDIT, text)
    cut(CLIP, end=-2)
    assert film.read(EDIT) == text.replace("{in: 1, gain_db: -3}", "{in: 1, gain_db: -3, out: -2}")
    cut("A02_S01_SH001", first=3)
    assert "    mute: true   # noise\n    in: 3\n" in film.read(EDIT)
    cut("A02_S01_SH001", forget=("in", "out"))
    cut(CLIP, first=0, forget=("out",))
    assert film.read(EDIT) == text.replace("{in: 1, gain_db: -3}", "{gain_db: -3}")


def test_what_was_written_beside_a_trim_stays_when_it_is_cleared(film: Film) -> None:
    film.write(
        EDIT,
        "clips:  # the cut\n  # too long!\n  A01_S01_SH002: {in: 1}  # after the door\n  A02_S01_SH001:\n"
        "    # she turns\n    in: 2  # not earlier\n",
    )
    for clip_id in ("A02_S01_SH001", CLIP):
        cut(clip_id, forget=("in", "out"))
    text = film.read(EDIT)
    assert yaml.safe_load(text) == {"version": 1}
    for comment in ("the cut", "too long!", "after the door", "she turns", "not earlier"):
        assert f"# {comment}\n" in text
    assert planned().film.edit == Edit()


def test_a_film_without_an_edit_gets_the_template_s(film: Film) -> None:
    cut(CLIP, first=2)
    text = film.read(EDIT)
    assert text.startswith("# The edit: what happens after the takes.")
    assert f"clips:\n  {CLIP}:\n    in: 2\n" in text
    cut(CLIP, forget=("in", "out"))
    assert planned().film.edit == Edit()
    template = (film.root / "config/project_template" / EDIT).read_text(encoding="utf-8")
    assert film.read(EDIT) == template.replace("vtx plan new_film", "vtx plan harbour")


@pytest.mark.parametrize(
    ("trim", "told"),
    [
        ({"end": 20}, f"{CLIP}: out: 20: its take has 1 frames? after the shot's 8, so at most 9"),
        ({"first": -1}, f"{CLIP}: in: -1: its take has 0 frames before the shot, so at least 0"),
        ({"first": 9}, f"{CLIP}: in: 9: nothing is left of the shot's 8 frames; at most 7"),
        (
            {"first": 4, "end": 4},
            f"{CLIP}: out: 4: nothing is left of the shot's 8 frames; from frame 4 on, at least 5",
        ),
        ({"end": 2_000_000}, "story/05_edit.yaml: clips.A01_S01_SH002.out: 2000000: expected"),
    ],
)
def test_a_trim_that_the_take_is_too_short_for_is_refused_with_what_it_has(
    film: Film, trim: dict[str, int], told: str
) -> None:
    with pytest.raises(ProjectError, match=told):
        change(CLIP, **trim)
    assert not (film.folder / EDIT).exists()


def test_a_trim_that_leaves_no_room_for_a_transition_is_refused(film: Film) -> None:
    film.write(EDIT, f"transitions: [{{after: {CLIP}, dip: 8}}]\n")
    with pytest.raises(ProjectError, match=rf"{CLIP}: the rest of the edit does not fit then:\n.*05_edit\.yaml:1:"):
        change(CLIP, end=2)


def test_an_edit_that_a_person_changes_meanwhile_is_not_written_over(film: Film) -> None:
    made = change(CLIP, first=2)
    film.write(EDIT, "clips: {A01_S01_SH001: {mute: true}}  # mine\n")
    with pytest.raises(ProjectError, match=r"05_edit\.yaml was edited meanwhile: read it"):
        save_edit(made.before.film, made.data)
    assert "# mine" in film.read(EDIT)


def test_an_approved_take_is_trimmed_within_what_it_has(film: Film) -> None:
    digest = find_clip(planned().clips, CLIP).take.digest
    film.write(f"review/selects/{CLIP}.yaml", f"clip_id: {CLIP}\nstate: approved\ntake: {digest}\n")
    film.edit_clip("A01_S01_SH002__mara", "looks out to sea", "looks at the sky")
    made = cut(CLIP, first=1, end=5)
    assert (made.takes, shown(planned(), CLIP)) == (0, (1, 5))
    beyond = change(CLIP, end=20)  # a chosen take is shown as far as it goes
    assert shown(beyond.after, CLIP) == (1, 9)
    assert beyond.lines()[-1] == "out 20: its take has 1 frame after the shot's 8; it is shown as far as that"
