"""To and from other systems: their downloads, marks and feedback for them, and an autograder to upload.

For the command line. It may use grading, pages, the gradebook and what lies under them.
"""

__all__ = ["decisions", "downloads", "export", "importing", "returning"]
