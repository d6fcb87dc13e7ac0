"""What people read: a student's page, the class at a glance, the course over all units, tables and the signs that self-checks share.

For grading, the self-checks, authoring and nbgrader's bridge. It may use the gradebook and what lies under it; it decides nothing.
"""

__all__ = [
    "accounts",
    "arguments",
    "classroom",
    "comparison",
    "contrast",
    "feedback",
    "listing",
    "literals",
    "overview",
    "people",
    "portraits",
    "rendering",
    "scripts",
    "spreadsheets",
    "stamps",
    "start",
    "student",
    "tables",
    "textdiff",
    "trees",
]
