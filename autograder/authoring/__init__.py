"""Makes units and proves them: scaffold, release, the visible checks worked out, `verify`, and the demo's class.

For the command line. It may use grading, the self-checks and all rooms under them.
"""

__all__ = ["demo", "explained", "proofs", "release", "scaffold", "verify"]
