"""All films of a studio: read from their files into the registry, and told where they stand."""
