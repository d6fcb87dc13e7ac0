"""constraints.txt holds one version of everything that any extra installs, on every Python, and nothing of a machine."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from repository import REPOSITORY

LINES = (REPOSITORY / "constraints.txt").read_text("utf-8").splitlines()
PINS = [Requirement(line) for line in LINES if not line.startswith("#")]
FILE = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
PROJECT = FILE["project"]
# The first release of each, for which the oldest pins hold, and a late one.
PYTHONS = [f"3.{minor}.{patch}" for minor in (11, 12, 13, 14) for patch in (0, 20)]


def pinned(python: str | None = None) -> dict[str, str]:
    """The version of each package, on this machine's system; fails where two apply."""
    on = (
        {} if python is None else {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    )
    found: dict[str, str] = {}
    for pin in PINS:
        if pin.marker is None or pin.marker.evaluate(on):
            assert canonicalize_name(pin.name) not in found, f"{pin.name} has two versions on Python {python}"
            found[canonicalize_name(pin.name)] = str(pin.specifier).removeprefix("==")
    return found


def asked_for() -> Iterator[Requirement]:
    """Whatever pyproject.toml asks for, to build, to run, and in each extra."""
    extras = PROJECT["optional-dependencies"].values()
    for lines in (FILE["build-system"]["requires"], PROJECT["dependencies"], *extras):
        for line in lines:
            requirement = Requirement(line)
            if requirement.name != PROJECT["name"]:
                yield requirement


def test_it_holds_names_and_versions_and_nothing_of_the_machine_it_was_made_on() -> None:
    head, *rest = LINES
    assert "make constraints" in head
    for line in rest:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.!+]*( ; [a-z_]+ [^/@:]+)?", line), line


@pytest.mark.parametrize("python", PYTHONS)
def test_each_python_gets_one_version_of_whatever_is_asked_for(python: str) -> None:
    pins = pinned(python)
    for requirement in asked_for():
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_whatever_those_need_is_pinned_too() -> None:
    pins = pinned()
    seen: set[tuple[str, str]] = set()
    wanted = [(PROJECT["name"], extra) for extra in ("", *PROJECT["optional-dependencies"])]
    while wanted:
        name, extra = one = wanted.pop()
        if one in seen:
            continue
        seen.add(one)
        for line in metadata.requires(name) or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                needed = canonicalize_name(requirement.name)
                assert needed in pins or needed == PROJECT["name"], f"{name} needs {needed}, which has no pin"
                wanted += [(needed, more) for more in ("", *requirement.extras)]
    assert len({name for name, _ in seen}) > 100  # it did go through what is installed
