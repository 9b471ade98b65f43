"""Speech, made by eSpeak NG and understood by PocketSphinx: programs that are not ours, with what they need in their
packages."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vtx_app.qc.words import words_of

SAMPLE_RATE = 48_000
_SYNCHRONOUS = 2
_SPEED = 1  # speak_lib.h: espeakRATE, words per minute


def spoken(text: str, speed: int = 140) -> NDArray[np.float32]:
    """``text`` said by eSpeak NG with half a second of silence around, shape (n, 2) at 48 kHz."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    parts: list[NDArray[np.int16]] = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    def hear(wave: ctypes._Pointer[ctypes.c_short], count: int, _: int) -> int:
        if wave and count > 0:
            parts.append(np.ctypeslib.as_array(wave, (count,)).copy())
        return 0

    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    library.espeak_SetSynthCallback(hear)
    library.espeak_SetVoiceByName(b"en-us")
    library.espeak_SetParameter(_SPEED, speed, 0)
    said = text.encode()
    library.espeak_Synth(said, len(said) + 1, 0, 0, 0, 1, None, None)
    library.espeak_Synchronize()
    wave = np.concatenate(parts) / 32768
    at = np.arange(0, len(wave), rate / SAMPLE_RATE)
    mono = np.pad(np.interp(at, np.arange(len(wave)), wave), SAMPLE_RATE // 2)
    return np.stack([mono, mono], axis=1).astype(np.float32)


class Sphinx:
    """PocketSphinx, which tells ``sentences`` apart."""

    name = "pocketsphinx"

    def __init__(self, sentences: Sequence[str]) -> None:
        from pocketsphinx import Decoder

        choices = " | ".join(" ".join(words_of(each)) for each in sentences)
        wide = dict.fromkeys(("beam", "wbeam", "pbeam"), 1e-120)  # so few sentences that none need be given up early
        self._decoder = Decoder(samprate=16_000, lm=None, loglevel="FATAL", **wide)
        self._decoder.add_jsgf_string("lines", f"#JSGF V1.0; grammar lines; public <line> = {choices};")
        self._decoder.activate_search("lines")
        self.asked = 0

    def words(self, speech: NDArray[np.float32], language: str | None) -> str:
        """Which of the sentences ``speech`` is likest to."""
        self.asked += 1
        self._decoder.start_utt()
        self._decoder.process_raw((speech * 32767).astype(np.int16).tobytes(), full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return str(found.hypstr) if found else ""
