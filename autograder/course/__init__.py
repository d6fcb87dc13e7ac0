"""What the course is: course.toml, the roster, the secret, a unit's material and its steps.

For all rooms above it. It may use the base, and of a child what asks and what values are there, and never meets student code.
"""

__all__ = [
    "asking",
    "chance",
    "corpus",
    "coursefile",
    "csvrows",
    "derived",
    "drawing",
    "installing",
    "least",
    "lesson",
    "material",
    "modules",
    "overlaid",
    "patience",
    "plainly",
    "predictions",
    "rewriting",
    "roster",
    "rounding",
    "secret",
    "smallest",
    "solution",
    "steps",
    "strategies",
    "subject",
    "told",
]
