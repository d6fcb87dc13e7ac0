"""Makes units and proves them: courses founded and renewed, scaffold, release, the visible checks worked out, `verify`, and the demo's class.

For the command line. It may use grading, the self-checks and all rooms under them.
"""

__all__ = [
    "adoption",
    "demo",
    "explained",
    "foundation",
    "origin",
    "parity",
    "proofs",
    "release",
    "renewal",
    "scaffold",
    "site",
    "taken",
    "verify",
]
