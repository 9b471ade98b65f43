"""The files that keep a film consistent: style bible, characters, locations, LoRA bundles."""

from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from vtx_app.formats.base import Format, Name, Text, Weight

__all__ = ["Character", "Characters", "Location", "Locations", "Lora", "Loras", "Profile", "StyleBible"]

Version = Annotated[Literal[1], Field(description="the format's version")]


class Profile(Format):
    """Words that clips of one mood share: day, dream, flashback."""

    prefix: Annotated[Text, Field(description="comes after the global prefix, before everything else")] = ""
    negative: Annotated[Text, Field(description="what clips of this profile must not show")] = ""
    sound: Annotated[Text, Field(description="what is heard in clips of this profile")] = ""


class StyleBible(Format):
    """``prompts/style_bible.yaml``: camera, light and film stock of the whole film."""

    version: Version = 1
    global_prefix: Annotated[Text, Field(description="the first words of every prompt")] = ""
    global_negative: Annotated[Text, Field(description="what no clip of the film may show")] = ""
    global_sound: Annotated[Text, Field(description="what is heard in every clip, and what is not: no music")] = ""
    profiles: Annotated[dict[Name, Profile], Field(description="named moods that clips choose from")] = {}


class Character(Format):
    """One character as every prompt describes them."""

    name: Annotated[
        Name, Field(default_factory=str, description="the name as the audience knows it; left out: the id as written")
    ]
    description: Annotated[Text, Field(description="looks: age, face, hair, build; what never changes")]
    wardrobe: Annotated[dict[Name, Text], Field(description="named costumes; a clip says which is worn")] = {}
    voice: Annotated[Text, Field(description="how they sound; goes with their dialogue")] = ""
    kind: Annotated[
        Literal["person", "animal", "creature", "thing"] | None,
        Field(description="what the storyboard draws; left out: what the description says"),
    ] = None


EntryT = TypeVar("EntryT", "Character", "Location")


def _named(entries: dict[str, EntryT]) -> dict[str, EntryT]:
    """The entries of a bible by id, each with a name: the id where none is written."""
    return {key: each if each.name else each.model_copy(update={"name": key}) for key, each in entries.items()}


class Characters(Format):
    """``prompts/characters.yaml``."""

    version: Version = 1
    characters: Annotated[dict[Name, Character], Field(description="by id"), AfterValidator(_named)] = {}


class Location(Format):
    """One place as every prompt describes it."""

    name: Annotated[
        Name, Field(default_factory=str, description="the name in the screenplay; left out: the id as written")
    ]
    description: Annotated[Text, Field(description="looks: architecture, light, weather, props")]
    sound: Annotated[Text, Field(description="its air: what is always heard there")] = ""


class Locations(Format):
    """``prompts/locations.yaml``."""

    version: Version = 1
    locations: Annotated[dict[Name, Location], Field(description="by id"), AfterValidator(_named)] = {}


class Lora(Format):
    """One LoRA: by a file in the project, or by the variable that holds its path on this machine."""

    path: Annotated[Name | None, Field(description="a .safetensors file, relative to the project")] = None
    env_path: Annotated[
        Name | None,
        Field(pattern=r"^[A-Z][A-Z0-9_]*$", description="the variable that holds the path: LTX_IC_LORA_PATH"),
    ] = None
    env: Annotated[Name | None, Field(description="read as env_path")] = None
    weight: Annotated[Weight, Field(description="strength, 0.8 is usual")] = 1.0
    name: Annotated[Name | None, Field(description="what people call it")] = None
    trigger: Annotated[
        Text,
        Field(description="the words it was trained with; they begin the prompts of the shots that load it"),
    ] = ""
    source: Annotated[Text, Field(description="where it comes from; decides nothing")] = ""
    note: Annotated[Text, Field(description="for people; decides nothing")] = ""

    @model_validator(mode="before")
    @classmethod
    def _env_is_env_path(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("env") is not None and data.get("env_path") is None:
            return {**data, "env_path": data["env"]}
        return data

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.path is None) == (self.env_path is None):
            raise ValueError("give either path or env_path")
        if self.env not in (None, self.env_path):
            raise ValueError(f"env {self.env} and env_path {self.env_path} are two variables; give env_path alone")
        return self


class Loras(Format):
    """``prompts/loras.yaml``: named bundles (a core pack, a dream pack)."""

    version: Version = 1
    bundles: Annotated[dict[Name, list[Lora]], Field(description="by name; a clip names one")] = {}
