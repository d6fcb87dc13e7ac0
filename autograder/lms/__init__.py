"""Marks and files for other systems: exports, and an autograder to upload.

For the command line. It may use grading, the gradebook and what lies under them.
"""

__all__ = ["downloads", "export"]
