"""A person's decisions on takes, and the takes that nobody needs any more."""
