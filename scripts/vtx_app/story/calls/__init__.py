"""Calls of a language model, one for each part of a story. An answer that has arrived is never paid for twice."""
