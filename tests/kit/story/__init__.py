"""Stories for tests: the server that writes them, films that are written by it, and edits of them."""
