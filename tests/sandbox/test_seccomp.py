"""The allow-list, read instruction by instruction as the kernel reads it, for this architecture and another."""

from __future__ import annotations

import ctypes.util
import errno
import struct
import sys
from typing import Any

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import seccomp

pyseccomp = pytest.importorskip(
    "pyseccomp", reason="the filter is built by libseccomp, which is on Linux alone"
)

ALLOW, KILL_PROCESS, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "x86": 0x40000003}
REFUSED = ERRNO | errno.EPERM


def decide(program: bytes, machine: str, number: int, args: tuple[int, ...] = ()) -> int:
    """What the kernel would do with this call: classic BPF, as far as libseccomp makes use of it."""
    words = [word & 2**64 - 1 for word in (*args, *[0] * (6 - len(args)))]
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, AUDIT[machine], 0, *words)
    instructions = list(struct.iter_unpack("<HBBI", program))
    place, accumulator = 0, 0
    while True:
        code, if_true, if_false, k = instructions[place]
        place += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, k)
            case 0x54:
                accumulator &= k
            case 0x05:
                place += k
            case 0x06:
                return k
            case 0x15 | 0x25 | 0x35 | 0x45:
                holds = {
                    0x15: accumulator == k,
                    0x25: accumulator > k,
                    0x35: accumulator >= k,
                    0x45: bool(accumulator & k),
                }[code]
                place += if_true if holds else if_false
            case _:
                raise AssertionError(f"an instruction that no filter of ours has: {code:#x}")


def call(machine: str, name: str, *args: int) -> int:
    number = pyseccomp.resolve_syscall(getattr(pyseccomp.Arch, machine.upper()), name)
    assert number >= 0, name
    return decide(seccomp.program(machine), machine, number, args)


MACHINES = ["x86_64", "aarch64"]
PTHREAD = 0x3D0F00  # the flags with which the C library makes a thread


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("read", ()),
        ("write", ()),
        ("openat", ()),
        ("mmap", ()),
        ("futex", ()),
        ("exit_group", ()),
        ("getrandom", ()),
        ("clock_nanosleep", ()),
        ("clone", (PTHREAD,)),
        ("fcntl", (3, 1)),
        ("fcntl", (3, 4, 0x800)),
        ("ioctl", (1, 0x5401)),
        ("socketpair", (1, 1 | 0x800 | 0x80000, 0)),
        ("prlimit64", (0, 7, 0)),
    ],
)
def test_what_numpy_needs_is_allowed(machine: str, name: str, args: tuple[int, ...]) -> None:
    assert call(machine, name, *args) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("clone", (17,)),  # a process
        ("clone", (PTHREAD & ~0x400,)),  # a thread with open files of its own
        ("clone", (PTHREAD | 0x40000000,)),  # a thread in a network of its own
        ("clone", (PTHREAD | 0x10000000,)),  # in a user namespace
        ("clone", (PTHREAD | 0x00020000,)),  # in a mount namespace
        ("execve", ()),
        ("execveat", ()),
        ("socket", (2, 1, 0)),
        ("socket", (1, 1, 0)),
        ("socketpair", (1, 2, 0)),  # datagrams, which can be sent to others
        ("socketpair", (2, 1, 0)),
        ("sendto", ()),
        ("sendmsg", ()),
        ("connect", ()),
        ("bind", ()),
        ("kill", ()),
        ("tgkill", ()),
        ("pidfd_open", ()),
        ("ptrace", ()),
        ("process_vm_readv", ()),
        ("unshare", ()),
        ("setns", ()),
        ("mount", ()),
        ("chroot", ()),
        ("io_uring_setup", ()),
        ("bpf", ()),
        ("keyctl", ()),
        ("userfaultfd", ()),
        ("memfd_create", ()),
        ("perf_event_open", ()),
        ("prctl", ()),
        ("seccomp", ()),
        ("setuid", (0,)),
        ("unlinkat", ()),
        ("mkdirat", ()),
        ("ftruncate", ()),
        ("flock", ()),
        ("fcntl", (3, 6)),  # a lock
        ("fcntl", (3, 1024)),  # a lease
        ("fcntl", (3, 8)),  # an owner, who is sent signals
        ("fcntl", (3, 2**32 + 1)),
        ("ioctl", (0, 0x5412)),  # typing into a terminal
        ("ioctl", (0, 0x5401 | 2**32)),
        ("prlimit64", (0, 7, 0x7FFF0000)),  # setting a limit
        ("prlimit64", (1, 7, 0)),  # another process's
    ],
)
def test_what_it_does_not_need_is_refused(machine: str, name: str, args: tuple[int, ...]) -> None:
    assert call(machine, name, *args) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_a_call_that_the_kernel_may_learn_tomorrow_is_refused(machine: str) -> None:
    for number in range(470, 600):
        assert decide(seccomp.program(machine), machine, number) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_the_newer_clone_is_said_to_be_missing(machine: str) -> None:
    assert call(machine, "clone3") == ERRNO | errno.ENOSYS


def test_calls_of_another_architecture_end_the_process() -> None:
    program = seccomp.program("x86_64")
    assert decide(program, "x86", 20) == KILL_PROCESS
    assert decide(program, "aarch64", 63) == KILL_PROCESS
    assert decide(program, "x86_64", 0x40000000) == KILL_PROCESS  # x32


def test_the_filter_fits_the_kernel() -> None:
    assert 0 < len(seccomp.program()) // 8 <= 4096


def test_without_the_python_package(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    with pytest.raises(SandboxError, match="the Python package pyseccomp is missing: pip install"):
        seccomp.program.__wrapped__()


def test_without_libseccomp(monkeypatch: Any) -> None:
    find = ctypes.util.find_library
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None if name == "seccomp" else find(name))
    monkeypatch.delitem(sys.modules, "pyseccomp")
    with pytest.raises(SandboxError, match=r"libseccomp is missing .* install the package libseccomp2"):
        seccomp.program.__wrapped__()


def test_a_call_that_must_be_known_and_is_not() -> None:
    allow_list = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    with pytest.raises(SandboxError, match="takes no rule for no_such_call"):
        seccomp._add(allow_list, pyseccomp.ERRNO(1), "no_such_call", pyseccomp.Arg(0, pyseccomp.EQ, 1))
