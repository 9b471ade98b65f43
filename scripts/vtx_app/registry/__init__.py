"""The registry: what every film was found to be, and what jobs did, in one SQLite file under ``VTX_APP_HOME``.

An index, never the truth. No build decides anything by it; ``vtx registry sync`` makes it anew from the films' files,
and it may be deleted at any moment. Only what jobs said of themselves is lost with it.
"""
