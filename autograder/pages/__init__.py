"""What people read: a student's page, the class at a glance, tables and the signs that self-checks share.

For grading, the self-checks and nbgrader's bridge. It may use the gradebook and what lies under it; it decides nothing.
"""

__all__ = [
    "arguments",
    "classroom",
    "comparison",
    "contrast",
    "feedback",
    "listing",
    "scripts",
    "stamps",
    "student",
    "tables",
    "textdiff",
    "trees",
]
