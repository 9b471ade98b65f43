"""``render.options`` of a clip spec."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from vtx_app.formats.base import WHOLE, Flag, Format

__all__ = ["RenderOptions"]


class RenderOptions(Format):
    """What an LTX-2 pipeline does only on request. Each option changes pixels and names the pipelines that have it."""

    chunked: Annotated[
        Flag,
        Field(
            description="render in windows of 97 frames, for a shot that the GPU can't hold whole: distilled, "
            "ti2vid_two_stages, a2vid_two_stage, ic_lora (LTX-2 1.4)"
        ),
    ] = False
    tile: Annotated[
        Flag, Field(description="denoise in tiles of 1536×1024, for a large picture: ic_lora (LTX-2 1.4)")
    ] = False
    stage_2_ic_lora: Annotated[
        Flag, Field(description="follow input_video in the second stage too: ic_lora (LTX-2 1.4)")
    ] = False
    generated_keyframes: Annotated[
        int,
        Field(ge=0, le=64, description="frames in full detail between the others (LTX-2.5): all with words or sound"),
        WHOLE,
    ] = 0
    decode_with_keyframes: Annotated[
        Flag, Field(description="decode around generated_keyframes (LTX-2 1.4, diffusion VAE)")
    ] = False
    temporal_upscalings: Annotated[
        int,
        Field(ge=0, le=2, description="render at ½ (1) or ¼ (2) of the film's rate, then double: dfr_pipeline (1.3)"),
        WHOLE,
    ] = 0
    spatial_upscalings: Annotated[
        int, Field(ge=1, le=2, description="2 adds a stage in tiles, for 4K: dfr_pipeline (LTX-2 1.3)"), WHOLE
    ] = 1

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.decode_with_keyframes and not self.generated_keyframes:
            raise ValueError("decode_with_keyframes needs generated_keyframes, which it decodes around")
        return self
