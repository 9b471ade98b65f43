"""Asking a model for one part of a story, so that an answer that has arrived is never paid for twice."""
