"""LTX-2 for tests: films for it, tiny and hand-made models, requests, and stand-ins for its package."""
