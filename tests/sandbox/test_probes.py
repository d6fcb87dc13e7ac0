"""How well a machine locks in is what a probing child finds, and the probes do find holes where there are any."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import parts
import pytest
from boxes import LIMITS, MODES, only, tried

from autograder.errors import SandboxError
from autograder.records import Raised
from autograder.sandbox import probes
from autograder.sandbox.children import Sandbox

pytestmark = parts.LINUX.mark


@pytest.fixture(scope="module", params=MODES)
def box(request: Any) -> Iterator[Sandbox]:
    with Sandbox(LIMITS, use_bubblewrap=request.param) as box:
        yield box


def test_the_level_here(box: Sandbox) -> None:
    """Files' names and sizes can be seen where there is no root folder of its own; nothing else anywhere."""
    assert box.could <= ({"names"} if not box._use_bubblewrap else frozenset())
    assert box.level == ("reduced" if box.could else "full")


FORBIDDEN = {
    "a container's default seccomp profile": (
        ["unshare", "mount", "setns", "pivot_root", "umount2", "bpf", "perf_event_open"],
        "reduced",
    ),
    "no Landlock": (["landlock_create_ruleset", "unshare", "mount", "pivot_root"], "none"),
}
_HANDICAPPED = """
import errno, sys
import pyseccomp
rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
for name in sys.argv[1:]:
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
for flag in (0x10000000, 0x20000000, 0x20000, 0x40000000):  # new user, process, mount and network namespaces
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
rules.load()
from autograder.records import Limits
from autograder.sandbox.children import Sandbox
with Sandbox(Limits()) as box:
    print(box.level, *sorted(box.could))
"""


@pytest.mark.parametrize("machine", FORBIDDEN)
def test_levels_of_machines_that_forbid_more(machine: str) -> None:
    """Imitated by a filter on this whole process tree: what is refused there is refused here."""
    names, level = FORBIDDEN[machine]
    done = subprocess.run(
        [sys.executable, "-c", _HANDICAPPED, *names], capture_output=True, text=True, check=False
    )
    assert done.stdout.split()[:1] == [level], done.stderr
    assert ("read" in done.stdout.split()) == (level == "none")


@pytest.mark.parametrize("enclosed", [True, False], ids=["bubblewrap", "without"])
def test_root_of_a_container_that_has_no_other_user(enclosed: bool) -> None:
    """A user namespace with one user in it, as rootless containers have: nobody is not there to become."""
    script = (
        "from autograder.records import Limits; from autograder.sandbox.children import Sandbox; import os\n"
        f"with Sandbox(Limits(), use_bubblewrap={enclosed}) as box: print(os.geteuid(), box.level, *box.could)"
    )
    try:
        subprocess.run(["unshare", "-r", "true"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no user namespace can be made here")
    done = subprocess.run(
        ["unshare", "-r", sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() in (["0", "full"], ["0", "reduced", "names"]), done.stderr


def test_a_probe_that_gives_no_answer_is_our_failure(monkeypatch: Any) -> None:
    monkeypatch.setattr(probes, "_PROBES", "def probe(): raise ValueError")
    with Sandbox(LIMITS, use_bubblewrap=False) as box, pytest.raises(SandboxError, match="gave no answer"):
        _ = box.could


class BareSandbox(Sandbox):
    """Children of this one enter no lock."""

    _zygote = (
        "-c",
        "from autograder.child import lockin, zygote; lockin.enter = lambda lock: None; zygote.main()",
    )


def test_probes_do_find_holes() -> None:
    """Their silence in a locked-in child means something: in one that is not, each of them speaks."""
    with BareSandbox(LIMITS, use_bubblewrap=False) as box:
        assert box.level == "none"
        quiet = set(probes.PROBES) - box.could
        assert quiet <= {"environment", "descriptors", "trace", "kernel"}


def test_a_leaked_variable_and_an_open_file_are_found(monkeypatch: Any) -> None:
    monkeypatch.setattr(BareSandbox, "_zygote", (
        "-c",
        "import os; os.environ['LEAKED'] = '1'; from autograder.child import lockin, zygote\n"
        "lockin.enter = lambda lock: os.dup2(0, 7); zygote.main()",
    ))  # fmt: skip
    with BareSandbox(LIMITS, use_bubblewrap=False) as box:
        assert box.could >= {"environment", "descriptors"}


def test_raising_a_limit_or_a_power_is_not_possible_once_locked_in(box: Sandbox) -> None:
    source = """
import resource
def f(a):
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
"""
    assert isinstance(only(tried(box, source)), Raised)
