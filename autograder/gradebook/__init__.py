"""Results as the truth, and nbgrader's database and notebooks brought in line with them.

For pages, grading and the LMS room. It may use the course and notebooks.
"""

__all__ = [
    "arrangements",
    "autograded",
    "backups",
    "bookkeeping",
    "clusters",
    "copies",
    "database",
    "drift",
    "enrolment",
    "extensions",
    "files",
    "handwork",
    "imported",
    "known",
    "migration",
    "penalties",
    "persons",
    "receipts",
    "released",
    "results",
    "safe_text",
    "said",
    "settings",
    "sheets",
    "standings",
    "submissions",
    "terms",
    "unplaced",
    "verdicts",
    "written",
]
