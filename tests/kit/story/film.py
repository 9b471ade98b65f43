"""A film that is nothing but a page, for the real Snakefile, written by a server on this machine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from kit.film import METADATA, STYLE, Film, copy_build
from kit.story.server import KEY, StoryServer

MODEL = "gpt-4.1"
BRIEF = """\
# The Light

An old keeper, a dead lamp, a boat that nobody believes in.

## Everybody is home
* All boats in | Lamp room | Ines, Yann | Ines counts to twelve without looking.; The beam crosses her face.
* Nobody out there | Watch room | Ines, Yann | The light dies.; Yann says there is nobody out there.
## For the one you can't see
* By hand | Lamp room | Ines | Three matches.; She puts her shoulder to the brass.
"""


@dataclass
class StoryFilm(Film):
    """A film whose story a server writes."""

    server: StoryServer | None = field(default=None)

    def story_environment(self) -> dict[str, str]:
        """Where the server is, and its key. It speaks no TLS, so the system's certificates needn't be read."""
        if self.server is None:
            return {}
        return {"OPENAI_BASE_URL": self.server.url, "OPENAI_API_KEY": KEY, "SSL_CERT_DIR": str(self.root)}

    def story(self, *words: str, target: str = "story") -> tuple[int, str]:
        """Exit code and output of making the story (or another target)."""
        done = self.snakemake(target, *words, env=self.story_environment())
        return done.returncode, done.stdout

    def make_story(self, target: str = "story") -> str:
        """Make it; it must succeed."""
        code, text = self.story(target=target)
        assert code == 0, text
        return text

    def calls(self) -> list[str]:
        """The schema names of the calls since this was last asked."""
        assert self.server is not None
        names = [each.body["text"]["format"]["name"] for each in self.server.requests]
        self.server.requests.clear()
        return names

    def texts(self) -> dict[str, str]:
        """The person's files of the story: name → text."""
        names = [*self.folder.glob("story/[0-9]*.*"), *self.folder.glob("story/03_screenplay/*")]
        names += [*self.folder.glob("prompts/*.yaml"), *self.folder.glob("prompts/clips/*")]
        return {path.relative_to(self.folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(names)}

    def all_bytes(self) -> dict[str, str]:
        """sha256 of every file of the project's root, but logs and Snakemake's own state."""
        return {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not {".snakemake", ".vtx", "logs"} & set(path.relative_to(self.root).parts)
        }


def write_story_film(
    root: Path, server: StoryServer | None, brief: str | None = BRIEF, writer: str = "openai", slug: str = "harbour"
) -> StoryFilm:
    """A film with a brief, a style bible and nothing else."""
    copy_build(root)
    film = StoryFilm(root, slug, server)
    story = f"story: {{writer: {writer}, model: {MODEL}}}\n"
    film.write("metadata.yaml", METADATA.replace("slug: harbour", f"slug: {slug}") + story)
    film.write("prompts/style_bible.yaml", STYLE)
    if brief is not None:
        film.write("story/00_brief.md", brief)
    return film
