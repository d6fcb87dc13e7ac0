"""Why it is wrong: the catalogue, changed steps, the place in the student's own code, and facts where nothing fits.

For grading, the self-checks and authoring. It may use checking and all rooms under it, and runs no student code but
through the examiner.
"""

__all__ = [
    "absent",
    "alike",
    "candidates",
    "changes",
    "diagnose",
    "experiment",
    "general",
    "known_steps",
    "likeness",
    "mending",
    "mishaps",
    "nothing",
    "observe",
    "precision",
    "search",
    "sketch",
    "stopped",
    "trace",
    "trials",
]
