"""Poses as joints. Units are figure heights: the soles at (0, 0), the crown at (0, -1). A figure looks to the right."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from vtx_app.render.animatic.drawing.pen import Point
from vtx_app.render.animatic.people.look import Look

__all__ = ["RECEIVER", "Joints", "at_the_ear", "pose_joints"]

RECEIVER = "receiver"
"""What somebody holds who has a telephone at the ear."""

_Limb = tuple[float, float]
"""Angles of upper and lower limb from straight down in degrees, positive in the direction of the look."""


@dataclass(frozen=True, slots=True)
class _Pose:
    """``lean`` of the trunk in degrees; the limbs nearer to us and farther; ``seat``: the height of the hips above the
    floor as a share of the leg, None if the legs carry them."""

    lean: float
    near_arm: _Limb
    far_arm: _Limb
    near_leg: _Limb
    far_leg: _Limb
    seat: float | None = None


_POSES: dict[str, _Pose] = {
    "stand": _Pose(0, (-9, 3), (9, 14), (-4, -3), (4, 2)),
    "walk": _Pose(4, (-26, -6), (24, 40), (26, 12), (-20, -38)),
    "run": _Pose(14, (-50, 30), (45, 110), (55, -20), (-28, -80)),
    "sit": _Pose(0, (4, 58), (16, 66), (78, 0), (70, 4), 0.56),
    "ride": _Pose(6, (30, 70), (36, 76), (48, -14), (48, -14), 0.9),
    "kneel": _Pose(2, (-6, 30), (10, 44), (14, -84), (76, -2), 0.5),
    "crouch": _Pose(18, (20, 60), (30, 70), (88, -46), (74, -40), 0.38),
    "climb": _Pose(8, (38, 92), (84, 138), (66, -18), (4, -6)),
    "reach": _Pose(5, (58, 84), (70, 88), (-6, -5), (9, 3)),
    "row": _Pose(-6, (62, 82), (66, 84), (74, 14), (70, 14), 0.42),
    "dance": _Pose(-4, (-125, -160), (70, 140), (-6, -8), (46, -40)),
    "hold": _Pose(0, (-9, 3), (12, 112), (-4, -3), (4, 2)),
    "point": _Pose(0, (-9, 3), (80, 88), (-4, -3), (4, 2)),
}


@dataclass(frozen=True, slots=True)
class Joints:
    """Where the joints are; near and far as seen by us."""

    hip: Point
    neck: Point
    head: Point
    near_shoulder: Point
    far_shoulder: Point
    near_elbow: Point
    far_elbow: Point
    near_hand: Point
    far_hand: Point
    near_hip: Point
    far_hip: Point
    near_knee: Point
    far_knee: Point
    near_foot: Point
    far_foot: Point


def _from(point: Point, angle: float, length: float) -> Point:
    return point[0] + math.sin(math.radians(angle)) * length, point[1] + math.cos(math.radians(angle)) * length


def pose_joints(look: Look, pose: str, view: str, *, holding: bool = False) -> Joints:
    """The joints of somebody who looks like ``look``. ``head`` is the crown, ``neck`` where it meets the shoulders."""
    if holding and pose == "stand":
        pose = "hold"
    found = _POSES.get(pose, _POSES["stand"])
    head = look.head
    trunk_top = 1 - head * 1.13
    leg = 0.5 if not look.child else 0.46
    thigh = shin = (leg - 0.035) / 2
    lean = found.lean + (7 if look.old and pose in ("stand", "walk", "hold") else 0)

    def legs(hip: Point) -> tuple[tuple[Point, Point], tuple[Point, Point]]:
        spread = 0.045 if view != "profile" else 0.012
        near, far = (hip[0] - spread, hip[1]), (hip[0] + spread * 0.9, hip[1])
        near_knee, far_knee = _from(near, found.near_leg[0], thigh), _from(far, found.far_leg[0], thigh)
        return (near_knee, _from(near_knee, found.near_leg[1], shin)), (
            far_knee,
            _from(far_knee, found.far_leg[1], shin),
        )

    (_, near_foot), (_, far_foot) = legs((0.0, 0.0))
    hip_y = -max(near_foot[1], far_foot[1]) - 0.035
    if found.seat is not None:
        hip_y = -found.seat * leg
    hip = (0.0, hip_y)
    (near_knee, near_foot), (far_knee, far_foot) = legs(hip)
    trunk = trunk_top - leg
    neck = _from(hip, 180 - lean, trunk)
    half = 0.112 * look.broad * (0.95 if look.child else 1.0)
    half *= {"profile": 0.28, "three_quarter": 0.9}.get(view, 1.0)
    down = 0.042
    near_shoulder, far_shoulder = (neck[0] - half, neck[1] + down), (neck[0] + half * 0.92, neck[1] + down)
    upper, lower = 0.165 * (0.92 if look.child else 1.0), 0.15 * (0.92 if look.child else 1.0)

    def arm(shoulder: Point, angles: _Limb) -> tuple[Point, Point]:
        elbow = _from(shoulder, angles[0], upper)
        return elbow, _from(elbow, angles[1], lower)

    near_arm, far_arm = arm(near_shoulder, found.near_arm), arm(far_shoulder, found.far_arm)
    forward = (0.028 if view in ("profile", "three_quarter") else 0.0) + (0.014 if look.old else 0.0)
    crown = (neck[0] + forward * (1 if view == "profile" else 0.4), neck[1] - head * 1.13)
    spread = 0.045 if view != "profile" else 0.012
    return Joints(
        hip, neck, crown, near_shoulder, far_shoulder, near_arm[0], far_arm[0], near_arm[1], far_arm[1],
        (hip[0] - spread, hip[1]), (hip[0] + spread * 0.9, hip[1]), near_knee, far_knee, near_foot, far_foot,
    )  # fmt: skip


def at_the_ear(joints: Joints, look: Look, view: str) -> Joints:
    """``joints`` with the near hand at the ear on its side, where the receiver of a telephone is."""
    x, y = joints.near_shoulder
    away = 0.1 if view == "profile" else -0.075  # foreshortened: the elbow comes towards us
    ear = (joints.head[0] - (0.06 if view == "profile" else 0.3) * look.head, joints.head[1] + 0.74 * look.head)
    return replace(joints, near_elbow=(x + away, y + 0.1), near_hand=ear)
