"""Whole figures. A near shot is the same figure drawn larger, so that a person looks alike in every size of shot.

Units are figure heights: the soles at the pen's origin, the crown at (0, -1). A figure looks to the right.
"""

from __future__ import annotations

from collections.abc import Callable

from vtx_app.render.animatic.drawing.colours import INK, Colour, darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, Point, smooth
from vtx_app.render.animatic.people.extras import paint_extras
from vtx_app.render.animatic.people.head import paint_behind_head, paint_head
from vtx_app.render.animatic.people.look import Look
from vtx_app.render.animatic.people.pose import RECEIVER, Joints, at_the_ear, pose_joints
from vtx_app.render.animatic.people.tops import paint_top

__all__ = ["paint_figure"]

PaintHeld = Callable[[Pen, str], None]


def paint_figure(
    pen: Pen, look: Look, *, view: str = "three_quarter", pose: str = "stand", talking: bool = False,
    holds: str = "", paint_held: PaintHeld | None = None,
) -> None:  # fmt: skip
    """Paint somebody. ``view``: front, three_quarter, profile or behind. ``paint_held`` paints what ``holds`` names
    in the hand, with a pen of the figure's height whose origin is the hand."""
    phones = holds == RECEIVER
    joints = pose_joints(look, pose, view, holding=bool(holds) and not phones)
    if phones:
        joints = at_the_ear(joints, look, view)
    limbs = _Limbs(pen, look, joints)
    head = pen.at(*joints.head, look.head, turn=4 if look.old and view == "profile" else 0)
    paint_behind_head(head, look, view)
    limbs.leg(near=False)
    if view in ("profile", "three_quarter") and look.clothes.top.sleeves != "cape":
        limbs.arm(near=False)
    limbs.leg(near=True)
    limbs.neck()
    paint_top(pen, look, joints, view)
    if view in ("front", "behind") and look.clothes.top.sleeves != "cape":
        limbs.arm(near=False)
    if look.clothes.top.sleeves != "cape" and not phones:
        limbs.arm(near=True)
    if holds and paint_held is not None and not phones:
        hand = joints.far_hand if pose in ("stand", "hold", "point", "walk") else joints.near_hand
        paint_held(pen.at(hand[0] + 0.012, hand[1]), holds)
        pen.oval(hand[0], hand[1], 0.026, 0.023, look.skin, ink=0.8)
    paint_extras(pen, look, joints, view, over=False)
    paint_head(head, look, view, mouth_open=talking)
    paint_extras(pen, look, joints, view, over=True)
    if phones:
        limbs.bent_arm()
        _handset(pen, look, joints.near_hand)


def _handset(pen: Pen, look: Look, hand: Point) -> None:
    """The receiver of a telephone, from the ear to the mouth, and the hand round it."""
    x, y = hand
    pen.stroke([(x + 0.004, y - 0.042), (x + 0.004, y), (x + 0.04, y + 0.03)], 0.017, (44, 42, 46), line=INK)
    for dx, dy in ((0.006, -0.042), (0.042, 0.028)):
        pen.oval(x + dx, y + dy, 0.014, 0.014, (44, 42, 46), ink=0.8)
    pen.oval(x, y, 0.02, 0.024, look.skin, ink=0.8)


class _Limbs:
    """Arms, legs and neck of one figure."""

    def __init__(self, pen: Pen, look: Look, joints: Joints) -> None:
        self.pen, self.look, self.joints = pen, look, joints
        self.thick = (1.12 if look.child else 1.0) * (0.9 + 0.12 * look.broad)

    def neck(self) -> None:
        """The neck, down into the collar."""
        head, neck, h = self.joints.head, self.joints.neck, self.look.head
        half = h * (0.17 if self.look.child or self.look.woman else 0.21)
        top, low = head[1] + h * 0.75, neck[1] + 0.03
        x = head[0] - h * 0.06
        self.pen.shape(
            [(x - half, top), (x + half, top), (neck[0] + half * 1.1, low), (neck[0] - half * 1.1, low)],
            darker(self.look.skin, 0.12),
        )

    def arm(self, *, near: bool) -> None:
        """Sleeve, forearm and hand."""
        j, clothes = self.joints, self.look.clothes
        shoulder = j.near_shoulder if near else j.far_shoulder
        elbow, hand = (j.near_elbow, j.near_hand) if near else (j.far_elbow, j.far_hand)
        top = clothes.top
        sleeve = top.colour if top.sleeves in ("long", "short", "wide") else clothes.inner
        tone = sleeve if near else darker(sleeve, 0.16)
        skin = self.look.skin if near else darker(self.look.skin, 0.08)
        thick, wide = self.thick * top.thick, 1.7 if top.sleeves == "wide" else 1.0
        self.pen.oval(hand[0], hand[1], 0.024, 0.027, self._glove(skin), ink=0.8)
        if top.sleeves in ("short", "none"):
            _limb(self.pen, [shoulder, elbow, hand], [0.026 * thick, 0.023 * thick, 0.017], skin)
        if top.sleeves == "short":
            cut = (shoulder[0] * 0.4 + elbow[0] * 0.6, shoulder[1] * 0.4 + elbow[1] * 0.6)
            _limb(self.pen, [shoulder, cut], [0.034 * thick, 0.036 * thick], tone)
        elif top.sleeves != "none":
            wrist = (hand[0] * 0.86 + elbow[0] * 0.14, hand[1] * 0.86 + elbow[1] * 0.14)
            _limb(
                self.pen,
                [(shoulder[0], shoulder[1] + 0.004), elbow, wrist],
                [0.031 * thick, 0.031 * thick, 0.026 * thick * wide],
                tone,
            )
            self.pen.line([(elbow[0] - 0.014, elbow[1] - 0.006), (elbow[0] + 0.014, elbow[1] + 0.004)], ink=0.6,
                          colour=_edge(tone))  # fmt: skip

    def bent_arm(self) -> None:
        """The near arm with the hand at the head: too sharp a bend for one curve."""
        j, top = self.joints, self.look.clothes.top
        tone = top.colour if top.sleeves != "none" else self.look.skin
        lower = tone if top.sleeves in ("long", "wide", "cape") else self.look.skin
        if top.sleeves == "shirt":
            tone = lower = self.look.clothes.inner
        wide = 0.06 * self.thick * top.thick
        self.pen.stroke([j.near_shoulder, j.near_elbow], wide, tone, line=_edge(tone))
        self.pen.stroke([j.near_elbow, j.near_hand], wide * 0.8, lower, line=_edge(lower))

    def _glove(self, skin: Colour) -> Colour:
        return next((each.colour for each in self.look.clothes.extras if each.kind == "gloves"), skin)

    def leg(self, *, near: bool) -> None:
        """Trouser leg or bare leg, and the shoe."""
        j, clothes = self.joints, self.look.clothes
        hip, knee, foot = (j.near_hip, j.near_knee, j.near_foot) if near else (j.far_hip, j.far_knee, j.far_foot)
        skin = self.look.skin if near else darker(self.look.skin, 0.1)
        cloth = clothes.trousers if near else darker(clothes.trousers, 0.16)
        bare = clothes.legs in ("bare", "skirt", "shorts")
        thick = self.thick
        self._shoe(foot, knee)
        if bare:
            _limb(self.pen, [hip, knee, foot], [0.045 * thick, 0.033 * thick, 0.022], skin)
        if clothes.legs == "shorts":
            _limb(self.pen, [hip, knee], [0.054 * thick, 0.05 * thick], cloth)
        elif not bare:
            _limb(self.pen, [hip, knee, foot], [0.053 * thick, 0.043 * thick, 0.036 * thick], cloth)
        if clothes.boots:
            high = (knee[0] * 0.45 + foot[0] * 0.55, knee[1] * 0.45 + foot[1] * 0.55)
            _limb(self.pen, [high, foot], [0.046 * thick, 0.04 * thick], clothes.shoes)

    def _shoe(self, foot: Point, knee: Point) -> None:
        x, y = foot
        if y - knee[1] < 0.05:  # the sole is behind a bent leg, not under it
            return
        turned = 0.09 if self.look.clothes.legs else 0.08
        self.pen.blob(
            [(x - 0.032, y - 0.02), (x + 0.02, y - 0.022), (x + turned * 0.75, y + 0.012),
            (x + turned * 0.7, y + 0.034),
             (x - 0.032, y + 0.034)],
            self.look.clothes.shoes,
        )  # fmt: skip


def _edge(tone: Colour) -> Colour:
    """A line that is seen on ``tone``."""
    return lighter(tone, 0.28) if sum(tone) < 190 else darker(tone, 0.45)


def _limb(pen: Pen, points: list[Point], widths: list[float], tone: Colour) -> None:
    """A tapering limb along ``points`` with half ``widths``."""
    left: list[Point] = []
    right: list[Point] = []
    for i, ((x, y), w) in enumerate(zip(points, widths, strict=True)):
        ax, ay = points[max(0, i - 1)]
        bx, by = points[min(len(points) - 1, i + 1)]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
        nx, ny = -(by - ay) / length * w, (bx - ax) / length * w
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    pen.shape(smooth([*left, *reversed(right)], steps=4), tone, line=INK if sum(tone) >= 190 else lighter(tone, 0.12))
