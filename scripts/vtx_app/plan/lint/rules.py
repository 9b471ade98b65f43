"""What tends to go wrong with LTX-2 and shows before a shot is rendered: one function per rule.

A rule takes the plan of a clip whose take a model will render, and returns a message or None. Rules that read words
skip text that isn't English. The facts come from reports by users and maintainers (issue numbers of Lightricks/LTX-2
and deepbeepmeep/Wan2GP on GitHub) and from Lightricks' prompting guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise

from vtx_app.compile.duration import spoken_seconds
from vtx_app.compile.prompt import MODEL_TOKENS
from vtx_app.formats.metadata import LintRule
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.lint.english import holds_motion, is_english, without_quotes

__all__ = ["RULES"]

GUIDE_WORDS = 200
LINKS = 3
KEYFRAME_SECONDS = (1, 8)

_TOKENS_PER_WORD = 1.35
_CHARACTERS_PER_TOKEN = 4.2
_DENIED = re.compile(r"\b(?:no|not|never|without|nobody|nothing|neither|nor)\b[^.;:!?]*")
_TOKENS = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]")
_UNSEEN = re.compile(
    r"(?i)\boff[- ]?(?:screen|camera)\b|\bout of (?:frame|shot|sight|view)\b|\bunseen\b|\bvoice[- ]?over\b|\bnarrat|"
    r"\b(?:tele|micro|intercom|ear)?phones?\b|\bradio\b|\bloudspeaker|\bintercom\b"
)


def motion(clip: ClipPlan) -> str | None:
    """A shot that starts from one picture stays still, or only zooms, if its prompt has no motion (LTX-2 11, 117, 100).

    Speech and a second picture count as motion. A shot that continues several frames of another clip already moves.
    """
    request, words = clip.take.request, clip.clip.spec.prompt
    start, frames = request.head or 0, [image.frame for image in request.images]
    still = start in frames or (request.continue_from is not None and not request.continue_frames)
    if not still or words.dialogue or any(frame > start for frame in frames):
        return None
    if holds_motion(words.positive) or not is_english(words.positive):
        return None
    return "it starts from a picture and no word of its prompt moves, so it may stay still: say what happens"


def strength(clip: ClipPlan) -> str | None:
    """A first picture at strength 1 is copied, and the shot often stays frozen on it (LTX-2 11, 117, 100).

    The last frame of another clip is copied on purpose: without that, the cut would jump. Behind a head a picture only
    guides.
    """
    if all(image.strength < 1 for image in clip.take.request.images if image.frame == 0):
        return None
    return "its first picture has strength 1, which can freeze the first frames: give it less, as 0.9"


def speakers(clip: ClipPlan) -> str | None:
    """With several speakers in a shot, all speak at once or the wrong one speaks (LTX-2 53)."""
    lines = clip.clip.spec.prompt.dialogue
    if len(lines) < 2 or len(names := dict.fromkeys(line.character for line in lines)) < 2:
        return None
    return f"{len(names)} people speak ({', '.join(names)}), and LTX-2 mixes them up: one speaker a shot"


def absent_speaker(clip: ClipPlan) -> str | None:
    """LTX-2 gives a line of somebody who isn't in the shot to whoever is seen (LTX-2 53).

    Fine if the prompt has the voice come from off screen, a radio or a telephone.
    """
    spec = clip.clip.spec
    if not spec.prompt.dialogue:
        return None
    seen = {who.id for who in spec.continuity.characters}
    absent = dict.fromkeys(line.character for line in spec.prompt.dialogue if line.character not in seen)
    if not absent or _UNSEEN.search(spec.prompt.positive) or not is_english(spec.prompt.positive):
        return None
    are = "speaks and is" if len(absent) == 1 else "speak and are"
    return (
        f"{', '.join(absent)} {are} not in continuity.characters, so somebody else may get the words: add who is seen, "
        "or write that the voice is off screen"
    )


def dialogue(clip: ClipPlan) -> str | None:
    """Dialogue too long for its shot is rushed or cut off: LTX-2's own negative prompt has a tag for it.

    Speech runs at 150 words a minute (:mod:`vtx_app.compile.duration`).
    """
    lines = clip.clip.spec.prompt.dialogue
    if not lines:
        return None
    needed = sum(spoken_seconds(line.line) for line in lines)
    seconds = clip.material.frames / float(clip.delivery.rate)
    if needed <= seconds + 0.1:
        return None
    return f"its dialogue takes about {needed:.1f} s and the shot has {seconds:.1f} s: lengthen it, or cut words"


def keyframes(clip: ClipPlan) -> str | None:
    """Pictures less than 1 s apart make the shot jump; more than 8 s apart, they no longer guide what lies between.

    LTX-2 117: pictures need time for the movement between them, but not too much; users set them 2 to 6 s apart.
    """
    request = clip.take.request
    frames = {image.frame - (request.head or 0) for image in request.images}
    frames |= {0} if request.continue_from is not None else set()
    nearest, furthest = KEYFRAME_SECONDS
    for first, second in pairwise(sorted(frames)):
        seconds = float((second - first) / request.rate)
        if not nearest <= seconds <= furthest:
            return (
                f"its pictures at frames {first} and {second} are {seconds:.1f} s apart: {nearest} to {furthest} s work"
            )
    return None


def chain(clip: ClipPlan) -> str | None:
    """Colour and contrast drift with every link of a chain (Wan2GP 2132, 268, 619); after three links it shows.

    Reported once per chain, for the first clip to render beyond the third link.
    """
    links = list(_links(clip))
    if len(links) <= LINKS or (len(links) > LINKS + 1 and not links[0].take.exists()):
        return None
    return (
        f"link {len(links)} of the chain from {links[-1].clip_id}, and colours drift with every link: "
        "start it again from a picture"
    )


def _links(clip: ClipPlan) -> Iterator[ClipPlan]:
    """The clips that ``clip`` continues from, nearest first."""
    while clip.parent is not None:
        clip = clip.parent
        yield clip


def length(clip: ClipPlan) -> str | None:
    """The guide asks for 200 words or fewer; LTX-2 never reads past 1,024 tokens (ltx_core's tokenizer)."""
    prompt = clip.take.request.prompt
    words = prompt.count(" ") + 1
    tokens = round(max(words * _TOKENS_PER_WORD, len(prompt) / _CHARACTERS_PER_TOKEN))
    if tokens > MODEL_TOKENS:
        return (
            f"its compiled prompt has about {tokens:,} tokens and the model reads {MODEL_TOKENS:,}, so its end will "
            "not be seen: shorten the shot or the descriptions it names"
        )
    if words > GUIDE_WORDS:
        return f"its compiled prompt has {words} words; LTX-2 does best with {GUIDE_WORDS} or fewer"
    return None


def negative(clip: ClipPlan) -> str | None:
    """The negative prompt rules out something that the prompt asks for: guidance steers away from all of it.

    Compares whole terms between commas with the compiled prompt, less its speech and what it denies itself ("no
    music").
    """
    request = clip.take.request
    prompt = request.prompt.casefold()
    terms = [term for term in _terms(request.negative) if term in prompt]
    if not terms:
        return None
    asked = f" {_plain(_DENIED.sub(';', without_quotes(prompt)))} "
    both = [term for term in terms if f" {term} " in asked]
    return f"the negative prompt rules out what the prompt asks for: {', '.join(both)}" if both else None


@lru_cache(maxsize=256)
def _terms(negative: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain for term in negative.casefold().split(",") if (plain := _plain(term))))


def _plain(text: str) -> str:
    """The words and punctuation of ``text``, separated by spaces."""
    return " ".join(_TOKENS.findall(text))


RULES: dict[LintRule, Callable[[ClipPlan], str | None]] = {
    "motion": motion,
    "strength": strength,
    "speakers": speakers,
    "absent_speaker": absent_speaker,
    "dialogue": dialogue,
    "keyframes": keyframes,
    "chain": chain,
    "length": length,
    "negative": negative,
}
"""The rules for a shot; ``rate`` is a rule for the film."""
