"""What a film of many thousand shots costs grows with their number, not with its square."""

from __future__ import annotations

from fractions import Fraction

from kit.growth import growth
from vtx_app.cut.edited import build_timeline, film_row
from vtx_app.cut.timeline import Material, Timeline
from vtx_app.formats.edit import Edit
from vtx_app.handover.lay_out import Format, lay_out
from vtx_app.handover.model import Cut, Media
from vtx_app.review.cut_table import cut_table

RATE = Fraction(24)
FORM = Format("Harbour", "harbour", RATE, 128, 96)


class LongFilm:
    """A film whose edit says something of every clip: gains, clips left out, dips, cards, words over the picture."""

    def __init__(self, clips: int) -> None:
        ids = [f"A{at // 250 + 1:02d}_S{at % 250 // 25 + 1:02d}_SH{at % 250 + 1:03d}" for at in range(clips)]
        self.materials = [Material(clip_id, int(clip_id[1:3]), int(clip_id[5:7]), 48, 12, 12) for clip_id in ids]
        used = [(at, clip_id) for at, clip_id in enumerate(ids) if at % 5 != 2]
        self.edit = Edit.model_validate(
            {
                "clips": {clip_id: {"leave_out": True} if at % 5 == 2 else {"gain_db": -1.0}
                          for at, clip_id in enumerate(ids)},
                "transitions": [{"after": clip_id, "dip": 4} for at, clip_id in used if at % 5 == 3],
                "titles": [
                    *({"over": clip_id, "text": "Words", "frames": 3} for at, clip_id in used if at % 5 == 1),
                    *({"before": clip_id, "text": "A card", "frames": 8} for at, clip_id in used if at % 5 == 0),
                ],
            }
        )  # fmt: skip
        self.shown = {each: Media(f"{each}.mp4", each, 1, "d", "r", 72, 12, 48, True, "", "") for each in ids}
        self._timeline: Timeline | None = None

    @property
    def timeline(self) -> Timeline:
        self._timeline = self._timeline or build_timeline(self.materials, self.edit)
        return self._timeline


def films(sizes: tuple[int, ...] = (1000, 4000)) -> dict[int, LongFilm]:
    made = {size: LongFilm(size) for size in sizes}
    assert all(len(made[size].timeline.uses) == size * 4 // 5 for size in sizes)
    return made


def test_a_timeline() -> None:
    made = films()
    assert growth(lambda size: build_timeline(made[size].materials, made[size].edit), 1000) < 8


def test_a_table_of_the_cut() -> None:
    made = films()
    assert growth(lambda size: cut_table(made[size].timeline, made[size].edit, RATE), 1000) < 8


def test_the_layout_for_an_editing_program() -> None:
    made = films()
    rows = {size: film_row(film.materials, film.edit) for size, film in made.items()}

    def work(size: int) -> Cut:
        film = made[size]
        return lay_out(FORM, rows[size], film.timeline.sound, film.shown, edit=film.edit)

    assert len(work(1000).markers) == 200
    assert growth(work, 1000) < 8
