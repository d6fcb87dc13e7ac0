"""The inside of a child: what runs in the process that belongs to student code.

Nothing here is secret or believed. The trusted side uses its wire format and its way to read cells; it may use the base
alone, so that a process of student code never loads a module that knows an answer.
"""

__all__ = [
    "allowance",
    "cells",
    "figures",
    "frames",
    "given",
    "kin",
    "lockin",
    "messages",
    "nodes",
    "outlasting",
    "packing",
    "questions",
    "recorder",
    "shell",
    "spoken",
    "structs",
    "unpacking",
    "values",
    "wire",
    "zygote",
]
