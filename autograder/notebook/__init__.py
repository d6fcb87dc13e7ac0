"""What is handed in, as data: found, read and parsed, and never run.

For all rooms above it. It may use the base alone.
"""

__all__ = [
    "archives",
    "bounded",
    "bundles",
    "collect",
    "definitions",
    "newer",
    "notebooks",
    "places",
    "pure",
    "syntax",
    "takers",
]
