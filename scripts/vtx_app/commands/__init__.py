"""The ``vtx`` commands, a module for each group. Heavy imports are inside the commands."""
