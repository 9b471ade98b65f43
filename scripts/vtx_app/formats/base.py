"""What all formats share: closed models and the small types that files are written in.

Modules with models do without ``from __future__ import annotations``: pydantic would compile every annotation again.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from vtx_app.formats.names import CLIP_ID_PATTERN, SLUG_PATTERN

__all__ = ["VISIBLE", "WHOLE", "ClipId", "Flag", "Format", "Name", "Number", "ProjectPath", "Slug", "Text", "Weight"]


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _visible(text: str) -> str:
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        raise ValueError(f"{text!r}: nothing of it can be seen; write the words, or take it out")
    return text


VISIBLE = AfterValidator(_visible)
"""A text with at least one visible character, not white space alone."""

WHOLE = BeforeValidator(_whole)
"""``16.0`` is the whole number 16: people and programs write both. Goes after the limits of an ``int``, which would
otherwise be missing from its JSON Schema."""


class Format(BaseModel):
    """A closed, immutable mapping: an unknown key is an error, an empty value is a key left out.

    Validators are built on first use, because most models inside others never need one of their own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict) and None in data.values():
            return {key: value for key, value in data.items() if value is not None}
        return data


Text = Annotated[str, Field(max_length=100_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Flag = bool
Number = float
Weight = Annotated[float, Field(ge=-4.0, le=4.0)]
ClipId = Annotated[
    str, Field(pattern=CLIP_ID_PATTERN, description="A02_S03_SH014, or A02_S03_SH014A for a shot put in later")
]
Slug = Annotated[str, Field(pattern=SLUG_PATTERN, description="small letters, digits, - and _")]
ProjectPath = Annotated[
    str, Field(min_length=1, max_length=1000, description="a file inside the project, relative to its folder")
]
