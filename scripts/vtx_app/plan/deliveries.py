"""The deliveries of a film as data: each file with what it is made from, and its stamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from vtx_app.compile.request import fold, stamp_of
from vtx_app.cut.burn_in import BurnedIn, stretches
from vtx_app.cut.framing import Crop, Framing, crops, frame_of, size_fault
from vtx_app.cut.version_record import is_delivered, recorded
from vtx_app.errors import ProjectError, SpecError
from vtx_app.formats.check import did_you_mean
from vtx_app.formats.deliveries import BurnIn, Deliverable, Stem
from vtx_app.models.fingerprint import file_sha256
from vtx_app.plan.film_plan import FilmPlan, Product
from vtx_app.project.deliveries import Declared, load_deliveries
from vtx_app.project.paths import renders

__all__ = [
    "DELIVERY_VERSION",
    "DeliveryPlan",
    "delivery_notices",
    "delivery_of_file",
    "film_deliveries",
    "plan_delivery",
]

DELIVERY_VERSION = 2
"""Raised when the same declaration and film would give another file."""

_SHORT = 7
"""Letters of a take's digest and of a cut's stamp that are shown, as on a slate."""


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    """One file of a delivery; ``stem`` if it is one part of the mix.

    ``parts``: what it is made from, of the final, the mix, the subtitles and the poster. ``framing`` and ``crops`` say
    what is shown of each frame; None for sound alone. ``burned_in``: what stands above the picture.
    """

    name: str
    deliverable: Deliverable
    stem: Stem | None
    path: Path
    stamp: str
    parts: tuple[Product, ...]
    framing: Framing | None
    crops: tuple[Crop, ...]
    burned_in: BurnedIn | None = None

    def is_current(self) -> bool:
        """Whether the file is there, whole, and made as this plan says. Reads its record."""
        return is_delivered(self.path, self.stamp, checksum=self.deliverable.sha256)


def film_deliveries(plan: FilmPlan) -> dict[str, DeliveryPlan]:
    """Every delivery of a film, by the name of its file.

    Raises :class:`vtx_app.errors.SpecError` for a fault in a declaration, :class:`ProjectError` for a film without
    clips.
    """
    declared = load_deliveries(plan.film.folder).values()
    return {delivery.path.name: delivery for each in declared for delivery in plan_delivery(each, plan)}


def plan_delivery(declared: Declared, plan: FilmPlan) -> list[DeliveryPlan]:
    """The files of one delivery: one, or one for each stem.

    Raises :class:`ProjectError` for a film without clips, :class:`SpecError` for a picture that its codec can't hold.
    """
    if plan.final is None or plan.mix is None:
        raise ProjectError(f"{plan.film.slug} has no clips yet, and so nothing to deliver: snakemake story writes them")
    deliverable = declared.deliverable
    framing = None
    moves: tuple[Crop, ...] = ()
    if picture := deliverable.picture:
        width, height = plan.size
        framing = frame_of(picture, width, height)
        if fault := size_fault(picture, framing):
            key = next((key for key in ("width", "height", "aspect") if getattr(picture, key)), "codec")
            raise SpecError([f"{declared.location('picture', key)}: {fault}"])
        if framing.crop_width < width:
            moves = crops(plan.timeline.picture, {key: clip.crop for key, clip in plan.film.edit.clips.items()})
    burned_in = _burned_in(picture.burn_in, plan) if picture and picture.burn_in else None
    facts = {
        "deliverable": deliverable.model_dump(exclude={"about", "stems"}),
        "final": plan.final.stamp if picture else "",
        "mix": plan.mix.stamp,
        "framing": asdict(framing) if framing else {},
        "crops": [(crop.start, crop.position) for crop in moves],
        "burned_in": burned_in,
    }
    parts = _parts(deliverable, plan)
    folder = plan.film.folder / renders(plan.tier) / "deliveries"
    plans = []
    for stem in deliverable.stems or (None,):
        name = f"{plan.film.slug}.{declared.name}" + (f".{stem}" if stem else "")
        stamp = stamp_of("delivery", DELIVERY_VERSION, facts | {"stem": stem or ""})
        path = folder / f"{name}{deliverable.suffix}"
        plans.append(DeliveryPlan(declared.name, deliverable, stem, path, stamp, parts, framing, moves, burned_in))
    return plans


def _burned_in(fields: Sequence[BurnIn], plan: FilmPlan) -> BurnedIn:
    """What a review version shows, and nothing else, so that editing a title that it doesn't show leaves it current."""
    clips = plan.clips.values()
    titles = {each.clip_id: fold(each.clip.spec.title) for each in clips if "clip" in fields}
    takes = {each.clip_id: each.take.digest[:_SHORT] for each in clips if "take" in fields}
    version = plan.final.stamp[:_SHORT] if plan.final and "version" in fields else ""
    font = file_sha256(plan.film.slate_font) if plan.film.slate_font else ""
    return BurnedIn(tuple(dict.fromkeys(fields)), version, stretches(plan.timeline, titles, takes), font)


def _parts(deliverable: Deliverable, plan: FilmPlan) -> tuple[Product, ...]:
    picture = deliverable.picture
    worded = deliverable.subtitles or "subtitles" in deliverable.attach
    parts: list[Product | None] = [
        plan.final if picture else None,
        plan.mix,
        plan.subtitles if worded else None,
        plan.poster if picture and picture.codec == "copy" else None,
    ]
    return tuple(part for part in parts if part is not None)


def delivery_of_file(plans: Mapping[str, DeliveryPlan], name: str) -> DeliveryPlan:
    """The delivery whose file is called ``name``. Raises :class:`ProjectError` if there is none."""
    if name not in plans:
        hint = did_you_mean(name, plans) or "."
        raise ProjectError(f"no delivery makes {name}{hint} There are: {', '.join(plans) or 'none'}")
    return plans[name]


def delivery_notices(plan: FilmPlan) -> list[str]:
    """A line that names the deliveries which were made and are out of date. Reads their records."""
    if not recorded(plan.film.folder / renders(plan.tier) / "deliveries"):
        return []
    made = [each for each in film_deliveries(plan).values() if each.path.exists()]
    stale = list(dict.fromkeys(each.name for each in made if not each.is_current()))
    if not stale:
        return []
    command = f"snakemake deliver --config project={plan.film.slug} delivery={','.join(stale)}"
    return [f"  deliveries out of date: {', '.join(stale)} ({command})"]
