"""``prompts/clips/<clip_id>__<slug>.yaml``: one shot, as a person writes it."""

import re
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from vtx_app.formats.base import WHOLE, ClipId, Format, Name, Number, ProjectPath, Text
from vtx_app.formats.bibles import Lora
from vtx_app.formats.metadata import MAX_SECONDS, FrameRate, HandleFrames, PipelineName, Pixels, Seconds
from vtx_app.formats.render_options import RenderOptions

__all__ = [
    "AnyCharacter",
    "CharacterRef",
    "ClipSpec",
    "Continuity",
    "DialogueLine",
    "Duration",
    "Inputs",
    "Keyframe",
    "Outputs",
    "Prompt",
    "Render",
    "Retake",
    "Seed",
    "ShotHeading",
    "Status",
    "clip_numbers",
]

Seed = Annotated[int, Field(ge=0, lt=2**32), WHOLE]
InputType = Literal["t2v", "i2v", "v2v", "keyframe_interpolation", "a2v", "retake"]


@lru_cache(maxsize=16384)
def clip_numbers(clip_id: str) -> tuple[int, int, int, str]:
    """Act, scene, shot and the letter of an inserted shot (``""`` or ``A``…) of a clip id; sorts by place."""
    found = re.fullmatch(r"A(\d+)_S(\d+)_SH(\d+)([A-Z]?)", clip_id)
    if found is None:
        raise ValueError(f"{clip_id!r} is not a clip id")
    return int(found[1]), int(found[2]), int(found[3]), found[4]


class CharacterRef(Format):
    """A character in the shot, and what they wear."""

    id: Annotated[Name, Field(description="an id of characters.yaml")]
    wardrobe: Annotated[Name | None, Field(description="one of that character's wardrobe")] = None


def _character(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


class _IdOrReference:
    """The JSON Schema of a character as people write one: an id, or ``{id, wardrobe}``."""

    def __get_pydantic_json_schema__(self, schema: object, handler: object) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "minLength": 1}, CharacterRef.model_json_schema()]}


AnyCharacter = Annotated[CharacterRef, BeforeValidator(_character), _IdOrReference()]


class Continuity(Format):
    """What the shot shares with the rest of the film. Only what is named here enters its prompt."""

    shared_prompt_profile: Annotated[Name | None, Field(description="a profile of style_bible.yaml")] = None
    shared_loras_profile: Annotated[Name | None, Field(description="a bundle of loras.yaml")] = None
    characters: Annotated[list[AnyCharacter], Field(description="ids, or {id, wardrobe}")] = []
    locations: Annotated[list[Name], Field(description="ids of locations.yaml")] = []


class DialogueLine(Format):
    """One spoken line."""

    character: Annotated[Name, Field(description="an id of characters.yaml, on screen or off")]
    line: Annotated[Text, Field(pattern=r"\S", description="the words, without quotation marks")]


class ShotHeading(Format):
    """The heading of the shot's scene, as a screenplay has it: ``INT. LAMP ROOM - NIGHT - RAIN``."""

    setting: Annotated[Literal["INT", "EXT", "INT/EXT"] | None, Field(description="inside, outside or both")] = None
    place: Annotated[Name | None, Field(description="where: LAMP ROOM")] = None
    time: Annotated[Name | None, Field(description="time of day: NIGHT, FIRST LIGHT")] = None
    weather: Annotated[Name | None, Field(description="RAIN, FOG")] = None


class Prompt(Format):
    """What the shot shows and says; no style boilerplate."""

    positive: Annotated[Text, Field(pattern=r"\S", description="picture, movement and sound, in flowing sentences")]
    negative: Annotated[Text, Field(description="what this shot must not show")] = ""
    dialogue: Annotated[list[DialogueLine], Field(description="in the order they are spoken")] = []
    sound: Annotated[Text, Field(description="what else is heard; comes after everything that is seen and spoken")] = ""


class Duration(Format):
    """How long the shot is: fixed seconds, or estimated from beats and dialogue and clamped."""

    mode: Annotated[Literal["auto", "fixed"], Field(description="auto: from beats and dialogue; fixed: seconds")] = (
        "auto"
    )
    seconds: Annotated[Seconds | None, Field(description="the length, for mode fixed")] = None
    max_seconds: Annotated[Seconds | None, Field(description="auto is never longer")] = None
    min_seconds: Annotated[Seconds, Field(description="auto is never shorter")] = 2.0

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.mode == "fixed" and self.seconds is None:
            raise ValueError("mode fixed needs seconds")
        if self.mode == "auto" and self.seconds is not None:
            raise ValueError("seconds is for mode fixed; with mode auto give min_seconds and max_seconds")
        if self.mode == "auto" and self.max_seconds is not None and self.max_seconds < self.min_seconds:
            raise ValueError(f"max_seconds {self.max_seconds:g} is less than min_seconds {self.min_seconds:g}")
        return self


class Render(Format):
    """How the shot is rendered. What is left out comes from metadata.yaml and the environment layers."""

    pipeline: Annotated[PipelineName | None, Field(description="an LTX-2 pipeline")] = None
    duration: Annotated[Duration, Field(description="how long the shot is")] = Duration.model_construct()
    handles: Annotated[HandleFrames, Field(description="spare frames around the shot; left out: the film's")] = (
        HandleFrames.model_construct()
    )
    fps: Annotated[FrameRate | None, Field(description="must be the film's rate; one film has one rate")] = None
    width: Annotated[Pixels | None, Field(description="width of this shot's picture, at most the film's")] = None
    height: Annotated[Pixels | None, Field(description="height of this shot's picture, at most the film's")] = None
    seed: Annotated[
        Seed | None, Field(description="a whole number below 2³²; left out: a number made from the clip id")
    ] = None
    guidance_scale: Annotated[Number | None, Field(ge=0, le=50, description="how closely the words are followed")] = (
        None
    )
    steps: Annotated[
        int | None, Field(ge=1, le=200, description="denoising steps; left out: what the model was made for"), WHOLE
    ] = None
    options: Annotated[RenderOptions, Field(description="what the pipeline does only on request")] = (
        RenderOptions.model_construct()
    )
    notes: Annotated[Text, Field(description="for people; decides nothing")] = ""


class Keyframe(Format):
    """A still that the shot must reach at one moment."""

    path: Annotated[ProjectPath, Field(description="a picture inside the project")]
    frame: Annotated[int, Field(ge=0, le=1800, description="frame of the clip, from 0"), WHOLE]
    strength: Annotated[Number, Field(ge=0, le=1, description="0 ignores it, 1 holds it")] = 1.0


class Retake(Format):
    """The part of the source that is rendered again; the rest stays."""

    start: Annotated[Number, Field(ge=0, le=MAX_SECONDS, description="seconds into the source")]
    end: Annotated[Number, Field(gt=0, le=MAX_SECONDS, description="seconds into the source")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError(f"start {self.start:g} s is not before end {self.end:g} s")
        return self


_NEEDS: dict[str, tuple[str, ...]] = {"v2v": ("input_video",), "a2v": ("audio",), "retake": ("input_video", "retake")}
_TAKES: dict[str, tuple[str, ...]] = {
    "t2v": (),
    "i2v": ("reference_image", "keyframes"),
    "keyframe_interpolation": ("reference_image", "keyframes"),
    "v2v": ("input_video", "mask", "reference_image", "keyframes"),
    "a2v": ("audio", "reference_image", "keyframes"),
    "retake": ("input_video", "retake"),
}


class Inputs(Format):
    """What the shot starts from."""

    type: Annotated[InputType, Field(description="t2v from words alone; i2v from a picture; …")] = "t2v"
    reference_image: Annotated[ProjectPath | None, Field(description="the first frame (i2v)")] = None
    input_video: Annotated[ProjectPath | None, Field(description="the source clip (v2v, retake)")] = None
    strength: Annotated[
        Number, Field(ge=0, le=1, description="how firmly reference_image or input_video holds; 0 ignores it")
    ] = 1.0
    mask: Annotated[
        ProjectPath | None, Field(description="a grey video: where input_video counts, white fully (v2v)")
    ] = None
    mask_strength: Annotated[Number, Field(ge=0, le=1, description="the mask is multiplied with it")] = 1.0
    keyframes: Annotated[list[Keyframe], Field(description="stills to pass through (keyframe_interpolation)")] = []
    audio: Annotated[ProjectPath | None, Field(description="the sound that the shot is made to (a2v)")] = None
    audio_start: Annotated[Number, Field(ge=0, le=86400, description="seconds into audio at which the shot begins")] = (
        0.0
    )
    retake: Annotated[Retake | None, Field(description="which part of input_video is rendered again (retake)")] = None
    continue_from: Annotated[ClipId | None, Field(description="start from the end of that clip")] = None
    continue_frames: Annotated[
        int,
        Field(ge=1, le=257, description="of continue_from, how many last frames: 1 a still, 8k+1 a tail (ic_lora)"),
        WHOLE,
    ] = 1

    @property
    def gives_beginning(self) -> bool:
        """Whether the shot starts where something else does: with another clip's end, a film or a sound."""
        return self.continue_from is not None or self.type in ("v2v", "a2v", "retake")

    @model_validator(mode="after")
    def _type_has_its_input(self) -> Self:
        if self.type == "i2v" and self.reference_image is None and not self.keyframes and self.continue_from is None:
            raise ValueError("type i2v needs reference_image or continue_from")
        for key in _NEEDS.get(self.type, ()):
            if getattr(self, key) is None and not (self.type == "v2v" and self.continue_frames > 1):
                raise ValueError(f"type {self.type} needs {key}")
        stills = len(self.keyframes) + (self.reference_image is not None) + (self.continue_from is not None)
        if self.type == "keyframe_interpolation" and stills < 2:
            raise ValueError("type keyframe_interpolation needs two or more keyframes")
        for key in ("reference_image", "input_video", "mask", "keyframes", "audio", "retake"):
            if getattr(self, key) and key not in _TAKES[self.type]:
                what = "starts from words alone and" if self.type == "t2v" else "does not use it and"
                raise ValueError(f"type {self.type} {what} would ignore {key}; say the type it is for")
        return self._tail_agrees()

    def _tail_agrees(self) -> Self:
        if self.continue_frames > 1 and self.continue_from is None:
            raise ValueError("continue_frames needs continue_from, the clip whose last frames they are")
        if self.continue_frames > 1 and (self.continue_frames - 1) % 8:
            raise ValueError(f"continue_frames {self.continue_frames}: 1, or 8k+1 (9, 17, 25, …), as the model counts")
        if self.continue_frames > 1 and (self.type != "v2v" or self.input_video is not None):
            raise ValueError("a tail of more than one frame is the source of type v2v, in place of input_video")
        if self.type == "retake" and self.continue_from is not None:
            raise ValueError("type retake works on input_video; it can't continue from a clip besides")
        return self


class Outputs(Format):
    """Where a person expects the results. For people only: the build names files by the spec's own name."""

    mp4: Annotated[ProjectPath | None, Field(description="the clip")] = None
    json_: Annotated[ProjectPath | None, Field(alias="json", description="the record of its render")] = None


class Status(Format):
    """A person's decision on the shot. The tools never write here."""

    state: Annotated[
        Literal["planned", "queued", "rendering", "rendered", "approved", "rejected"],
        Field(description="where it stands"),
    ] = "planned"
    last_error: Annotated[Text | None, Field(description="what went wrong last")] = None


class ClipSpec(Format):
    """One shot of the film."""

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    clip_id: ClipId
    title: Annotated[Name, Field(description="what the shot is called on the slate")]
    act: Annotated[int, Field(ge=1, le=999, description="as in the clip id"), WHOLE]
    scene: Annotated[int, Field(ge=1, le=999, description="as in the clip id"), WHOLE]
    shot: Annotated[int, Field(ge=1, le=9999, description="as in the clip id"), WHOLE]
    continuity: Annotated[Continuity, Field(description="what the shot shares with the film")] = (
        Continuity.model_construct()
    )
    heading: Annotated[
        ShotHeading | None,
        Field(description="inside or outside, time, weather; left out: by the heading in the scene's screenplay"),
    ] = None
    story_beats: Annotated[
        list[Text], Field(description="what happens, one beat a line; auto duration counts them")
    ] = []
    prompt: Annotated[Prompt, Field(description="what the shot shows and says")]
    render: Annotated[Render, Field(description="how the shot is rendered")] = Render.model_construct()
    inputs: Annotated[Inputs, Field(description="what the shot starts from")] = Inputs.model_construct()
    loras: Annotated[list[Lora], Field(description="for this shot alone, after its bundle")] = []
    outputs: Annotated[Outputs, Field(description="where a person expects the results")] = Outputs.model_construct()
    status: Annotated[Status, Field(description="a person's word on the shot")] = Status.model_construct()

    @field_validator("act", "scene", "shot")
    @classmethod
    def _as_in_the_id(cls, value: int, info: ValidationInfo) -> int:
        clip_id = info.data.get("clip_id")
        if clip_id is not None and info.field_name is not None:
            number = clip_numbers(clip_id)[("act", "scene", "shot").index(info.field_name)]
            if value != number:
                raise ValueError(f"{value}: the clip_id {clip_id} says {number}")
        return value
