"""The takes of a clip, listed."""

from __future__ import annotations

from kit.desk import decide, edit_all_clips, planned, the_clip
from kit.film import Film
from kit.takes import write_take
from vtx_app.review import decisions
from vtx_app.review.take_list import list_takes


def test_takes_are_listed_with_their_state_and_how_they_differ(film: Film) -> None:
    old = the_clip().take.digest
    edit_all_clips(film)
    write_take(the_clip().take, day=22)
    film.edit("prompts/style_bible.yaml", "hard grain", "soft grain")
    decide(decisions.approve, old)
    edit_all_clips(film)
    first, second = list_takes(planned().film, the_clip())
    assert (first.digest, first.state) == (old, "approved, shown, out of date")
    assert first.differs == "prompts/style_bible.yaml: global_prefix"
    assert (second.state, second.differs) == ("what the shot requests", "")
