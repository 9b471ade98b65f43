"""What listens to takes: faster-whisper, with a model that the person names. Nothing is downloaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from vtx_app.errors import ProjectError
from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.sound_blocks import Block
from vtx_app.subtitles.speech import find_speech

__all__ = ["VARIABLE", "Recognizer", "Whisper", "hear", "whisper_model"]

VARIABLE = "VTX_ASR_MODEL"
"""Of the machine: the folder of a model of faster-whisper."""

_RATE = 16_000
_AROUND = 0.2
"""Seconds before and after speech that are listened to as well, so that no word is cut off."""

_FILES = ("model.bin", "config.json", "tokenizer.json")
"""Of a model that faster-whisper loads. It would fetch a tokenizer that is missing."""

Speech = NDArray[np.float32]
"""Mono at 16 kHz, full scale is 1."""


class Recognizer(Protocol):
    """Something that writes down speech. ``name`` says what it is."""

    name: str

    def words(self, speech: Speech, language: str | None) -> str:
        """What is said; ``language`` as in BCP 47, None if it is to be guessed."""


class Whisper:
    """faster-whisper with the model in the folder ``model``. Raises :class:`ProjectError` if it can't be loaded."""

    def __init__(self, model: Path) -> None:
        from faster_whisper import WhisperModel  # an extra

        self.name = f"faster-whisper {model.name}"
        try:
            self._model = WhisperModel(str(model), device="auto", compute_type="default", local_files_only=True)
        except Exception as error:  # of three libraries, none of which says which
            raise ProjectError(f"{VARIABLE}: {model}: the model can't be loaded: {error}") from error

    def words(self, speech: Speech, language: str | None) -> str:
        """What is said in ``speech``, by the likeliest path, each stretch by itself."""
        spoken = language.partition("-")[0].lower() if language else None
        segments, _ = self._model.transcribe(
            speech, language=spoken, temperature=0.0, condition_on_previous_text=False, vad_filter=False
        )
        return " ".join(segment.text.strip() for segment in segments)


def whisper_model(named: str | None) -> Path:
    """The folder of the model ``named`` by :data:`VARIABLE`. Raises :class:`ProjectError` saying what is missing."""
    advice = "or take words out of qc in metadata.yaml"
    if importlib.util.find_spec("faster_whisper") is None:
        raise ProjectError(
            f"words are to be checked, and faster-whisper is not installed: pip install '.[asr]', {advice}"
        )
    if not named:
        raise ProjectError(
            f"words are to be checked, and {VARIABLE} is not set: name the folder of a faster-whisper model in the "
            f"environment or in config/global.env (nothing is downloaded), {advice}"
        )
    folder = Path(named).expanduser()
    if missing := [name for name in _FILES if not (folder / name).is_file()]:
        raise ProjectError(
            f"{VARIABLE}: {named}: there is no {' and no '.join(missing)} in it: name the folder of a faster-whisper "
            f"model, {advice}"
        )
    return folder


def hear(sound: Block, recognizer: Recognizer, language: str | None) -> str:
    """The words in ``sound``; ``""`` where nothing stands out as speech does, which ``recognizer`` never gets to hear.

    Recognizers invent words in silence and noise.
    """
    samples = np.asarray((np.nan_to_num(sound) * 32767).clip(-32768, 32767), np.int16)
    stretches = find_speech(samples, SAMPLE_RATE)
    if not stretches:
        return ""
    kept = np.zeros(len(samples), bool)
    for start, end in stretches:
        kept[max(0, round((start - _AROUND) * SAMPLE_RATE)) : round((end + _AROUND) * SAMPLE_RATE)] = True
    return " ".join(recognizer.words(_mono(samples[kept]), language).split())


def _mono(samples: NDArray[np.int16]) -> Speech:
    """Stereo at 48 kHz, shape (n, 2), as recognizers want it."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate = SAMPLE_RATE
    resampler = av.AudioResampler(format="flt", layout="mono", rate=_RATE)
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray().ravel() for part in parts]).astype(np.float32, copy=False)
