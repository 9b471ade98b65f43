"""Programs that know nothing of VTX and say what is in a film file: Debian's ffprobe, ffmpeg and mediainfo."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray


def _run(program: str, *words: str) -> bytes:
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here: apt-get install ffmpeg mediainfo")
    done = subprocess.run([program, *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def ffprobe(path: Path) -> dict[str, Any]:
    """Format, streams and chapters; the packets of each stream are counted."""
    shown = ["-show_format", "-show_streams", "-show_chapters", "-count_packets"]
    found: dict[str, Any] = json.loads(_run("ffprobe", "-v", "error", "-of", "json", *shown, str(path)))
    return found


def mediainfo(path: Path) -> dict[str, dict[str, Any]]:
    """The first track of each kind (General, Video, Audio, Text, Menu, Other) by its kind."""
    data = json.loads(_run("mediainfo", "--Output=JSON", "--Full", str(path)))
    tracks: dict[str, dict[str, Any]] = {}
    for track in data["media"]["track"]:
        tracks.setdefault(track["@type"], track)
    return tracks


def decoded_picture(path: Path, pixels: str, width: int, height: int) -> NDArray[np.uint8]:
    """Every frame as ffmpeg decodes it, one byte a sample; shape (frames, bytes of a frame)."""
    words = ["-v", "error", "-xerror", "-i", str(path), "-map", "0:v:0", "-f", "rawvideo", "-pix_fmt", pixels, "-"]
    size = {"gray": 2, "yuv420p": 3}[pixels] * width * height // 2
    return np.frombuffer(_run("ffmpeg", *words), np.uint8).reshape(-1, size)


def decoded_sound(path: Path) -> NDArray[np.float32]:
    """The sound as ffmpeg decodes it: stereo, full scale 1, shape (n, 2)."""
    words = ["-v", "error", "-xerror", "-i", str(path), "-map", "0:a:0", "-f", "f32le", "-"]
    return np.frombuffer(_run("ffmpeg", *words), np.float32).reshape(-1, 2)
