"""The same stages on a student's own machine, from what ships: no secret, no isolation, no nbgrader.

For the command line, the visible checks under pytest, and authoring, which writes what it reads. It may use all rooms
from explaining and pages down, but nothing that needs the instructor's install.
"""

__all__ = ["cases", "checked", "checkfile", "display", "foretold", "kernel", "saved", "terminal", "view"]
