"""As the real module begins, it can't be imported without torch."""

import torch  # noqa: F401

DEFAULT_IMAGE_CRF = 33
DEFAULT_NEGATIVE_PROMPT = "has_subtitles, blurry, or AI artifacts."
