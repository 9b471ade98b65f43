"""All films of this machine: read from their files into the registry, and shown with their state."""
