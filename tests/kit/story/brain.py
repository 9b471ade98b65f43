"""What the story server answers: a small film, made of nothing but what it is asked. Same question, same answer.

A brief may say its scenes, a line each: ``* title | place | Who, Who | beat; beat``, acts as ``## title``. Another
brief gets two acts of two scenes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

PLAIN = """\
## Everybody is home
* All boats in | Lamp room | Ines, Yann | Ines counts to twelve without looking.; The beam crosses her face.
* Nobody out there | Watch room | Ines, Yann | The light dies.; Yann says there is nobody out there.
## For the one you can't see
* By hand | Lamp room | Ines | Three matches.; She puts her shoulder to the brass.
* The one on no list | Harbour | Yann, Misha | A bow comes out of the mist.; The boy had counted.
"""


def plain_id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") or "x"


@dataclass
class StoryBrain:
    """Answers by schema name. ``speak``: whether scenes have dialogue; ``words`` are put into every answer."""

    speak: bool = True
    words: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
        return getattr(self, name)(json.JSONDecoder().raw_decode(text)[0])  # type: ignore[no-any-return]

    def outline(self, asked: dict[str, Any]) -> dict[str, Any]:
        brief = asked["brief"] if re.search(r"^\* ", asked["brief"], re.MULTILINE) else PLAIN
        acts: list[dict[str, Any]] = []
        people: dict[str, str] = {}
        places: dict[str, str] = {}
        for line in brief.splitlines():
            if line.startswith("## "):
                acts.append({"title": line[3:], "turn": f"{line[3:]} is over.", "scenes": []})
            elif line.startswith("* "):
                title, place, who, beats = (each.strip() for each in line[2:].split("|"))
                names = [each.strip() for each in who.split(",") if each.strip()]
                people |= {plain_id(each): each for each in names}
                places |= {plain_id(place): place}
                acts = acts or [{"title": "", "turn": "", "scenes": []}]
                acts[-1]["scenes"].append(
                    {
                        "title": title,
                        "location": plain_id(place),
                        "time": "night",
                        "characters": [plain_id(each) for each in names],
                        "purpose": f"After {title}, something is different.{self.words.get('outline', '')}",
                        "beats": [each.strip() for each in beats.split(";")],
                        "seconds": 20,
                    }
                )
        return {
            "title": "The Light",
            "theme": "It burns for the one you can't see.",
            "characters": [{"id": each, "name": name, "role": "Keeps watch."} for each, name in people.items()],
            "locations": [{"id": each, "name": name, "about": "By the sea."} for each, name in places.items()],
            "acts": acts,
        }

    def treatment(self, asked: dict[str, Any]) -> dict[str, Any]:
        more = self.words.get("treatment", "")
        return {
            "scenes": [
                f"{scene['title']}. {' '.join(scene['beats'])}{more}\n\nThe sea goes on."
                for scene in asked["act"]["scenes"]
            ]
        }

    def characters(self, asked: dict[str, Any]) -> dict[str, Any]:
        name = asked["character"]["name"]
        return {
            "description": f"{name}, weathered, with pale steady eyes",
            "wardrobe": [{"name": "storm", "clothes": "in a yellow oilskin"}, {"name": "day", "clothes": "in wool"}],
            "voice": "a low, dry voice",
        }

    def locations(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"description": f"{asked['location']['name']}, granite and iron, one small window"}

    def screenplay(self, asked: dict[str, Any]) -> dict[str, Any]:
        scene = asked["scene"]
        blank = {"character": None, "extension": None, "parenthetical": None}
        elements: list[dict[str, Any]] = [{"kind": "action", "text": beat, **blank} for beat in scene["beats"]]
        said = f"This is {scene['title']}.{self.words.get('screenplay', '')}"
        elements += [
            {**blank, "kind": "dialogue", "character": who["id"], "text": said}
            for who in (scene["characters"] if self.speak else [])
        ]
        return {"setting": "INT", "elements": elements}

    def shotlist(self, asked: dict[str, Any]) -> dict[str, Any]:
        ids = {who["name"].upper(): who["id"] for who in asked["characters"]}
        costumes = {who["id"]: (who["wardrobe"] or [None])[0] for who in asked["characters"]}
        place = asked["locations"][0]["id"] if asked["locations"] else None
        shots: list[dict[str, Any]] = []
        for block in re.split(r"\n\s*\n", asked["screenplay"])[1:]:
            first, _, rest = block.strip().partition("\n")
            cue = re.sub(r"\s*\(.*", "", first.lstrip("@"))
            speaks = ids.get(cue) if rest else None
            words = block.strip().lstrip("!") if speaks is None else rest.strip()
            shots.append(
                {
                    "title": " ".join(words.split()[:4]).strip(".,"),
                    "size": "wide" if not shots else "medium",
                    "angle": "eye level",
                    "movement": f"push in{self.words.get('shotlist', '')}",
                    "beats": [words] if speaks is None else [f"{cue.title()} speaks."],
                    "dialogue": [] if speaks is None else [{"character": speaks, "line": words}],
                    "characters": [] if speaks is None else [{"id": speaks, "wardrobe": costumes[speaks]}],
                    "location": place,
                    "seconds": 4,
                    "continues": "cut",
                    "profile": None,
                }
            )
        return {"shots": shots}

    def clips(self, asked: dict[str, Any]) -> dict[str, Any]:
        shot = asked["shot"]
        told = f"{shot['size'].capitalize()} shot. {' '.join(shot['beats'])} Wind.{self.words.get('clips', '')}"
        return {"positive": told, "negative": None}
