"""A stand-in for the pipeline of that name whose takes tell their frames: kit.numbered_takes reads them."""

from __future__ import annotations

import argparse
from pathlib import Path

from kit.numbered_takes import write_numbered


def main() -> None:
    parser = argparse.ArgumentParser()
    for flag in ("--width", "--height", "--num-frames", "--frame-rate"):
        parser.add_argument(flag, type=int)
    parser.add_argument("--output-path", type=Path)
    parser.add_argument("--image", nargs=3, action="append", default=[])
    options, _ = parser.parse_known_args()
    pictures = {int(frame): Path(path) for path, frame, _ in options.image}
    size = options.width, options.height
    write_numbered(options.output_path, size, options.num_frames, options.frame_rate, pictures)


if __name__ == "__main__":
    main()
