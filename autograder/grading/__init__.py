"""Grades: the way of one submission from notebook to report, and a class planned, pooled, kept and followed.

For the command line, authoring, the LMS room and nbgrader's bridge. It may use all rooms from explaining and pages down.
"""

__all__ = [
    "arrivals",
    "attendance",
    "batch",
    "belongings",
    "cluster",
    "groups",
    "index",
    "judging",
    "keeping",
    "leaving",
    "notices",
    "opening",
    "pipeline",
    "planning",
    "pool",
    "processes",
    "releases",
    "replay",
    "reporting",
    "shards",
    "strays",
    "tally",
    "watching",
]
