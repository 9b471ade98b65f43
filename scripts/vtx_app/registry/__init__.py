"""The registry: the films of this machine and what jobs reported, in one SQLite file under ``VTX_APP_HOME``.

It is an index. No build decides anything by it. ``vtx registry sync`` rebuilds it from the films' files, so it may be
deleted at any time; only the reports of jobs are lost with it.
"""
