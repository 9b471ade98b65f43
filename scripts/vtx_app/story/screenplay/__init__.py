"""Screenplays: read from Fountain and Final Draft, written as Fountain, and divided into shots by rule.

The Fountain reader is our own. Of five parsers on PyPI (screenplain 0.12.0, fountain-py 0.3.0, fountain-parser 0.1.1,
screenplay-tools 0.0.10, Jouvence 0.4.2) none keeps everything that a film needs: three read no cue like INÈS or НАДЯ,
screenplain knows no lyrics and rewrites headings in capitals, and none keeps both the line numbers and the text after a
``/*`` that is never closed.
"""
