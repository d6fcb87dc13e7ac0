"""Student code, locked in: the trusted half, which starts, limits, asks and ends what runs it.

For checking, grading and the self-checks. It may use the child's room, whose code it starts, and the base.
"""

__all__ = ["children", "dialogue", "doctor", "jail", "machine", "outcomes", "process", "trying", "worker"]
