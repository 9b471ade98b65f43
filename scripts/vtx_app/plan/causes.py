"""Why a take is to be rendered: what its request says otherwise than the take that is there, and who says it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from vtx_app.compile.canvas import canvas, legal_frames
from vtx_app.compile.clip_request import default_seed
from vtx_app.compile.duration import clip_seconds, wanted_frames
from vtx_app.compile.request import LoraInput, RenderRequest, canonical_json
from vtx_app.formats.bibles import Lora
from vtx_app.formats.pipelines import PIPELINES
from vtx_app.models.fingerprint import file_sha256
from vtx_app.models.locked import lora_slot
from vtx_app.plan.cause import Cause, film_file, said_by_film, said_by_shot, spec_file, text
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.words import negative_causes, prompt_causes, staging_causes
from vtx_app.project.film import Film
from vtx_app.project.paths import take_path
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["NEW", "causes_of", "compared_take", "differences"]

NEW = "never rendered"

Values = Mapping[str, Any]
Place = tuple[str, str]
_KIND = ("renderer", "pipeline", "width", "height")
_BESIDE = 100
"""Files in one folder that are looked at for where a picture's old content is."""
_KIND_OF_TIER = {"final": 0, "animatic": 1, "draft": 2}
"""How many of these a take must have in common with a clip of the tier: films share takes, and a draft is no earlier
final."""


def compared_take(film: Film, plan: ClipPlan, tier: str) -> TakeRecord | None:
    """The take that is there: the one that is shown, or whose place the new one takes, the one rendered last of those
    that were made most alike, with its own seed before others. None where there is none."""
    takes = take_records(film.folder, plan.clip_id)
    there = next((take for take in takes if take.digest == plan.take.digest), None)
    if there is not None or plan.choice.state != "open":
        return there

    def alike(take: TakeRecord) -> list[bool]:
        return [take.request.get(name) == getattr(plan.take.request, name) for name in _KIND]

    found = [take for take in takes if take.request and all(alike(take)[: _KIND_OF_TIER[tier]])]
    seed = plan.choice.request.seed
    rank = {take.digest: (sum(alike(take)), take.request.get("seed") == seed, take.rendered_at) for take in found}
    return max(found, key=lambda take: rank[take.digest], default=None)


def causes_of(film: Film, plan: ClipPlan, tier: str) -> list[Cause]:
    """Why the take that the clip asks for is not the one that is there; one cause without words where none is there,
    none where it is."""
    before = compared_take(film, plan, tier)
    if before is None and plan.choice.state != "open":
        return [Cause(f"review/selects/{plan.clip_id}.yaml", f"its {plan.choice.state} take is gone", "", "")]
    if before is None:
        return [Cause("", NEW, "", "")]
    if before.digest == plan.choice.wanted:
        return []
    old, seed = before.request, plan.choice.request.seed
    known = differences(film, plan, old) if old else []
    if not known and old.get("seed", seed) != seed:
        known = [Cause(*_seed_said(film, plan), text(old["seed"]), text(seed))]
    return known or [Cause("", "the take that is there does not say how it was made", "", "")]


def differences(film: Film, plan: ClipPlan, old: Values) -> list[Cause]:
    """What the clip's request says otherwise than the ``old`` one (a record's), in the order in which people care."""
    new = json.loads(canonical_json(plan.choice.request))
    found = [cause for field in _fields(film, plan, old, new) for cause in field]
    if new.get("prompt") != old.get("prompt"):
        found = [*prompt_causes(film, plan, str(old.get("prompt", ""))), *found]
    if new.get("negative") != old.get("negative"):
        found += negative_causes(film, plan, str(old.get("negative", "")), str(new.get("negative", "")))
    if not found and new.get("staging") != old.get("staging"):
        found += staging_causes(film, plan, old.get("staging") or {})
    return found


_OF_SPEC = {
    "input_type": "inputs.type",
    "guidance_scale": "render.guidance_scale",
    "steps": "render.steps",
    "video_strength": "inputs.strength",
    "mask_strength": "inputs.mask_strength",
    "audio_start": "inputs.audio_start",
    "retake_start": "inputs.retake.start",
    "retake_end": "inputs.retake.end",
    "continue_frames": "inputs.continue_frames",
}
_FILES = {"video": "inputs.input_video", "mask": "inputs.mask", "audio": "inputs.audio"}


def _fields(film: Film, plan: ClipPlan, old: Values, new: Values) -> Iterator[Iterator[Cause]]:
    """The causes of each field that differs."""
    for name in RenderRequest.__dataclass_fields__:
        was, now = old.get(name), new.get(name)
        if was == now or (name == "seed" and plan.choice.state != "open"):  # a take of another seed was chosen
            continue
        if name in _MANY:
            yield _MANY[name](film, plan, old, new)
        elif name not in _OF_WORDS:
            yield iter([Cause(*_said(film, plan, name, old, new), text(was), text(now))])


def _said(film: Film, plan: ClipPlan, name: str, old: Values, new: Values) -> Place:
    """Who says a field that has one value."""
    own = spec_file(plan)
    if name in _OF_SPEC:
        return own, _OF_SPEC[name]
    if name in _FILES:
        return _file_said(film, plan, name, old, new)
    if name in ("width", "height", "frames") and plan.clip.spec.inputs.retake:
        return own, "inputs.input_video"
    if name == "pipeline":
        return _pipeline_said(film, plan, old, new)
    if name in ("width", "height"):
        return _size_said(film, plan, name, old, new)
    if name == "frames":
        return _length_said(film, plan, old, new)
    if name == "seed":
        return _seed_said(film, plan)
    if name == "quantization":
        return ("film.lock.yaml" if film.lock.models else "the environment"), "LTX_QUANTIZATION"
    if name == "renderer_version":
        return "", "another version of VTX draws it"
    return said_by_film(film, "fps" if name == "rate" else "renderer")


def _pipeline_said(film: Film, plan: ClipPlan, old: Values, new: Values) -> Place:
    spec = plan.clip.spec
    follows = spec.render.pipeline is None and old.get("input_type") != new.get("input_type")
    if follows:
        return spec_file(plan), "inputs.type"
    return said_by_shot(film, plan, "pipeline", spec.render.pipeline, "render.pipeline")


def _size_said(film: Film, plan: ClipPlan, name: str, old: Values, new: Values) -> Place:
    pipeline = str(old.get("pipeline"))
    if pipeline in PIPELINES and pipeline != new["pipeline"]:
        picture = plan.delivery.picture_width, plan.delivery.picture_height
        if canvas(*picture, pipeline) == (old.get("width"), old.get("height")):  # the pipeline's own multiples
            return _pipeline_said(film, plan, old, new)[0], f"{name} of the canvas"
    return said_by_shot(film, plan, name, getattr(plan.clip.spec.render, name), f"render.{name}")


def _length_said(film: Film, plan: ClipPlan, old: Values, new: Values) -> Place:
    if old.get("rate") != new["rate"] and legal_frames(_frames_at(film, plan, old)) == old.get("frames"):
        return said_by_film(film, "fps")
    return spec_file(plan), "length in frames"


def _frames_at(film: Film, plan: ClipPlan, old: Values) -> int:
    """The length that the clip's spec asks for, in frames of the ``old`` rate."""
    spec = plan.clip.spec
    lines = [said.line for said in spec.prompt.dialogue]
    longest = film.settings["max_seconds"]
    seconds = clip_seconds(spec.render.duration, spec.story_beats, lines, spec.prompt.positive, longest)
    return wanted_frames(seconds, Fraction(str(old.get("rate"))))


def _seed_said(film: Film, plan: ClipPlan) -> Place:
    """The spec, or whoever rejected the take that the spec's own seed made."""
    seed, clip_id = plan.clip.spec.render.seed, plan.clip_id
    if plan.choice.request.seed == (default_seed(clip_id) if seed is None else seed):
        return spec_file(plan), "render.seed"
    if clip_id in film.selects and film.selects[clip_id].rejected:
        return f"review/selects/{clip_id}.yaml", "rejected"
    return spec_file(plan), "status.state"


def _file_said(film: Film, plan: ClipPlan, name: str, old: Values, new: Values) -> Place:
    """A file that has other bytes, or the spec that names one where none was, or none where one was."""
    file = _changed_file(film, plan, str(old.get(name)), str(new.get(name)))
    return (file, "its content") if file and old.get(name) else (spec_file(plan), _FILES[name])


def _changed_file(film: Film, plan: ClipPlan, old: str, new: str) -> str | None:
    """The clip's input with the content ``new`` (a SHA-256), unless a file beside it still has the ``old`` content: the
    spec then names another file."""
    path = plan.take.files.get(new)
    beside = [] if path is None else [each for each in path.parent.iterdir() if each.suffix == path.suffix]
    still = any(file_sha256(each) == old for each in beside[:_BESIDE] if each.is_file())
    return None if still else film_file(film, plan, new)


def _images(film: Film, plan: ClipPlan, old: Values, new: Values) -> Iterator[Cause]:
    was, now = old.get("images", []), new.get("images", [])
    before, after = ([image["sha256"] for image in each] for each in (was, now))
    fresh = [] if len(was) != len(now) else [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    files = [(a, b, _changed_file(film, plan, a, b)) for a, b in fresh]
    for sha256, other, file in files:
        yield Cause(file or spec_file(plan), "its content" if file else "inputs", sha256, other)
    if not files:
        yield Cause(spec_file(plan), "pictures of inputs", text(was or None), text(now or None))


def _loras(film: Film, plan: ClipPlan, old: Values, new: Values) -> Iterator[Cause]:
    was, now = old.get("loras", []), new.get("loras", [])
    words = text(was or None), text(now or None)
    spec, profile = plan.clip.spec, plan.clip.spec.continuity.shared_loras_profile
    slots = {fingerprint: slot for slot, fingerprint in plan.take.slots.items()}
    if slots and [each["weight"] for each in was] == [each["weight"] for each in now]:  # the same, of other content
        changed = {slots.get(b["fingerprint"], "loras") for a, b in zip(was, now, strict=True) if a != b}
        yield Cause("film.lock.yaml", f"models.{min(changed)}", *words)
        return
    own = len(spec.loras)
    (before, own_before), (after, own_after) = (
        (each[: len(each) - own], each[len(each) - own :]) for each in (was, now)
    )
    others = [_inputs(plan, each) for name, each in film.loras.bundles.items() if name != profile]
    if before == after or own_before != own_after:
        yield Cause(spec_file(plan), "loras", *words)
    elif not before or profile is None or before in others:
        yield Cause(spec_file(plan), "continuity.shared_loras_profile", *words)
    else:
        yield Cause("prompts/loras.yaml", f"bundles.{profile}", *words)


def _inputs(plan: ClipPlan, loras: list[Lora]) -> Any:
    """LoRAs as a request holds them."""
    named = tuple(LoraInput(plan.take.slots.get(lora_slot(lora), lora_slot(lora)), lora.weight) for lora in loras)
    return json.loads(canonical_json(named))


def _models(film: Film, plan: ClipPlan, old: Values, new: Values) -> Iterator[Cause]:
    """Models of the lock; other ones because of another pipeline are no cause of their own."""
    was, now = ({each["slot"]: each["fingerprint"] for each in values.get("models", [])} for values in (old, new))
    for slot in sorted(was.keys() | now.keys()):
        if was.get(slot) == now.get(slot):
            continue
        if old.get("pipeline") != new["pipeline"] and (slot not in was or slot not in now):
            yield Cause(
                _pipeline_said(film, plan, old, new)[0], f"models: {slot}", was.get(slot, ""), now.get(slot, "")
            )
        else:
            yield Cause("film.lock.yaml", f"models.{slot}", was.get(slot, ""), now.get(slot, ""))


def _continued(film: Film, plan: ClipPlan, old: Values, new: Values) -> Iterator[Cause]:
    """Another take of the clip it goes on from, or another clip."""
    was, now = str(old.get("continue_from", "")), str(new.get("continue_from", ""))
    parent = plan.parent
    if parent is None or not was or _is_of_another(film, parent, was):
        yield Cause(spec_file(plan), "inputs.continue_from", was, now)
        return
    name = parent.clip_id
    if not parent.take.exists():
        yield Cause("", f"continues from {name}", was, now, name)
    elif parent.choice.state != "open" or (name in film.selects and was in film.selects[name].rejected):
        yield Cause(f"review/selects/{name}.yaml", f"another take of {name} is shown", was, now)
    else:
        yield Cause("", f"continues from another take of {name}", was, now)


def _is_of_another(film: Film, parent: ClipPlan, digest: str) -> bool:
    """Whether a take is one of another clip than ``parent``, as far as it is still there."""
    ids = [parent.clip_id, *film.clips]
    found = next((clip_id for clip_id in ids if take_path(film.folder, clip_id, digest).exists()), None)
    return found not in (None, parent.clip_id)


def _last_frame(film: Film, plan: ClipPlan, old: Values, new: Values) -> Iterator[Cause]:
    """The frame it goes on from, which is the last that is seen of the clip before it."""
    parent = plan.parent
    if parent is not None and old.get("continue_from"):
        name, words = parent.clip_id, (text(old.get("continue_frame")), text(new.get("continue_frame")))
        if old.get("rate") != new["rate"] and _frames_at(film, parent, old) - 1 == old.get("continue_frame"):
            return  # the rate, which is a cause of its own
        follows = "" if parent.take.exists() else name
        yield Cause(spec_file(parent), f"length, so the last frame of {name}", *words, follows)


_MANY: dict[str, Callable[[Film, ClipPlan, Values, Values], Iterator[Cause]]] = {
    "images": _images,
    "loras": _loras,
    "models": _models,
    "continue_from": _continued,
    "continue_frame": _last_frame,
}
"""Fields that hold more than one value, or that another clip decides."""
_OF_WORDS = {"prompt", "negative", "staging"}
