"""``metadata.yaml``: a film's identity and its production settings."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema

from vtx_app.formats.base import VISIBLE, WHOLE, Flag, Format, Name, Number, Slug, Text
from vtx_app.formats.quality import Quality

__all__ = [
    "ASPECT_PATTERN",
    "LINT_RULES",
    "MAX_SECONDS",
    "PIPELINE_NAMES",
    "Defaults",
    "HandleFrames",
    "Lint",
    "LintRule",
    "Metadata",
    "PipelineName",
    "RendererName",
    "Resolution",
    "Seconds",
    "SlateOfTiers",
    "SlateStyle",
    "Story",
]

PipelineName = Literal[
    "ti2vid_two_stages",
    "ti2vid_one_stage",
    "distilled",
    "ic_lora",
    "keyframe_interpolation",
    "ti2vid_two_stages_hq",
    "a2vid_two_stage",
    "retake",
    "dfr_pipeline",
]
PIPELINE_NAMES: tuple[str, ...] = get_args(PipelineName)

RendererName = Literal["ltx", "animatic"]
SlateStyle = Literal["full", "small", "none"]

LintRule = Literal[
    "motion",
    "strength",
    "speakers",
    "absent_speaker",
    "dialogue",
    "keyframes",
    "chain",
    "length",
    "negative",
    "rate",
]
LINT_RULES: tuple[str, ...] = get_args(LintRule)

MAX_SECONDS = 15.0
"""Seconds: no clip is longer, whatever a file says."""

LANGUAGE_PATTERN = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
"""The shape of a language tag of BCP 47 (RFC 5646, 2.1)."""

ASPECT_PATTERN = r"^\d{1,4}(\.\d{1,4})?:\d{1,4}(\.\d{1,4})?$"

Pixels = Annotated[int, Field(ge=64, le=8192, multiple_of=2, description="pixels, even (4:2:0 video)"), WHOLE]
FrameRate = Annotated[Number, Field(ge=1, le=120, description="frames per second; 23.976 means 24000/1001")]
Seconds = Annotated[Number, Field(gt=0, le=MAX_SECONDS, description=f"seconds, at most {MAX_SECONDS:g}")]
MOMENT_PATTERN = r"^\d{4}-\d{2}-\d{2}([Tt ].+)?$"


def _moment(value: object) -> str:
    if not re.fullmatch(MOMENT_PATTERN, str(value)):  # pydantic would take 5 for five seconds after 1970
        raise ValueError(f"{value!r}: expected a date, or a date and a time, as in 2026-01-05T09:00:00Z")
    return str(value)


Moment = Annotated[
    datetime,
    Field(strict=False),
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": MOMENT_PATTERN}),
]


class Resolution(Format):
    """The size of the delivered film in pixels."""

    width: Annotated[Pixels, Field(description="pixels, even")]
    height: Annotated[Pixels, Field(description="pixels, even")]


SpareFrames = Annotated[int, Field(ge=0, le=1800), WHOLE]


class HandleFrames(Format):
    """Spare frames that are rendered around a shot and cut off the clip."""

    head: Annotated[SpareFrames | None, Field(description="frames before the shot, at the film's rate")] = None
    tail: Annotated[SpareFrames | None, Field(description="frames after the shot, at the film's rate")] = None


class SlateOfTiers(Format):
    """How much of a slate each tier has; what is left out: ``full`` on storyboards, ``none`` on LTX-2's pictures."""

    animatic: Annotated[SlateStyle | None, Field(description="of the storyboard")] = None
    draft: Annotated[SlateStyle | None, Field(description="of the draft")] = None
    final: Annotated[SlateStyle | None, Field(description="of the final")] = None


def _slate(value: object) -> object:
    return dict.fromkeys(("animatic", "draft", "final"), value) if isinstance(value, str) else value


class _StyleOrTiers:
    """The JSON Schema of a slate as people write one: a style for all tiers, or one for each."""

    def __get_pydantic_json_schema__(self, schema: object, handler: object) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "enum": list(get_args(SlateStyle))}, SlateOfTiers.model_json_schema()]}


AnySlate = Annotated[SlateOfTiers, BeforeValidator(_slate), _StyleOrTiers()]


class Story(Format):
    """How the story files are written."""

    writer: Annotated[
        Literal["openai", "fountain", "hand"] | None,
        Field(
            description="openai: a model writes; fountain: story/screenplay.fountain or .fdx is split; hand: you do. "
            "Left out: fountain where there is such a screenplay, else openai"
        ),
    ] = None
    minutes: Annotated[Number | None, Field(gt=0, le=600, description="the running time that is wanted")] = None
    model: Annotated[Name | None, Field(description="the model that writes, where VTX_STORY_MODEL names none")] = None
    max_tokens: Annotated[
        int | None,
        Field(
            ge=1,
            le=999_999_999,
            description="tokens of the longest answer, the model's thoughts included, where VTX_STORY_MAX_TOKENS says "
            "nothing. Left out: the server's own limit",
        ),
        WHOLE,
    ] = None


class Lint(Format):
    """What ``vtx plan`` says of shots before they are rendered."""

    off: Annotated[list[LintRule], Field(description="rules that say nothing: motion, strength, …")] = []


class Defaults(Format):
    """An older form of the settings: each key is read as the one of the film that it became."""

    pipeline: Annotated[PipelineName | None, Field(description="now default_pipeline")] = None
    fps: Annotated[FrameRate | None, Field(description="now fps of the film")] = None
    aspect: Annotated[str | None, Field(pattern=ASPECT_PATTERN, description="width:height, now aspect of the film")] = (
        None
    )
    width: Annotated[Pixels | None, Field(description="now default_resolution.width")] = None
    height: Annotated[Pixels | None, Field(description="now default_resolution.height")] = None
    max_seconds: Annotated[Seconds | None, Field(description="now max_seconds of the film")] = None


class Metadata(Format):
    """Who the film is, and what holds for all its clips unless a clip says otherwise."""

    project_id: Annotated[
        str,
        Field(
            pattern=r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
            description="a UUID, as in 6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11; never changed",
        ),
    ]
    slug: Annotated[Slug, Field(description="name of the film's folder and final cut: a to z, digits, - and _")]
    title: Annotated[Name, Field(description="the title as the audience sees it"), VISIBLE]
    logline: Annotated[Text, Field(description="the film in one sentence")] = ""
    acts_enabled: Annotated[Flag | None, Field(description="cut acts first, then the final from the acts")] = None
    default_pipeline: Annotated[
        PipelineName | None, Field(description="the LTX-2 pipeline of clips that name none")
    ] = None
    default_resolution: Annotated[Resolution | None, Field(description="the size of the delivered film")] = None
    fps: Annotated[
        FrameRate | None, Field(description="frames per second of the whole film; 23.976 means 24000/1001")
    ] = None
    aspect: Annotated[
        str | None,
        Field(pattern=ASPECT_PATTERN, description="width:height; sizes the film where no resolution is given"),
    ] = None
    max_seconds: Annotated[
        Seconds | None, Field(description="seconds of the longest shot, for clips that give no length of their own")
    ] = None
    style_profile: Annotated[Name | None, Field(description="the style bible's profile for clips that name none")] = (
        None
    )
    renderer: Annotated[RendererName | None, Field(description="ltx (GPU) or animatic (storyboard, CPU)")] = None
    negative: Annotated[
        Literal["extend", "replace"] | None,
        Field(
            description="extend: the film's negative prompt follows LTX-2's own; replace: the film's alone. "
            "Left out: extend"
        ),
    ] = None
    handles: Annotated[HandleFrames, Field(description="spare frames around the shots of LTX; left out: none")] = (
        HandleFrames.model_construct()
    )
    slate: Annotated[
        AnySlate,
        Field(
            description="full: clip id, title, beat, time code, names and subtitles round the picture; small: clip id, "
            "title and time code; none. For all tiers, or {animatic, draft, final}. Left out: full on storyboards"
        ),
    ] = SlateOfTiers.model_construct()
    slate_font: Annotated[
        Name | None,
        Field(
            description="a font in the film's folder for words on storyboards, as in inputs/NotoSansJP-Regular.otf; "
            "left out: DejaVu Sans, which has no Chinese, Japanese or Korean"
        ),
    ] = None
    language: Annotated[
        str | None,
        Field(
            pattern=LANGUAGE_PATTERN,
            max_length=35,
            description="the language that is spoken, as in en, fr-CA, zh-Hant (BCP 47); left out: not stated",
        ),
    ] = None
    disclosure: Annotated[
        Name | None,
        Field(
            description="how the film says that it was made with AI, as in Made with generative AI. On a card at its "
            "end, and in its files"
        ),
    ] = None
    sign: Annotated[
        Flag,
        Field(
            description="true: the final and its deliveries carry your signature (C2PA, Content Credentials), made "
            "with the certificate and key that VTX_SIGN_CERTIFICATE and VTX_SIGN_KEY name"
        ),
    ] = False
    story: Annotated[Story, Field(description="how the story files are written")] = Story.model_construct()
    lint: Annotated[Lint, Field(description="what vtx plan says of shots before they are rendered")] = (
        Lint.model_construct()
    )
    qc: Annotated[Quality, Field(description="the checks of takes, and what becomes of those that fail one")] = (
        Quality.model_construct()
    )
    defaults: Annotated[Defaults | None, Field(description="an older form of the settings above")] = None
    created_at: Annotated[Moment | None, Field(description="when the project began (ISO 8601)")] = None
    updated_at: Annotated[Moment | None, Field(description="when it last changed (ISO 8601)")] = None

    def slate_style(self, tier: str) -> SlateStyle | None:
        """How much of a slate the clips of ``tier`` (animatic, draft or final) have; None if that is left open."""
        found: SlateStyle | None = getattr(self.slate, tier)
        return found
