"""``config/deliveries.yaml``, and a film's own ``deliveries.yaml``: versions of the film for somebody.

Each is made from the final's picture and the mix, by its name. An entry of a film's own file replaces the one of that
name in ``config/``.
"""

from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, model_validator

from vtx_app.formats.base import WHOLE, Flag, Format, Number, Text

__all__ = ["STEMS", "BurnIn", "Deliverable", "Deliverables", "PictureFormat", "SoundFormat", "Stem"]

Stem = Literal["dialogue", "music", "effects"]
STEMS: Final[tuple[Stem, ...]] = ("dialogue", "music", "effects")
"""The parts of a mix, in the order in which they are listed."""

DELIVERY_NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,31}$"

SUFFIXES: Final = {"mp4": ".mp4", "mov": ".mov", "matroska": ".mkv", "wav": ".wav"}

_PICTURES: Final = {
    "mp4": ("copy", "h264"),
    "mov": ("copy", "h264", "prores"),
    "matroska": ("copy", "h264", "ffv1"),
    "wav": (),
}
_SOUNDS: Final = {"mp4": ("aac",), "mov": ("aac", "pcm"), "matroska": ("aac", "flac", "pcm"), "wav": ("pcm",)}
_PROFILES: Final = {"h264": ("high", "main", "baseline"), "prores": ("hq", "standard", "lt", "proxy")}
_PIXELS: Final = {
    "h264": ("yuv420p",),
    "prores": ("yuv422p10le",),
    "ffv1": ("yuv420p", "yuv420p10le", "yuv422p", "yuv422p10le"),
}

BurnIn = Literal["film", "shot", "clip", "take", "version"]

Pixels = Annotated[int, Field(ge=16, le=16_384), WHOLE]


def _one_of(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


class PictureFormat(Format):
    """How the picture is encoded. The first of a codec's profiles and pixel formats is meant where none is given."""

    codec: Annotated[
        Literal["copy", "h264", "prores", "ffv1"],
        Field(description="copy: the final's own picture, not encoded again; h264; prores (422); ffv1: without loss"),
    ]
    profile: Annotated[
        Literal["high", "main", "baseline", "hq", "standard", "lt", "proxy"] | None,
        Field(description="h264: high, main or baseline; prores: hq, standard, lt or proxy"),
    ] = None
    crf: Annotated[
        Number | None, Field(ge=0, le=51, description="h264: smaller is better and larger in bytes; left out: 18")
    ] = None
    pixel_format: Annotated[
        Literal["yuv420p", "yuv420p10le", "yuv422p", "yuv422p10le"] | None,
        Field(description="left out: yuv420p; prores: yuv422p10le"),
    ] = None
    aspect: Annotated[
        str | None,
        Field(
            pattern=r"^[1-9]\d{0,3}:[1-9]\d{0,3}$",
            description="a shape as in '9:16', in quotes, that the film is cropped to; left out: the film's own",
        ),
    ] = None
    width: Annotated[Pixels | None, Field(description="pixels that the picture is scaled to; an even number")] = None
    height: Annotated[Pixels | None, Field(description="pixels that the picture is scaled to; an even number")] = None
    enlarge: Annotated[Flag, Field(description="true: a smaller picture too; false: that stays as it is")] = False
    burn_in: Annotated[
        list[BurnIn],
        Field(
            max_length=len(get_args(BurnIn)),
            description="drawn in a band above the picture: film and shot, their time codes; clip, its id and title; "
            "take, what vtx takes calls it; version, of the cut",
        ),
    ] = []

    @property
    def ratio(self) -> tuple[int, int] | None:
        """Width and height of the shape that the film is cropped to."""
        if self.aspect is None:
            return None
        width, _, height = self.aspect.partition(":")
        return int(width), int(height)

    @model_validator(mode="after")
    def _fits_the_codec(self) -> Self:
        if self.codec == "copy":
            others = ("profile", "crf", "pixel_format", "aspect", "width", "height")
            given = [name for name in others if getattr(self, name) is not None]
            given += [name for name in ("enlarge", "burn_in") if getattr(self, name)]
            if given:
                raise ValueError(f"{given[0]}: a copied picture can't be changed; use the codec h264")
        profiles = _PROFILES.get(self.codec, ())
        if self.profile is not None and self.profile not in profiles:
            raise ValueError(f"profile {self.profile}: {self.codec} has {_one_of(profiles) or 'none'}")
        if self.crf is not None and self.codec != "h264":
            raise ValueError(f"crf: {self.codec} has none; that is for h264")
        pixels = _PIXELS.get(self.codec, ())
        if self.pixel_format is not None and self.pixel_format not in pixels:
            raise ValueError(f"pixel_format {self.pixel_format}: {self.codec} has {_one_of(pixels)}")
        if self.width is not None and self.height is not None:
            raise ValueError("width and height: give one of them; aspect, or the film's own shape, gives the other")
        odd = next((name for name in ("width", "height") if (getattr(self, name) or 0) % 2), None)
        if odd:
            raise ValueError(f"{odd} {getattr(self, odd)}: expected an even number of pixels")
        return self

    @property
    def pixels(self) -> str:
        """The pixel format by FFmpeg's name."""
        return self.pixel_format or _PIXELS.get(self.codec, ("yuv420p",))[0]


class SoundFormat(Format):
    """How the sound is encoded, and how loud it is."""

    codec: Annotated[
        Literal["aac", "flac", "pcm"], Field(description="aac (AAC-LC); flac: without loss; pcm: not compressed")
    ]
    bit_rate: Annotated[
        Annotated[int, Field(ge=32, le=512), WHOLE] | None,
        Field(description="aac: kilobits a second; left out: 256"),
    ] = None
    bits: Annotated[
        Literal[16, 24, 32] | None,
        Field(description="flac, pcm: bits a sample; 32: pcm as floating point, which can't clip; left out: 24"),
    ] = None
    loudness: Annotated[
        Number | None,
        Field(ge=-40, le=-5, description="LUFS (EBU R128), by one gain for the whole film; left out: the mix's"),
    ] = None
    peak: Annotated[
        Number | None,
        Field(ge=-20, le=0, description="with loudness: the highest true peak in dBTP; left out: -1"),
    ] = None

    @property
    def depth(self) -> int:
        """Bits a sample; 32 is floating point, as is what the AAC encoder takes."""
        return 32 if self.codec == "aac" else self.bits or 24

    @model_validator(mode="after")
    def _fits_the_codec(self) -> Self:
        if self.bit_rate is not None and self.codec != "aac":
            raise ValueError(f"bit_rate: {self.codec} has none; that is for aac")
        if self.bits is not None and self.codec == "aac":
            raise ValueError("bits: aac has none; use bit_rate")
        if self.bits == 32 and self.codec == "flac":
            raise ValueError("bits 32: flac has 16 or 24")
        if self.peak is not None and self.loudness is None:
            raise ValueError("peak: needs loudness; without it the sound is the mix as it is")
        return self


class Deliverable(Format):
    """One version of the film: its container, picture, sound, and what comes with them."""

    about: Annotated[Text, Field(max_length=300, description="what it is for, in a line")] = ""
    container: Annotated[Literal["mp4", "mov", "matroska", "wav"], Field(description="the kind of file")]
    picture: Annotated[PictureFormat | None, Field(description="left out: sound alone, in wav")] = None
    sound: Annotated[SoundFormat, Field(description="the film's sound, from the mix")]
    stems: Annotated[
        list[Stem], Field(max_length=len(STEMS), description="wav: a file for each of these parts of the mix")
    ] = []
    chapters: Annotated[Flag, Field(description="true: with the film's chapters")] = False
    subtitles: Annotated[Flag, Field(description="mp4, mov: true: with a subtitle track")] = False
    attach: Annotated[
        list[Literal["subtitles", "manifest"]],
        Field(max_length=2, description="matroska: files of the film that are put into it"),
    ] = []
    sha256: Annotated[Flag, Field(description="true: with a file of its SHA-256, for sha256sum -c")] = False

    @property
    def suffix(self) -> str:
        """The end of the file's name: ``.mp4``, ``.mov``, ``.mkv`` or ``.wav``."""
        return SUFFIXES[self.container]

    @model_validator(mode="after")
    def _fits_the_container(self) -> Self:
        container, pictures, sounds = self.container, _PICTURES[self.container], _SOUNDS[self.container]
        if self.picture is not None and self.picture.codec not in pictures:
            raise ValueError(
                f"picture.codec {self.picture.codec}: {container} takes {_one_of(pictures) or 'no picture'}"
            )
        if self.picture is None and pictures:
            raise ValueError(f"picture: missing; {container} needs one, sound alone goes into wav")
        if self.sound.codec not in sounds:
            raise ValueError(f"sound.codec {self.sound.codec}: {container} takes {_one_of(sounds)}")
        if self.stems and container != "wav":
            raise ValueError(f"stems: {container} takes none; use wav")
        if self.stems and self.sound.loudness is not None:
            raise ValueError("stems: they have the mix's level, so that they add up to it; leave out sound.loudness")
        if len(set(self.stems)) < len(self.stems):
            raise ValueError("stems: one is listed twice")
        if self.attach and container != "matroska":
            raise ValueError(f"attach: {container} takes no files; use matroska")
        if self.subtitles and container not in ("mp4", "mov"):
            raise ValueError(f"subtitles: {container} takes no track of them; matroska can attach their files")
        if self.chapters and self.picture is None:
            raise ValueError(f"chapters: {container} has none")
        return self


class Deliverables(Format):
    """The deliveries of every film, or of one, by name."""

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    deliveries: Annotated[
        dict[Annotated[str, Field(pattern=DELIVERY_NAME, description="small letters, digits, - and _")], Deliverable],
        Field(description="by name; a film's own replaces the one of that name in config/"),
    ] = {}
