"""Every attack of tests/attacks meets its expected end, in every way in which a child is locked in that may change it.

In each mode the probes come first: where they find a hole beyond the known, no attack is tried.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import attacking
import parts
import pytest
from attacking import EARLIER, FOLDER, Attack
from ordinary import NoOrdinaryUserError, ordinary_user, share

from autograder.sandbox.children import Sandbox

pytestmark = parts.LINUX.mark
ATTACKS = list(attacking.attacks())
HERE = [attack for attack in ATTACKS if attack.only in ("", platform.machine())]
EVERYWHERE = [attack for attack in HERE if attack.everywhere]
ANYWHERE = [attack for attack in HERE if not attack.everywhere]


@dataclass(frozen=True)
class Boxes:
    """Sandboxes of one mode, by the limits of attacks, proven to hold before anything is tried in them."""

    by_limits: Mapping[str, Sandbox]
    enclosed: bool


@pytest.fixture(scope="module", params=[True, False], ids=["bubblewrap", "without"])
def boxes(request: Any) -> Iterator[Boxes]:
    if request.param:
        parts.BUBBLEWRAP.require()
    with proven(EVERYWHERE, enclosed=request.param) as both:
        yield both


@pytest.fixture(scope="module")
def strictest() -> Iterator[Boxes]:
    """In the strictest mode that this machine has."""
    with proven(ANYWHERE, enclosed=parts.BUBBLEWRAP.here) as both:
        yield both


@contextlib.contextmanager
def proven(tried: list[Attack], *, enclosed: bool) -> Iterator[Boxes]:
    with attacking.boxes(tried, bubblewrap=enclosed) as by_limits:
        for box in by_limits.values():
            assert box.could <= ({"names"} if not enclosed else frozenset())
            assert honest(box, EARLIER) == "right"
        yield Boxes(by_limits, enclosed)


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 270
    assert all(attack.what and attack.expect for attack in ATTACKS)
    assert all(attack.twin_what for attack in ATTACKS if attack.twin)


def test_the_page_on_security_shows_them_all() -> None:
    """Renewed by `python tests/attacking.py table`."""
    assert attacking.on_page() == attacking.PAGE.read_text("utf-8")


def by_name(attacks: list[Attack]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("attack", attacks, ids=lambda attack: attack.name)


@by_name(EVERYWHERE)
def test_attack(boxes: Boxes, attack: Attack) -> None:
    tried(boxes, attack)


@by_name(ANYWHERE)
def test_attack_that_is_the_same_anywhere(strictest: Boxes, attack: Attack) -> None:
    tried(strictest, attack)


def tried(boxes: Boxes, attack: Attack) -> None:
    box = boxes.by_limits[attack.limits]
    descriptors = len(os.listdir("/proc/self/fd"))
    zygote, loaded = box._process, box._modules
    came = attacking.attempt(box, attack.cells, asked=attack.asked, edit=attack.edit)
    assert attacking.holds(came, attack.expected(bubblewrap=boxes.enclosed)), came
    # By one that has loaded what draws, for the first drawing.
    assert box._process is zygote or box._modules != loaded, "the zygote had to be replaced"
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert honest(box, "def f(a): return a + 1") == "right", "the next student suffers"


def honest(box: Sandbox, source: str) -> str:
    """What comes of an honest student's work, who has the time of one: an attack has less, which it uses up."""
    with mock.patch.object(box, "_limits", attacking.LIMITS["fair"]):
        return attacking.attempt(box, (source,))


@by_name([attack for attack in EVERYWHERE if attack.twin])
def test_allowed_twin(boxes: Boxes, attack: Attack) -> None:
    twin_tried(boxes, attack)


@by_name([attack for attack in ANYWHERE if attack.twin])
def test_allowed_twin_that_is_the_same_anywhere(strictest: Boxes, attack: Attack) -> None:
    twin_tried(strictest, attack)


def twin_tried(boxes: Boxes, attack: Attack) -> None:
    came = attacking.attempt(boxes.by_limits["fair"], attack.twin, 1, attack.asked)
    assert came == "right", attack.twin_what


def test_the_memory_scan_finds_what_is_there(boxes: Boxes) -> None:
    """Otherwise its finding nothing of an earlier student would say nothing."""
    (scan,) = [attack for attack in ATTACKS if attack.name == "process_earlier_student"]
    assert attacking.attempt(boxes.by_limits["fair"], (EARLIER, *scan.cells)) == "wrong"


# ------------------------------------------------------------------------------- the same as an ordinary user


@pytest.fixture(scope="module")
def as_ordinary_user() -> dict[str, tuple[list[str], dict[str, dict[str, Any]]]]:
    """By mode: the holes that the probes found, and what came of each attack."""
    try:
        with ordinary_user() as user:
            share(shutil.copytree(FOLDER, user.folder / "attacks"))
            script = share(Path(shutil.copy(attacking.__file__, user.folder)))
            modes = ["bubblewrap", "without"]
            printed = json.loads(user.run([str(script), *modes]))
    except NoOrdinaryUserError as reason:
        pytest.skip(str(reason))
    return {
        mode: (holes, {one["attack"]: one for one in came})
        for mode, (holes, came) in zip(modes, printed, strict=True)
    }


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["bubblewrap", "without"])
def test_probes_as_an_ordinary_user(as_ordinary_user: Any, mode: str) -> None:
    holes, _ = as_ordinary_user[mode]
    assert set(holes) <= {"names"}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["bubblewrap", "without"])
@by_name(EVERYWHERE)
def test_attack_as_an_ordinary_user(as_ordinary_user: Any, attack: Attack, mode: str) -> None:
    holes, came = as_ordinary_user[mode]
    if mode == "bubblewrap":
        parts.BUBBLEWRAP.require()
    if mode == "bubblewrap" and holes:
        pytest.skip("an ordinary user can make no namespaces here")
    one = came[attack.name]
    assert attacking.holds(one["came"], attack.expected(bubblewrap=mode == "bubblewrap")), one
    assert one["twin"] in ("", "right")
