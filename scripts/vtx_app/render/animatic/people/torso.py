"""The outline of a garment on a body."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.pen import Point, smooth
from vtx_app.render.animatic.people.look import Look
from vtx_app.render.animatic.people.pose import Joints

__all__ = ["Torso"]


class Torso:
    """The outline of a garment: points down both sides, and across at any height."""

    def __init__(self, look: Look, j: Joints, view: str) -> None:
        top = look.clothes.top
        self.look, self.view, self.j = look, view, j
        b = look.broad * top.thick
        narrow = {"profile": 0.72, "three_quarter": 0.95}.get(view, 1.0)
        neck, hip = j.neck, j.hip
        self.left_shoulder = (j.near_shoulder[0] - 0.002 * b, j.near_shoulder[1] - 0.016)
        self.right_shoulder = (j.far_shoulder[0] + 0.002 * b, j.far_shoulder[1] - 0.016)
        waist = (neck[0] * 0.4 + hip[0] * 0.6, neck[1] * 0.4 + hip[1] * 0.6)
        half_waist = (0.082 if look.woman and not look.child else 0.09) * b * narrow + 0.035 * look.belly
        half_hip = 0.093 * b * narrow + 0.02 * look.belly
        chest = (neck[0] * 0.75 + hip[0] * 0.25, neck[1] * 0.75 + hip[1] * 0.25)
        half_chest = max(0.098 * b * narrow, (self.right_shoulder[0] - self.left_shoulder[0]) / 2 * 0.92)
        forward = 0.02 * look.belly if view != "front" else 0.0
        self.left = [(chest[0] - half_chest, chest[1]), (waist[0] - half_waist, waist[1]), (hip[0] - half_hip, hip[1])]
        self.right = [(chest[0] + half_chest, chest[1]), (waist[0] + half_waist + forward, waist[1]),
                      (hip[0] + half_hip + forward, hip[1])]  # fmt: skip
        self.hem_left, self.hem_right = self._hem(half_hip)
        self.collar_left = (neck[0] - look.head * 0.23, neck[1] - 0.012)
        self.collar_right = (neck[0] + look.head * 0.23, neck[1] - 0.012)

    def _hem(self, half: float) -> tuple[list[Point], list[Point]]:
        """From the hip down both sides: along the legs, wider by the garment's flare."""
        top, j = self.look.clothes.top, self.j
        seated = j.near_knee[1] - j.hip[1] < 0.12
        left, right = [], []
        for share in (0.5, 1.0):
            t = top.hem * share
            wide = half * (1 + top.flare * share * 1.6)
            if seated:
                # Over the thighs, then down from the knees.
                along = min(1.0, t * 2)
                x, y = j.hip[0] + (j.near_knee[0] - j.hip[0]) * along, j.hip[1] + (j.near_knee[1] - j.hip[1]) * along
                low = max(0.0, t - 0.5) * 2 * (j.near_foot[1] - j.near_knee[1])
                left.append((j.hip[0] - half * 0.9, j.hip[1] + 0.06 * share + low * 0.2))
                right.append((x + 0.05, y + 0.045 * share + low))
                continue
            y = j.hip[1] + (0.0 - 0.03 - j.hip[1]) * t
            feet = sorted(
                (
                    self._leg_x(j.near_hip, j.near_knee, j.near_foot, y),
                    self._leg_x(j.far_hip, j.far_knee, j.far_foot, y),
                )
            )
            left.append((min(j.hip[0] - wide, feet[0] - 0.05), y))
            right.append((max(j.hip[0] + wide, feet[1] + 0.05), y))
        return left, right

    @staticmethod
    def _leg_x(hip: Point, knee: Point, foot: Point, y: float) -> float:
        (ax, ay), (bx, by) = (hip, knee) if y < knee[1] else (knee, foot)
        t = min(1.0, max(0.0, (y - ay) / (by - ay))) if abs(by - ay) > 1e-6 else 0.0
        return ax + (bx - ax) * t

    def outline(self) -> list[Point]:
        """The garment, clockwise from the left of the neck."""
        right = [self.collar_right, self.right_shoulder, *self.right, *self.hem_right]
        left = [self.collar_left, self.left_shoulder, *self.left, *self.hem_left]
        points = smooth(right, closed=False, steps=4)
        hem = [self.hem_right[-1], self.hem_left[-1]]
        middle = ((hem[0][0] + hem[1][0]) / 2, max(hem[0][1], hem[1][1]) + 0.008)
        return (
            points + smooth([hem[0], middle, hem[1]], closed=False, steps=4) + smooth(left, closed=False, steps=4)[::-1]
        )

    def across(self, share: float) -> tuple[Point, Point]:
        """Both sides at ``share`` of the way from the shoulders (0) to the hem (1)."""
        left = [self.left_shoulder, *self.left, *self.hem_left]
        right = [self.right_shoulder, *self.right, *self.hem_right]
        at = share * (len(left) - 1)
        i = min(len(left) - 2, int(at))
        t = at - i

        def between(a: Point, b: Point) -> Point:
            return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t

        return between(left[i], left[i + 1]), between(right[i], right[i + 1])

    def middle(self, share: float) -> Point:
        """The line of the buttons: the middle, nearer to where the figure looks."""
        (ax, ay), (bx, by) = self.across(share)
        lean = {"profile": 0.86, "three_quarter": 0.6}.get(self.view, 0.5)
        return ax + (bx - ax) * lean, (ay + by) / 2
