"""VTX builds feature-length films from text, the way ``make`` builds programs from source."""

__version__ = "0.1.0"
