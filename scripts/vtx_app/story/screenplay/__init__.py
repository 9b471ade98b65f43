"""Screenplays: read from Fountain and Final Draft, written as Fountain, and cut into shots by rule.

The reader is our own. Of five Fountain parsers on PyPI (screenplain 0.12.0, fountain-py 0.3.0, fountain-parser 0.1.1,
screenplay-tools 0.0.10, Jouvence 0.4.2) none kept everything a film needs: three of them read no cue like INÈS or
НАДЯ, screenplain knows no lyrics and writes headings anew in capitals, and none keeps both the source's lines and the
words after a ``/*`` that is never closed.
"""
