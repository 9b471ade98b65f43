"""``config/config.yaml`` and ``--config``: which film the named targets mean, and overrides for one build."""

from typing import Annotated

from pydantic import Field

from vtx_app.formats.base import Flag, Format, Name, Slug
from vtx_app.formats.metadata import ASPECT_PATTERN, FrameRate, PipelineName, Pixels, RendererName

__all__ = ["OF_THE_RUN", "AppConfig"]

OF_THE_RUN = ("project", "delivery", "takes_per_job")
"""Keys that say what a run makes, and in which jobs; the others are settings of the film."""


class AppConfig(Format):
    """What holds for one run of the build. Settings given here win over every file."""

    project: Annotated[Slug | None, Field(description="slug of the film that final, animatic, clips and acts mean")] = (
        None
    )
    delivery: Annotated[
        Name | None, Field(description="what the target deliver makes: names of deliveries, as in web,stems")
    ] = None
    takes_per_job: Annotated[
        int | None,
        Field(ge=1, le=1000, description="on a cluster: takes that one job renders in turn, on one GPU; left out: 1"),
    ] = None
    renderer: Annotated[RendererName | None, Field(description="ltx or animatic")] = None
    pipeline: Annotated[PipelineName | None, Field(description="an LTX-2 pipeline for every clip")] = None
    width: Annotated[Pixels | None, Field(description="the film's width")] = None
    height: Annotated[Pixels | None, Field(description="the film's height")] = None
    fps: Annotated[FrameRate | None, Field(description="the film's rate")] = None
    aspect: Annotated[str | None, Field(pattern=ASPECT_PATTERN, description="the film's shape, width:height")] = None
    style_profile: Annotated[Name | None, Field(description="a profile of the style bible")] = None
    acts_enabled: Annotated[Flag | None, Field(description="cut acts before the final")] = None
