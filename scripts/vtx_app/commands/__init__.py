"""What `vtx` does, a module for each group of commands. Heavy imports stand inside the commands."""
