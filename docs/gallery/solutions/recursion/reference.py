"""Recursion: lists within lists, of any depth."""

from typing import Any

from autograder.author import plain


def flatten(box: list[Any]) -> list[int]:
    return [number for thing in box for number in (flatten(thing) if isinstance(thing, list) else [thing])]


PROCEDURES = {"flatten": plain(flatten)}
