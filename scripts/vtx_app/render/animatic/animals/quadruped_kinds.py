"""The proportions of four-legged animals. Data only."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["QUADRUPEDS", "Quadruped"]


@dataclass(frozen=True, slots=True)
class Quadruped:
    """``back``: height of the back, ``long``: length of the trunk, ``deep``: its depth, all in metres. ``neck`` and
    ``rise``: how far the head is before and above the shoulders. ``head`` length, ``snout`` share of it.

    ``ears``: pointed, hanging, round, long, none; ``tail``: up, down, bushy, thin, curl, short; ``extra``: horns,
    antlers, mane, trunk, stripes, spots, wool, patches.
    """

    colour: str
    back: float
    long: float
    deep: float
    neck: float
    rise: float
    head: float
    snout: float
    ears: str
    tail: str
    extra: str = ""
    thick: float = 1.0


QUADRUPEDS: dict[str, Quadruped] = {
    "dog": Quadruped("9a6f45", 0.56, 0.6, 0.24, 0.14, 0.2, 0.26, 0.5, "hanging", "up"),
    "puppy": Quadruped("a9805a", 0.3, 0.32, 0.16, 0.08, 0.12, 0.19, 0.4, "hanging", "up", thick=1.3),
    "wolf": Quadruped("7d8084", 0.75, 0.85, 0.3, 0.2, 0.2, 0.34, 0.55, "pointed", "bushy"),
    "fox": Quadruped("c0642c", 0.4, 0.52, 0.17, 0.12, 0.12, 0.22, 0.6, "pointed", "bushy"),
    "cat": Quadruped("7f7a75", 0.28, 0.34, 0.13, 0.05, 0.1, 0.13, 0.25, "pointed", "curl"),
    "kitten": Quadruped("8c8681", 0.16, 0.18, 0.08, 0.03, 0.07, 0.1, 0.25, "pointed", "up"),
    "lion": Quadruped("c49a5a", 1.05, 1.3, 0.48, 0.25, 0.25, 0.42, 0.4, "round", "thin", "mane", 1.2),
    "tiger": Quadruped("d08438", 0.95, 1.3, 0.44, 0.25, 0.16, 0.38, 0.38, "round", "curl", "stripes", 1.2),
    "leopard": Quadruped("cfa45a", 0.7, 1.0, 0.32, 0.2, 0.12, 0.28, 0.38, "round", "curl", "spots"),
    "bear": Quadruped("5f4632", 1.1, 1.3, 0.62, 0.24, 0.12, 0.42, 0.42, "round", "short", "", 1.6),
    "horse": Quadruped("7c5236", 1.5, 1.4, 0.56, 0.5, 0.6, 0.58, 0.65, "pointed", "bushy", "horse_mane", 0.95),
    "pony": Quadruped("8a6a4c", 1.1, 1.1, 0.46, 0.36, 0.4, 0.46, 0.62, "pointed", "bushy", "horse_mane"),
    "donkey": Quadruped("8b8580", 1.1, 1.1, 0.44, 0.34, 0.38, 0.46, 0.62, "long", "thin", "horse_mane"),
    "zebra": Quadruped("eceae4", 1.3, 1.25, 0.5, 0.42, 0.46, 0.5, 0.62, "pointed", "thin", "stripes"),
    "cow": Quadruped("e4dfd4", 1.35, 1.6, 0.68, 0.36, 0.1, 0.52, 0.6, "hanging", "thin", "horns patches", 0.9),
    "bull": Quadruped("4b3a32", 1.45, 1.7, 0.76, 0.36, 0.12, 0.54, 0.6, "hanging", "thin", "horns", 1.0),
    "ox": Quadruped("6b5140", 1.45, 1.7, 0.76, 0.36, 0.12, 0.54, 0.6, "hanging", "thin", "horns", 1.0),
    "goat": Quadruped("cfc8ba", 0.75, 0.8, 0.34, 0.2, 0.24, 0.3, 0.55, "hanging", "short", "horns"),
    "sheep": Quadruped("ece7db", 0.75, 0.85, 0.46, 0.16, 0.1, 0.28, 0.55, "hanging", "short", "wool"),
    "lamb": Quadruped("f0ece2", 0.45, 0.46, 0.26, 0.1, 0.1, 0.2, 0.5, "hanging", "short", "wool"),
    "pig": Quadruped("dba7a0", 0.66, 1.0, 0.46, 0.16, -0.02, 0.36, 0.5, "pointed", "curl", "", 1.0),
    "deer": Quadruped("a9794e", 1.05, 1.05, 0.36, 0.26, 0.46, 0.34, 0.6, "long", "short", "", 0.75),
    "stag": Quadruped("8f623e", 1.25, 1.25, 0.42, 0.3, 0.5, 0.38, 0.6, "long", "short", "antlers", 0.75),
    "rabbit": Quadruped("a58e76", 0.18, 0.26, 0.15, 0.05, 0.08, 0.12, 0.3, "long", "short", "", 1.2),
    "hare": Quadruped("9c7f5e", 0.26, 0.34, 0.16, 0.07, 0.1, 0.14, 0.35, "long", "short"),
    "mouse": Quadruped("8b857f", 0.045, 0.08, 0.045, 0.015, 0.0, 0.045, 0.5, "round", "thin"),
    "rat": Quadruped("6d665f", 0.08, 0.16, 0.075, 0.03, 0.0, 0.075, 0.55, "round", "thin"),
    "squirrel": Quadruped("a2603a", 0.13, 0.16, 0.09, 0.03, 0.06, 0.075, 0.35, "pointed", "bushy"),
    "elephant": Quadruped("8c9096", 2.7, 2.5, 1.5, 0.4, 0.0, 0.95, 0.3, "round", "thin", "trunk", 1.7),
    "camel": Quadruped("bf9762", 1.8, 1.6, 0.7, 0.6, 0.3, 0.5, 0.6, "round", "thin", "hump", 0.9),
}  # fmt: skip
