"""A stand-in for the pipeline of that name: it notes how it was called, and then does what ``--do`` says."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path


class OutOfMemoryError(RuntimeError):
    """As torch has one."""


def bar(done: int, of: int, end: str) -> None:
    sys.stderr.write(f"\r{done * 100 // of:3}%|{'█' * done}| {done}/{of} [00:00<00:00, 15.46it/s]{end}")
    sys.stderr.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="distilled.py")
    for flag in ("--prompt", "--output-path", "--offload", "--note"):
        parser.add_argument(flag)
    parser.add_argument("--do", default="render")
    options, _ = parser.parse_known_args()
    note = {"pid": os.getpid(), "argv": sys.argv[1:], "environment": dict(os.environ)}
    with Path(options.note).open("a", encoding="utf-8") as file:
        file.write(json.dumps(note) + "\n")
    print("INFO:ltx_pipelines.utils.blocks:Running denoising loop (2 steps, 64x64 9 frames @ 8.0 fps)", file=sys.stderr)
    bar(0, 2, "")
    bar(1, 2, "\n")
    out = Path(options.output_path)
    out.write_bytes(b"half a file")
    if options.do == "deaf":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if options.do in ("hang", "deaf"):
        try:
            bar(2, 2, "\n")
            while True:
                signal.pause()
        except KeyboardInterrupt:
            Path(f"{options.note}.interrupted").touch()
            raise
    if options.do == "fail":
        raise ValueError("the canvas of – 96x128 – is not divisible by 64")
    if options.do == "refuse":
        parser.error("unrecognized arguments: --renoise 3")
    if options.do == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if options.do == "mute":
        sys.exit(7)
    if options.do == "memory" or (options.do == "memory once" and options.offload != "disk"):
        raise OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has 23.6 GiB in all")
    if options.do == "driver once" and options.offload != "disk":
        raise RuntimeError("CUDA error: out of memory\nCUDA kernel errors might be reported at some other call")
    print("INFO:ltx_pipelines.utils.blocks:Building video decoder from x", file=sys.stderr)
    bar(1, 1, "\n")
    out.write_bytes(b"a whole film")
    print(f"INFO:ltx_pipelines.utils.media_io.encode:Video saved to {out}", file=sys.stderr)


if __name__ == "__main__":
    main()
