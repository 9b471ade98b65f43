"""A person's decisions on takes and models, and the takes that nobody needs any more."""
