"""``review/selects/<clip_id>.yaml``: which take of a shot the film shows, by a person's choice."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from vtx_app.formats.base import WHOLE, ClipId, Format, Text
from vtx_app.formats.clip_spec import Seed
from vtx_app.formats.metadata import Moment, Pixels

__all__ = ["OTHER_TIERS", "Digest", "Select", "TierChoice"]

OTHER_TIERS = ("animatic", "draft")
"""The tiers whose choices stand under ``tiers``."""

Digest = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="the name of a take: renders/takes/<clip_id>/<it>")
]


class TierChoice(Format):
    """A person's choice among the takes of one shot in one tier.

    ``approved``: this take is shown, whatever is edited later, until the approval is withdrawn. ``picked``: it is shown
    while the shot requests the same take as when this one was picked (``instead_of``).
    """

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
    since: Annotated[Moment | None, Field(description="when it was chosen (ISO 8601)")] = None
    good_for: Annotated[
        list[Digest], Field(description="what the edited spec asks for, and the approved take is accepted for as well")
    ] = []
    seeds: Annotated[list[Seed], Field(description="further seeds that are rendered, to choose from")] = []

    @property
    def has_state(self) -> bool:
        """Whether a state is written here; if not, the ``status`` of the spec counts."""
        return "state" in self.model_fields_set

    @model_validator(mode="after")
    def _has_its_take(self) -> Self:
        if self.state != "open" and self.take is None:
            raise ValueError(f"state {self.state} needs take")
        if self.state == "picked" and self.instead_of is None:
            raise ValueError("state picked needs instead_of, what the spec asked for when it was picked")
        return self


class Tiers(Format):
    """Choices in the tiers besides the final."""

    animatic: Annotated[TierChoice | None, Field(description="in the storyboard")] = None
    draft: Annotated[TierChoice | None, Field(description="in the draft")] = None


class Select(TierChoice):
    """A person's decisions on the takes of one shot: those of the final, and under ``tiers`` those of the others.

    A rejected take is shown in no tier.
    """

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    clip_id: ClipId
    frames: Annotated[
        int | None, Field(ge=1, description="of older files; the edit says how long the clip is"), WHOLE
    ] = None
    width: Annotated[Pixels | None, Field(description="of older files; the spec says how wide the picture is")] = None
    height: Annotated[Pixels | None, Field(description="of older files; the spec says how high the picture is")] = None
    rejected: Annotated[list[Digest], Field(description="takes that are never shown; the clip gets the next seed")] = []
    failed: Annotated[
        list[Digest],
        Field(
            description="takes that failed a check where qc.policy is reroll; written by the build. The clip gets the "
            "next seed. Pick or approve a take to show it all the same"
        ),
    ] = []
    tiers: Annotated[Tiers, Field(description="choices in the storyboard and in the draft")] = Tiers.model_construct()
    note: Annotated[Text, Field(description="for people; decides nothing")] = ""

    def of_tier(self, tier: str) -> Self:
        """The decisions that count in ``tier``: what is chosen there, and the takes that are rejected everywhere."""
        if tier not in OTHER_TIERS:
            return self
        chosen: TierChoice = getattr(self.tiers, tier) or TierChoice()
        values = {name: getattr(chosen, name) for name in chosen.model_fields_set}
        both = {"rejected": self.rejected, "failed": self.failed}
        return self.model_construct({*values, *both}, clip_id=self.clip_id, **both, **values)

    @property
    def chosen(self) -> dict[str, str]:
        """The digest of the picked or approved take, by tier."""
        tiers = {tier: self.of_tier(tier) for tier in ("final", *OTHER_TIERS)}
        return {tier: each.take for tier, each in tiers.items() if each.state != "open" and each.take}

    @model_validator(mode="after")
    def _shows_none_that_is_rejected(self) -> Self:
        for tier, take in self.chosen.items():
            if take in self.rejected:
                place = "" if tier == "final" else f" in {tier}"
                raise ValueError(f"the take {take[:12]}… is {self.of_tier(tier).state}{place} and rejected")
        return self
