"""The registry's tables. A file of another version is emptied and filled again from the films."""

from __future__ import annotations

__all__ = ["CREATE", "TABLES", "VERSION"]

VERSION = 3
"""``PRAGMA user_version``. Raise it when a table changes, or when the same files are read into other rows."""

TABLES = frozenset(("projects", "clips", "jobs", "takes"))

# slug: the name of the film's folder, which identifies it (a copied folder keeps the other's project_id).
# Times are UTC, ISO 8601. seconds: of film in projects and clips, of wall time in jobs and takes.
CREATE = (
    """CREATE TABLE projects (
        slug TEXT PRIMARY KEY,
        project_id TEXT NOT NULL,
        path TEXT NOT NULL,
        title TEXT NOT NULL,
        active INTEGER NOT NULL,        -- 0: its folder is gone
        last_opened TEXT,
        signature TEXT NOT NULL,        -- of the files it was read from; empty: read it again
        error TEXT NOT NULL,            -- its first fault, or empty
        renderer TEXT NOT NULL,
        to_render INTEGER NOT NULL,     -- takes that building the final would render, and clips it would conform
        to_conform INTEGER NOT NULL,
        seconds REAL NOT NULL,
        seconds_to_render REAL NOT NULL,
        finished INTEGER NOT NULL       -- the final is what the specs ask for
    )""",
    """CREATE TABLE clips (
        slug TEXT NOT NULL REFERENCES projects (slug) ON DELETE CASCADE,
        project_id TEXT NOT NULL,
        clip_id TEXT NOT NULL,
        position INTEGER NOT NULL,      -- in the cut, from 0
        title TEXT NOT NULL,
        seconds REAL NOT NULL,
        found TEXT NOT NULL,            -- the state by the film's files alone
        state TEXT NOT NULL,            -- if the take is missing, the state that its newest job reported
        hash TEXT NOT NULL,             -- digest of the take that the film shows
        output_path TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        error TEXT NOT NULL,
        PRIMARY KEY (slug, clip_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project TEXT NOT NULL,          -- slug
        kind TEXT NOT NULL,             -- take, clip, cut, story
        subject TEXT NOT NULL,          -- clip id, act, final or stage; <tier>/… in another tier than final
        digest TEXT NOT NULL,
        host TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL,            -- queued, rendering, rendered, failed, interrupted
        process TEXT NOT NULL,          -- id and start time, see vtx_app.render.build_process
        started_at TEXT NOT NULL,
        ended_at TEXT,
        seconds REAL,
        error TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX jobs_by_subject ON jobs (project, kind, subject, digest, id)",
    "CREATE INDEX jobs_by_state ON jobs (state)",
    """CREATE TABLE takes (
        project TEXT NOT NULL,          -- slug
        clip_id TEXT NOT NULL,
        digest TEXT NOT NULL,
        rendered_at TEXT,               -- this and what follows: NULL if the take's record has no such value
        wall_seconds REAL,
        pipeline TEXT,
        renderer TEXT,
        width INTEGER,
        height INTEGER,
        frames INTEGER,
        gpu TEXT,
        PRIMARY KEY (project, clip_id, digest)
    ) WITHOUT ROWID""",
)
