"""Submissions as they arrive: under which name something was handed in or changed, told once it has come to rest."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import watchfiles

from autograder.notebook import places

REST: Final = 0.2  # seconds without a change after which a notebook that can be read is taken to be whole
PATIENCE: Final = 5.0  # seconds that one which cannot be read is given: it may be half copied
_GLANCE: Final = 0.1
_POLL: Final = 0.25  # seconds, where the system does not tell of changes
_SECOND: Final = 1.0  # looking again, watchfiles tells times apart by the second: what comes later must show
# Where others' changes raise no event on this machine.
_REMOTE: Final = (
    "nfs",
    "cifs",
    "smb",
    "fuse",
    "9p",
    "afs",
    "ceph",
    "lustre",
    "gluster",
    "vboxsf",
    "virtiofs",
)


def watch(
    submitted: Path, is_whole: Callable[[str], bool], *, poll: bool | None = None
) -> Iterator[tuple[str, ...]]:
    """Yields, ten times a second and often empty, the names in `submitted/` under which work has changed and come to rest.

    `is_whole` says whether what lies under a name can be read. It does not end by itself. All names are told at the beginning, so that no change is missed. `poll` looks
    again and again where the system does not tell of changes, as on network file systems; None finds out.
    """
    poll = is_remote(submitted) if poll is None else poll
    try:
        yield from _told(submitted, is_whole, poll=poll)
    except OSError:  # the system's limit of watches: more folders than it likes
        if poll:
            raise
        yield from _told(submitted, is_whole, poll=True)


def _told(submitted: Path, is_whole: Callable[[str], bool], *, poll: bool) -> Iterator[tuple[str, ...]]:
    changed: dict[str, float] = {}  # names under which work moves, and when it last did
    began = False
    for changes in watchfiles.watch(
        submitted,
        watch_filter=None,
        debounce=int(_GLANCE * 1000),
        rust_timeout=int(_GLANCE * 1000),
        yield_on_timeout=True,
        force_polling=poll,
        poll_delay_ms=int(_POLL * 1000),
        ignore_permission_denied=True,
    ):
        now = time.monotonic()
        if not began:  # and nothing can be missed from here on
            began, changed = True, dict.fromkeys(_names(submitted), now)
        for _, path in changes:
            name = Path(path).relative_to(submitted.absolute()).parts[:1]
            if name and not name[0].startswith("."):
                changed[name[0]] = now
        rest = _SECOND + 2 * _POLL if poll else REST
        ready = sorted(one for one, at in changed.items() if _at_rest(is_whole, one, now - at, rest))
        for one in ready:
            del changed[one]
        yield tuple(ready)


def _names(submitted: Path) -> list[str]:
    return [
        entry.name
        for entry in os.scandir(submitted)
        if not entry.name.startswith(".") and (entry.is_dir() or places.is_work(entry.name))
    ]


def _at_rest(is_whole: Callable[[str], bool], name: str, quiet: float, rest: float) -> bool:
    """Whether work that has not changed for `quiet` seconds is whole, as far as can be told."""
    return quiet >= rest and (quiet >= PATIENCE or is_whole(name))


def is_remote(path: Path) -> bool:
    """Whether a folder lies on a network file system, as far as the system says."""
    try:
        lines = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    here = path.resolve()
    kinds = {
        Path(mount.encode().decode("unicode_escape")): kind
        for _, mount, kind, *_ in (line.split(" ") for line in lines)
    }
    mount = next((place for place in (here, *here.parents) if place in kinds), None)
    return mount is not None and kinds[mount].startswith(_REMOTE)
