"""Take all of a card's memory except BYTES, print ``ready``, and hold it until killed: ``python hog.py BYTES``."""

from __future__ import annotations

import sys

import torch

CHUNK = 2**28

held = []
while torch.cuda.mem_get_info()[0] - int(sys.argv[1]) > CHUNK:
    held.append(torch.empty(CHUNK, dtype=torch.uint8, device="cuda"))
print("ready", flush=True)
sys.stdin.read()
