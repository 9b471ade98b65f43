"""What makes a room what it is: the counter of a bar, the columns of a hall. Each is painted before the back wall."""

from __future__ import annotations

from collections.abc import Callable

from vtx_app.render.animatic.drawing.pen import box
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["LAMP_LIGHT", "ROOM_PARTS"]

LAMP_LIGHT = (255, 214, 140)


def _kitchen(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0, z - 0.3)
    pen.shape(box(-1.0, -0.9, 2.2, 0), (156, 140, 112))
    for i in range(4):
        x = -0.95 + i * 0.8
        pen.shape(box(x, -0.78, x + 0.72, -0.08), (176, 160, 130), ink=0.7)
        pen.line([(x + 0.3, -0.7), (x + 0.42, -0.7)], ink=1.6)
    pen.shape(box(-1.06, -0.96, 2.26, -0.88), (206, 198, 182))
    back = setting.at(0, z - 0.05)
    for x in (1.15, 1.9):
        back.shape(box(x, -2.3, x + 0.7, -1.5), (176, 160, 130))
        back.line([(x + 0.6, -1.7), (x + 0.6, -1.58)], ink=1.6)
    back.shape(box(-1.9, -2.3, -0.9, -1.5), (176, 160, 130))
    CATALOGUE["bottle"].paint(setting.at(0.9, z - 0.35, 0.96), Touch())
    CATALOGUE["plate"].paint(setting.at(-0.5, z - 0.35, 0.96), Touch())


def _bathroom(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0, z)
    for i in range(7):
        pen.line([(-wide, -0.2 * i), (wide, -0.2 * i)], ink=0.5, colour=(168, 188, 190))
    for i in range(int(wide * 10)):
        x = -wide + i * 0.2
        pen.line([(x, -1.2), (x, 0)], ink=0.5, colour=(168, 188, 190))
    sink = setting.at(0.1, z - 0.25)
    sink.shape(box(-0.06, -0.75, 0.06, 0), (226, 230, 230))
    sink.blob([(-0.32, -0.85), (0.32, -0.85), (0.2, -0.68), (-0.2, -0.68)], (238, 240, 240))
    tub = setting.at(-1.8, z - 0.6)
    tub.blob([(-0.9, -0.6), (0.9, -0.6), (0.82, -0.1), (0.6, 0), (-0.6, 0), (-0.82, -0.1)], (240, 242, 242))


def _blackboard(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0.2, z)
    pen.shape(box(-1.7, -2.2, 1.7, -0.95), (110, 84, 60))
    pen.shape(box(-1.62, -2.12, 1.62, -1.03), (54, 74, 64))
    for i, half in enumerate((1.2, 0.8, 1.0)):
        pen.line([(-1.4, -1.9 + i * 0.26), (-1.4 + half, -1.92 + i * 0.26)], ink=1.4, colour=(206, 212, 206))


def _hospital(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(2.6, z - 0.4)
    pen.line([(0, 0), (0, -1.9)], ink=2, colour=(150, 158, 160))
    pen.shape(box(-0.1, -2.0, 0.1, -1.7), (210, 226, 226))
    curtain = setting.at(-0.3, z - 0.2)
    for i in range(6):
        curtain.shape(
            box(-0.5 + i * 0.1, -2.2, -0.4 + i * 0.1, -0.3), (166, 198, 190) if i % 2 else (184, 212, 204), ink=0.5
        )
    cross = setting.at(1.2, z)
    cross.fill(box(-0.05, -2.1, 0.05, -1.75), (190, 60, 56))
    cross.fill(box(-0.17, -1.98, 0.17, -1.88), (190, 60, 56))


def _counter(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0.8, z - 1.0)
    pen.shape(box(-1.5, -0.95, 1.2, 0), (140, 108, 76))
    pen.shape(box(-1.58, -1.02, 1.28, -0.93), (176, 142, 104))
    pen.shape(box(0.6, -1.3, 1.0, -1.02), (96, 92, 90))


def _bar(setting: Setting, z: float, wide: float, high: float) -> None:
    back = setting.at(0, z)
    for y in (-1.25, -1.75):
        back.shape(box(-2.6, y, 2.6, y + 0.06), (92, 64, 46))
        for i in range(20):
            tone = ((84, 112, 84), (150, 96, 54), (116, 70, 54), (186, 178, 150))[i * 7 % 4]
            x = -2.45 + i * 0.26
            back.shape(box(x, y - 0.3 - 0.04 * (i % 3), x + 0.09, y), tone, ink=0.6)
    pen = setting.at(0, z - 1.1)
    pen.shape(box(-3.0, -1.08, 3.0, 0), (88, 58, 42))
    for i in range(5):
        pen.shape(box(-2.8 + i * 1.16, -0.9, -1.8 + i * 1.16, -0.15), (104, 70, 50), ink=0.7)
    pen.shape(box(-3.1, -1.16, 3.1, -1.05), (140, 96, 64))
    for x in (-1.9, 1.9):
        stool = setting.at(x, z - 1.7)
        stool.line([(0, 0), (0, -0.7)], ink=3)
        stool.oval(0, -0.74, 0.2, 0.06, (140, 60, 52))
    _hanging_lamps(setting, z, wide, high)


def _hanging_lamps(setting: Setting, z: float, wide: float, high: float) -> None:
    for x in (-1.6, 0.6):
        pen = setting.at(x, z - 1.0)
        pen.line([(0, -high), (0, -2.1)], ink=1.2)
        pen.shape([(-0.1, -2.15), (0.1, -2.15), (0.26, -1.9), (-0.26, -1.9)], (84, 92, 84))
        if setting.light.lamps:
            setting.shine(x, 1.85, z - 1.0, 0.9, LAMP_LIGHT, 0.5)


def _tools(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(-0.8, z)
    pen.shape(box(-1.3, -2.2, 1.3, -1.2), (140, 116, 86))
    for i in range(6):
        x = -1.05 + i * 0.42
        pen.line([(x, -2.05), (x, -1.5)], ink=2.4, colour=(92, 74, 56))
        pen.shape(
            box(x - 0.1, -1.62, x + 0.1, -1.42) if i % 2 else [(x - 0.12, -1.5), (x + 0.12, -1.5), (x, -1.3)],
            (124, 128, 132),
            ink=0.7,
        )


def _stones(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0, z)
    for row in range(7):
        y, shift = -0.33 * row, 0.25 * (row % 2)
        pen.line([(-wide, y), (wide, y)], ink=0.6, colour=(104, 98, 92))
        for i in range(int(wide * 4)):
            x = -wide + shift + i * 0.5
            pen.line([(x, y), (x, y - 0.33)], ink=0.5, colour=(104, 98, 92))


def _rafters(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0, z)
    for side in (-1, 1):
        pen.shape(
            [
                (side * wide * 1.3, -high * 1.3),
                (0, -high * 1.3),
                (0, -high),
                (side * wide, -0.9),
                (side * wide * 1.3, -0.9),
            ],
            (126, 100, 72),
        )
    for side in (-1, 1):
        for i in range(4):
            a = (side * wide * (0.2 + i * 0.24), -high + (high - 0.9) * (0.2 + i * 0.24))
            pen.stroke([a, (a[0] * 1.5, a[1] * 1.25)], 0.1, (96, 72, 50))
    pen.stroke([(0, -high), (wide, -0.9)], 0.12, (96, 72, 50))
    pen.stroke([(0, -high), (-wide, -0.9)], 0.12, (96, 72, 50))


def _bars(setting: Setting, z: float, wide: float, high: float) -> None:
    _stones(setting, z, wide, high)
    pen = setting.at(0.9, z)
    for i in range(6):
        pen.line([(-0.55 + i * 0.22, -2.2), (-0.55 + i * 0.22, -1.0)], ink=3.2, colour=(60, 62, 66))


def _lift(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0, z)
    pen.shape(box(-0.7, -2.1, 0.7, 0), (150, 156, 160))
    pen.line([(0, -2.1), (0, 0)], ink=1.6)
    panel = setting.at(1.0, z)
    panel.shape(box(-0.1, -1.5, 0.1, -0.9), (110, 114, 118))
    for i in range(5):
        panel.oval(0, -1.42 + i * 0.11, 0.03, 0.03, (244, 226, 150), ink=0.6)


def _columns(setting: Setting, z: float, wide: float, high: float) -> None:
    for depth in (z - 0.6, z - 2.6):
        for x in (-wide * 0.62, wide * 0.62):
            pen = setting.at(x, depth)
            pen.shape(box(-0.28, -high, 0.28, 0), (206, 198, 180))
            pen.shape(box(-0.42, -0.3, 0.42, 0), (188, 180, 164))
            pen.shape(box(-0.42, -high, 0.42, -high + 0.35), (188, 180, 164))
            pen.line([(-0.1, -high + 0.4), (-0.1, -0.3)], ink=0.6, colour=(160, 152, 136))


def _church(setting: Setting, z: float, wide: float, high: float) -> None:
    for x in (-2.6, 0.0, 2.6):
        pen = setting.at(x, z)
        glass = [(-0.5, -1.6), (-0.5, -3.6), (0.0, -4.4), (0.5, -3.6), (0.5, -1.6)]
        pen.shape(glass, (112, 140, 176) if not setting.light.night else (50, 60, 90))
        for i, tone in enumerate(((180, 74, 66), (206, 170, 84), (84, 130, 100))):
            pen.fill(box(-0.4, -3.4 + i * 0.6, 0.4, -3.1 + i * 0.6), tone)
        pen.line([(0, -4.4), (0, -1.6)], ink=1.4)
    _columns(setting, z, wide, high)
    altar = setting.at(0, z - 0.8)
    altar.shape(box(-0.9, -1.0, 0.9, 0), (226, 220, 206))
    altar.line([(0, -1.0), (0, -1.7)], ink=3, colour=(176, 140, 70))
    altar.line([(-0.2, -1.5), (0.2, -1.5)], ink=3, colour=(176, 140, 70))
    for depth in (z - 2.4, z - 3.8, z - 5.2):
        for side in (-1, 1):
            pew = setting.at(side * 2.0, depth)
            pew.shape(box(-1.2, -0.85, 1.2, 0), (116, 82, 56))


def _theatre(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0, z)
    pen.shape(box(-wide * 0.7, -0.8, wide * 0.7, 0), (110, 80, 58))
    pen.shape(box(-wide * 0.7, -high * 0.85, wide * 0.7, -0.8), (52, 44, 56))
    for side in (-1, 1):
        for i in range(5):
            x = side * (wide * 0.72 - i * 0.3)
            pen.shape(
                box(min(x, x - side * 0.3), -high * 0.9, max(x, x - side * 0.3), -0.7),
                (150, 40, 46) if i % 2 else (128, 30, 38),
                ink=0.6,
            )
    pen.shape(box(-wide * 0.75, -high, wide * 0.75, -high * 0.8), (150, 40, 46))


def _hay(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0, z)
    for i in range(int(wide * 2 / 0.4)):
        pen.line([(-wide + i * 0.4, -high), (-wide + i * 0.4, 0)], ink=0.6, colour=(116, 84, 58))
    for x, y in ((1.9, 0.0), (2.9, 0.0), (2.4, 0.7), (-2.2, 0.0)):
        bale = setting.at(x, z - 0.7, y)
        bale.shape(box(-0.5, -0.7, 0.5, 0), (206, 176, 96))
        for i in range(3):
            bale.line([(-0.45, -0.15 - 0.2 * i), (0.45, -0.18 - 0.2 * i)], ink=0.6, colour=(160, 130, 66))


def _pipes(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0, z - 0.4)
    for y in (-3.4, -3.8):
        pen.stroke([(-wide, y), (wide, y)], 0.18, (124, 112, 98), line=(50, 48, 50))
    for x in (-2.4, 2.2):
        pen.shape(box(x - 0.6, -2.2, x + 0.6, 0), (110, 122, 120))
        pen.oval(x, -1.6, 0.22, 0.22, (220, 222, 214))
        pen.line([(x, -1.6), (x + 0.12, -1.7)], ink=1.4)


def _bunting(setting: Setting, z: float, wide: float, high: float) -> None:
    pen = setting.at(0, z)
    tones = ((196, 84, 76), (84, 132, 170), (222, 180, 80), (110, 156, 96))
    for i in range(12):
        x, y = -2.6 + i * 0.45, -2.5 + 0.1 * ((i - 6) / 6) ** 2 * -1
        pen.shape([(x, y), (x + 0.36, y), (x + 0.18, y + 0.28)], tones[i % 4], ink=0.7)


ROOM_PARTS: dict[str, Callable[[Setting, float, float, float], None]] = {
    "kitchen": _kitchen, "bathroom": _bathroom, "blackboard": _blackboard, "hospital": _hospital,
    "counter": _counter, "bar": _bar,
    "hanging_lamps": _hanging_lamps, "tools": _tools, "stones": _stones, "rafters": _rafters,
    "bars": _bars, "lift": _lift, "columns": _columns,
    "church": _church, "theatre": _theatre, "hay": _hay, "pipes": _pipes, "bunting": _bunting,
}  # fmt: skip
