"""``review/selects/<clip_id>.yaml``: which take of a shot the film shows, by a person's choice."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from vtx_app.formats.base import WHOLE, ClipId, Format, Text
from vtx_app.formats.clip_spec import Seed
from vtx_app.formats.metadata import Moment, Pixels

__all__ = ["Digest", "Select"]

Digest = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="the name of a take: renders/takes/<clip_id>/<it>")
]


class Select(Format):
    """A person's decisions on the takes of one shot.

    ``approved``: this take is shown, whatever is edited later, until the approval is withdrawn. ``picked``: it is shown
    while the shot requests the same take as when this one was picked (``instead_of``).
    """

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    clip_id: ClipId
    state: Annotated[
        Literal["open", "picked", "approved"],
        Field(
            description="open: the take that the spec asks for; picked: this one, until the shot is edited; "
            "approved: this one, whatever is edited; left out: what the spec's status says"
        ),
    ] = "open"
    take: Annotated[
        Digest | None,
        Field(
            description="the take that is shown, where it is picked or approved: the whole name of a file in "
            "renders/takes/<clip_id>, 64 digits of 0-9 and a-f (vtx take pick takes the first few)"
        ),
    ] = None
    instead_of: Annotated[Digest | None, Field(description="the take that the spec asked for when this was chosen")] = (
        None
    )
    frames: Annotated[
        int | None, Field(ge=1, description="approved: length of the clip in the film's frames"), WHOLE
    ] = None
    width: Annotated[Pixels | None, Field(description="approved: width of its picture")] = None
    height: Annotated[Pixels | None, Field(description="approved: height of its picture")] = None
    since: Annotated[Moment | None, Field(description="when it was chosen (ISO 8601)")] = None
    good_for: Annotated[
        list[Digest], Field(description="what the edited spec asks for, and the approved take is accepted for as well")
    ] = []
    rejected: Annotated[list[Digest], Field(description="takes that are never shown; the clip gets the next seed")] = []
    seeds: Annotated[list[Seed], Field(description="further seeds that are rendered, to choose from")] = []
    note: Annotated[Text, Field(description="for people; decides nothing")] = ""

    @property
    def has_state(self) -> bool:
        """Whether a state is written here; if not, the ``status`` of the spec counts."""
        return "state" in self.model_fields_set

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.state != "open" and self.take is None:
            raise ValueError(f"state {self.state} needs take")
        if self.state == "picked" and self.instead_of is None:
            raise ValueError("state picked needs instead_of, what the spec asked for when it was picked")
        if self.state != "open" and self.take in self.rejected:
            raise ValueError(f"the take {(self.take or '')[:12]}… is {self.state} and rejected")
        return self
