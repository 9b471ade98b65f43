"""The registry's tables, as steps from one schema to the next. A step that was released is never changed."""

from __future__ import annotations

__all__ = ["STEPS", "TABLES", "VERSION"]

# slug: name of the film's folder, by which it is known here (a copied folder has the project_id of the other).
# Times are UTC, ISO 8601. seconds: of film in projects and clips, of wall time in jobs and takes.
_FIRST = (
    """CREATE TABLE projects (
        slug TEXT PRIMARY KEY,
        project_id TEXT NOT NULL,
        path TEXT NOT NULL,
        title TEXT NOT NULL,
        active INTEGER NOT NULL,
        last_opened TEXT,
        signature TEXT NOT NULL,        -- of the files it was read from; empty: read it again
        error TEXT NOT NULL,            -- its first fault; empty where there is none
        renderer TEXT NOT NULL,
        to_render INTEGER NOT NULL,     -- takes that building the final would render, and clips it would conform
        to_conform INTEGER NOT NULL,
        seconds REAL NOT NULL,
        seconds_to_render REAL NOT NULL,
        finished INTEGER NOT NULL       -- the final is there and is what the specs ask for
    )""",
    """CREATE TABLE clips (
        slug TEXT NOT NULL REFERENCES projects (slug) ON DELETE CASCADE,
        project_id TEXT NOT NULL,
        clip_id TEXT NOT NULL,
        position INTEGER NOT NULL,      -- in the cut, from 0
        title TEXT NOT NULL,
        seconds REAL NOT NULL,
        found TEXT NOT NULL,            -- state by the film's files alone
        state TEXT NOT NULL,            -- with what the newest job of its take said, where the take is not there
        hash TEXT NOT NULL,             -- digest of the take that is shown
        output_path TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        error TEXT NOT NULL,
        PRIMARY KEY (slug, clip_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project TEXT NOT NULL,          -- slug
        kind TEXT NOT NULL,             -- take, clip, cut, story
        subject TEXT NOT NULL,          -- clip id, act, final or stage; with its tier before it where that is not final
        digest TEXT NOT NULL,
        state TEXT NOT NULL,            -- queued, rendering, rendered, failed, interrupted
        process TEXT NOT NULL,          -- id and start time, see vtx_app.render.build_process
        started_at TEXT NOT NULL,
        ended_at TEXT,
        seconds REAL,
        error TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX jobs_by_subject ON jobs (project, kind, subject, digest, id)",
    "CREATE INDEX jobs_by_state ON jobs (state)",
)
_TAKES_AND_HOSTS = (
    """CREATE TABLE takes (
        project TEXT NOT NULL,          -- slug
        clip_id TEXT NOT NULL,
        digest TEXT NOT NULL,
        rendered_at TEXT,               -- from here on: NULL where the take's record does not say it
        wall_seconds REAL,
        pipeline TEXT,
        renderer TEXT,
        width INTEGER,
        height INTEGER,
        frames INTEGER,
        gpu TEXT,
        PRIMARY KEY (project, clip_id, digest)
    ) WITHOUT ROWID""",
    "ALTER TABLE jobs ADD COLUMN host TEXT NOT NULL DEFAULT ''",
    "UPDATE projects SET signature = ''",  # so that the takes of every film are read
)

STEPS = (_FIRST, _TAKES_AND_HOSTS)
"""Statements that lead from schema n to n + 1; ``PRAGMA user_version`` says which one a file has."""

VERSION = len(STEPS)
TABLES = frozenset(("projects", "clips", "jobs", "takes"))
