"""``story/05_edit.yaml``: what an editor decides after the takes. Nothing in it renders one.

All lengths are frames at the film's rate. The order of the clips is the shot list's.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from vtx_app.formats.base import VISIBLE, WHOLE, ClipId, Flag, Format, Number, ProjectPath, Text
from vtx_app.text import plural

__all__ = [
    "Card",
    "ClipEdit",
    "Duck",
    "Edit",
    "EndRoll",
    "Hold",
    "Lettering",
    "Match",
    "Music",
    "Poster",
    "SoundEdit",
    "Title",
    "Transition",
]

MAX_FRAMES = 1_000_000
MOST_STILL = 100_000
"""More than an hour, at 24 frames per second."""

Frames = Annotated[int, Field(ge=0, le=MAX_FRAMES), WHOLE]
SomeFrames = Annotated[int, Field(ge=1, le=MAX_FRAMES), WHOLE]
Still = Annotated[int, Field(ge=0, le=MOST_STILL), WHOLE]
CardFrames = Annotated[int, Field(ge=1, le=MOST_STILL), WHOLE]
Frame = Annotated[int, Field(ge=-MAX_FRAMES, le=MAX_FRAMES), WHOLE]
Decibels = Annotated[Number, Field(ge=-96, le=24, description="decibels: 0 is as it is, -6 about half as loud")]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="a colour as #rrggbb, in quotes")]


class Hold(Format):
    """Frames for which a clip stands still."""

    first: Annotated[Still, Field(description="frames that its first frame is frozen for, before it moves")] = 0
    last: Annotated[Still, Field(description="frames that its last frame is frozen for, after it has moved")] = 0


class ClipEdit(Format):
    """What is used of one clip, and how it sounds."""

    in_: Annotated[
        Frame,
        Field(
            alias="in",
            description="the first frame of the shot that is shown, from 0; negative: into the handle before the shot",
        ),
    ] = 0
    out: Annotated[
        Frame | None,
        Field(
            description="the frame of the shot before which it ends; negative: counted from the end of the shot; "
            "beyond the shot: into the handle after it. Left out: all of it"
        ),
    ] = None
    leave_out: Annotated[Flag, Field(description="true: not in the film")] = False
    repeat: Annotated[int, Field(ge=1, le=100, description="how many times in a row it is shown"), WHOLE] = 1
    hold: Annotated[Hold, Field(description="still frames at its ends")] = Hold.model_construct()
    gain_db: Annotated[Decibels, Field(description="its sound, louder or softer; after the scene's level")] = 0.0
    fade_in: Annotated[Frames, Field(description="frames over which its sound fades in")] = 0
    fade_out: Annotated[Frames, Field(description="frames over which its sound fades out")] = 0
    sound_in: Annotated[
        Frame,
        Field(description="frames by which its sound begins before its picture (negative: J cut) or after it"),
    ] = 0
    sound_out: Annotated[
        Frame, Field(description="frames by which its sound ends after its picture (L cut) or before it (negative)")
    ] = 0
    mute: Annotated[Flag, Field(description="true: without its sound")] = False
    crop: Annotated[
        Number,
        Field(
            ge=0, le=1, description="what narrow deliveries show of it: 0 the left edge, 0.5 the middle, 1 the right"
        ),
    ] = 0.5


class Transition(Format):
    """How one clip becomes the next: exactly one kind, with its length in frames."""

    after: Annotated[ClipId | None, Field(description="the clip that it follows")] = None
    before: Annotated[ClipId | None, Field(description="the clip that it leads to")] = None
    dissolve: Annotated[SomeFrames | None, Field(description="one picture becomes the next")] = None
    dip: Annotated[SomeFrames | None, Field(description="out to a colour and in again; the film keeps its length")] = (
        None
    )
    fade_in: Annotated[SomeFrames | None, Field(description="from a colour; needs before")] = None
    fade_out: Annotated[SomeFrames | None, Field(description="to a colour; needs after")] = None
    colour: Annotated[Colour, Field(description="of a dip or a fade: #rrggbb, in quotes; left out: black")] = "#000000"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [name for name in ("dissolve", "dip", "fade_in", "fade_out") if getattr(self, name) is not None]
        if len(kinds) != 1:
            found = " and ".join(kinds) or "none"
            raise ValueError(f"{found}: a transition is one of dissolve, dip, fade_in, fade_out")
        if (self.after is None) == (self.before is None):
            raise ValueError("say where it is: after one clip, or before one")
        if kinds == ["fade_in"] and self.before is None:
            raise ValueError("fade_in leads to a clip: use before")
        if kinds == ["fade_out"] and self.after is None:
            raise ValueError("fade_out follows a clip: use after")
        return self


class Lettering(Format):
    """Words on the picture."""

    text: Annotated[Text, Field(min_length=1, description="the words; a line break where you make one"), VISIBLE]
    frames: Annotated[CardFrames, Field(description="how long they stand")]
    fade: Annotated[Frames, Field(description="frames over which they come and go")] = 0
    place: Annotated[Literal["centre", "upper", "lower"], Field(description="where, inside the safe margins")] = (
        "centre"
    )
    size: Annotated[
        Number, Field(ge=1, le=40, description="height of a line, in hundredths of the picture's height")
    ] = 7.0
    colour: Annotated[Colour, Field(description="of the words: #rrggbb, in quotes; left out: white")] = "#ffffff"

    @model_validator(mode="after")
    def _comes_and_goes(self) -> Self:
        if 2 * self.fade > self.frames:
            raise ValueError(
                f"fade {self.fade}: twice in {plural(self.frames, 'frame')}, so at most {self.frames // 2}"
            )
        return self


class Title(Lettering):
    """A card of its own before or after a clip, or words over one."""

    before: Annotated[ClipId | None, Field(description="a card before this clip")] = None
    after: Annotated[ClipId | None, Field(description="a card after this clip")] = None
    over: Annotated[ClipId | None, Field(description="words over this clip")] = None
    from_: Annotated[
        Frames, Field(alias="from", description="over: the frame of the clip, as it is cut, at which they come")
    ] = 0
    background: Annotated[Colour, Field(description="of a card: #rrggbb, in quotes; left out: black")] = "#000000"

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.before, self.after, self.over)) != 1:
            raise ValueError("say where it is: before a clip, after one, or over one")
        return self


class Card(Lettering):
    """The card at the end of the film."""

    background: Annotated[Colour, Field(description="#rrggbb, in quotes; left out: black")] = "#000000"


class EndRoll(Format):
    """The names that roll by at the end, from a text file. The roll follows the end card."""

    file: Annotated[ProjectPath, Field(description="a text file: a line a name, an empty line between groups")]
    frames: Annotated[SomeFrames, Field(description="how long the roll takes from the first line to the last")]
    size: Annotated[
        Number, Field(ge=1, le=40, description="height of a line, in hundredths of the picture's height")
    ] = 5.0
    colour: Annotated[Colour, Field(description="of the words: #rrggbb, in quotes; left out: white")] = "#ffffff"
    background: Annotated[Colour, Field(description="#rrggbb, in quotes; left out: black")] = "#000000"


class Duck(Format):
    """How far music steps back while somebody speaks."""

    by_db: Annotated[Number, Field(ge=0, le=60, description="decibels")] = 9.0
    attack: Annotated[
        Number, Field(ge=0.001, le=10, description="seconds in which it steps back; it has when the words begin")
    ] = 0.2
    release: Annotated[Number, Field(ge=0.001, le=10, description="seconds in which it comes back")] = 0.8


Place = Annotated[
    str,
    Field(
        max_length=40,
        description="a clip's id, or a time code of the film as in 01:00:12:00 (it starts at 01:00:00:00)",
    ),
]


class Music(Format):
    """A piece of music, or an effect, laid under the film."""

    file: Annotated[ProjectPath, Field(description="a sound file, as in inputs/audio/theme.flac")]
    from_: Annotated[
        Place | None,
        Field(
            alias="from", description="where it begins: where this clip does, or a time code. Left out: with the film"
        ),
    ] = None
    to: Annotated[
        Place | None,
        Field(description="where it ends: where this clip does, or a time code. Left out: with the file, or the film"),
    ] = None
    offset: Annotated[Frame, Field(description="frames by which it begins later than that (negative: earlier)")] = 0
    start: Annotated[Number, Field(ge=0, le=86_400, description="seconds into the file at which it begins")] = 0.0
    gain_db: Annotated[Decibels, Field(description="louder or softer")] = 0.0
    fade_in: Annotated[Frames, Field(description="frames")] = 0
    fade_out: Annotated[Frames, Field(description="frames")] = 0
    loop: Annotated[Flag, Field(description="true: from its beginning again, until `to`")] = False
    duck: Annotated[Duck | None, Field(description="step back while somebody speaks; left out: it does not")] = None


class SoundEdit(Format):
    """How the whole film sounds."""

    level: Annotated[
        Literal["scene", "off"],
        Field(description="scene: the clips of a scene are brought to one level; off: each as its take is"),
    ] = "scene"
    room_tone: Annotated[
        Literal["scene", "off"] | None,
        Field(
            description="scene: the quietest half second of a scene lies under its gaps; left out: scene for "
            "storyboards, off for LTX, whose takes have their own"
        ),
    ] = None
    loudness: Annotated[Number, Field(ge=-40, le=-5, description="of the film in LUFS (EBU R128)")] = -16.0
    peak: Annotated[Number, Field(ge=-20, le=0, description="the highest true peak in dBTP")] = -1.0


class Match(Format):
    """How far the colours of shots that continue each other are matched. It renders nothing."""

    chain: Annotated[
        Literal["off", "first"],
        Field(
            description="first: each shot of a chain gets the mean and the spread of the colours of the chain's "
            "first shot; off: each stays as its take is"
        ),
    ] = "off"
    strength: Annotated[Number, Field(ge=0, le=1, description="the part of the difference that is corrected")] = 1.0


class Poster(Format):
    """The picture that stands for the film."""

    clip: Annotated[ClipId, Field(description="the clip that it is taken from")]
    frame: Annotated[Frames, Field(description="the frame of its shot, from 0")] = 0


class Edit(Format):
    """The cut of the film. Without this file: every clip of the shot list, whole, with straight cuts."""

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    clips: Annotated[dict[ClipId, ClipEdit], Field(description="what is used of a clip, by its id")] = {}
    transitions: Annotated[list[Transition], Field(description="between clips; elsewhere are straight cuts")] = []
    titles: Annotated[list[Title], Field(description="cards, and words over clips")] = []
    end_card: Annotated[Card | None, Field(description="a card after the last clip")] = None
    end_roll: Annotated[EndRoll | None, Field(description="names that roll by at the end")] = None
    font: Annotated[
        ProjectPath | None,
        Field(description="the font of titles, as in inputs/fonts/Film.otf; left out: slate_font, else DejaVu Sans"),
    ] = None
    sound: Annotated[SoundEdit, Field(description="the level of the film, and what lies under it")] = (
        SoundEdit.model_construct()
    )
    match: Annotated[Match, Field(description="the colour of shots that continue each other")] = Match.model_construct()
    music: Annotated[list[Music], Field(description="music, in any order")] = []
    effects: Annotated[list[Music], Field(description="sound effects, in any order")] = []
    poster: Annotated[
        Poster | None, Field(description="left out: the first approved establishing shot, else the first")
    ] = None

    @property
    def left_out(self) -> frozenset[str]:
        """The clips that are not in the film."""
        return frozenset(clip_id for clip_id, clip in self.clips.items() if clip.leave_out)

    def of_clip(self, clip_id: str) -> ClipEdit:
        """What is used of a clip; all of it where the edit does not name it."""
        return self.clips.get(clip_id, _WHOLE)


_WHOLE = ClipEdit()
