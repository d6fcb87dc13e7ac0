"""How a child locks itself in before it sees any student code: limits, Landlock, and a seccomp allow-list.

Order matters (each step could not be taken after the next): resource limits, own user, no capabilities, no
new privileges, Landlock (no file but a read-only Python), seccomp (no process, no network, no signal). All of it is made
ready once by the zygote; a child only enters it. Linux only; `sandbox/probes.py` tells what it holds.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import struct
from collections.abc import Sequence
from dataclasses import dataclass

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x2008_0522
_SECCOMP_MODE_FILTER = 2
_SIGKILL = 9
# The three Landlock calls have the same numbers on every architecture.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 0b0001, 0b0010, 0b0100, 0b1000
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE  # what can be granted of something that is no folder
NOBODY = 65534

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Lock:
    """What a child enters, made ready once."""

    filter: ctypes.Array[ctypes.c_char]  # the seccomp program; keeps its instructions alive
    program: ctypes.Array[ctypes.c_char]
    ruleset: int | None  # Landlock ruleset's descriptor; None where the kernel has no Landlock
    drop_user: bool  # become `nobody`
    memory_bytes: int  # address space, what the zygote maps already included
    cpu_seconds: int  # backstop only: the trusted side reads the CPU clock and kills much earlier
    threads: int  # of the child's user in all


def prepare(
    seccomp: bytes,
    readable: Sequence[str],
    *,
    drop_user: bool,
    memory_bytes: int,
    cpu_seconds: int,
    threads: int,
) -> Lock:
    """Builds the filter and the ruleset; `readable` are the folders and files a child may read."""
    instructions = ctypes.create_string_buffer(seccomp, len(seccomp))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxQ", len(seccomp) // 8, ctypes.addressof(instructions))
    )
    return Lock(instructions, program, _ruleset(readable), drop_user, memory_bytes, cpu_seconds, threads)


def enter(lock: Lock) -> None:
    """Locks this process in for good; OSError where a step that must hold does not."""
    for limit, value in (
        (resource.RLIMIT_AS, lock.memory_bytes),
        (resource.RLIMIT_CPU, lock.cpu_seconds),  # soft = hard: PID 1 of a namespace ignores SIGXCPU
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_NPROC, lock.threads),  # processes are seccomp's
    ):
        resource.setrlimit(limit, (value, value))
    if lock.drop_user:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    _give_up_capabilities()  # where root stays root, since nobody could not read this Python
    die_with_parent()  # again: changing the user clears it
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if lock.ruleset is not None:
        _syscall(_LANDLOCK_RESTRICT_SELF, lock.ruleset, 0)
        os.close(lock.ruleset)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(lock.program))


def _give_up_capabilities() -> None:
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = ctypes.c_char_p(struct.pack("Ii", _CAPABILITY_VERSION_3, 0))
    if _libc.capset(header, ctypes.c_char_p(bytes(24))) != 0:
        _raise("capset")


def die_with_parent() -> None:
    """This process gets SIGKILL when the one that made it ends."""
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def landlock_version() -> int:
    """The version of the kernel's Landlock; 0 where it has none or may not be asked."""
    try:
        return _syscall(_LANDLOCK_CREATE_RULESET, None, 0, 1)
    except OSError:
        return 0


def confine(readable: Sequence[str], writable: Sequence[str]) -> None:
    """From here on this process and those that it starts read and run what is below these alone, and write below `writable`.

    Nor do they signal others. It is for code that is trusted, and may take a path from code that is not; without Landlock
    nothing is done. OSError where it should hold and does not.
    """
    ruleset = _ruleset([], network=False)
    if ruleset is None:
        return
    files = _files(landlock_version())
    for paths, access in ((readable, _EXECUTE | _READ_FILE | _READ_DIR), (writable, files)):
        for path in paths:
            _grant(ruleset, path, access if os.path.isdir(path) else access & _OF_FILES)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _ruleset(readable: Sequence[str], *, network: bool = True) -> int | None:
    """A Landlock ruleset under which only files below `readable` can be opened, for reading; `network`: and no ports."""
    abi = landlock_version()
    if abi == 0:
        return None
    # Handle every access the kernel knows of: what is handled and not granted is refused.
    ports, scope = (3 if abi >= 4 and network else 0), (3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    attributes = struct.pack("QQQ", _files(abi), ports, scope)[:size]
    ruleset = _syscall(_LANDLOCK_CREATE_RULESET, ctypes.c_char_p(attributes), size, 0)
    for path in readable:
        _grant(ruleset, path, _READ_FILE | (_READ_DIR if os.path.isdir(path) else 0))
    return ruleset


def _files(abi: int) -> int:
    """Every access to files that this version knows of."""
    return 0x1FFF | (1 << 13 if abi >= 2 else 0) | (1 << 14 if abi >= 3 else 0) | (1 << 15 if abi >= 5 else 0)


def _grant(ruleset: int, path: str, access: int) -> None:
    """Allows this below a path, if there is such a one."""
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = ctypes.c_char_p(struct.pack("<Qi", access, descriptor))
        _syscall(_LANDLOCK_ADD_RULE, ruleset, _LANDLOCK_RULE_PATH_BENEATH, rule, 0)
        os.close(descriptor)


def _prctl(option: int, *arguments: int) -> None:
    # Longs, not ints: an address would be cut to 32 bits.
    words = [ctypes.c_long(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    if _libc.prctl(option, *words) != 0:
        _raise(f"prctl {option}")


def _syscall(number: int, *arguments: int | ctypes.c_char_p | None) -> int:
    words = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    result: int = _libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        _raise(f"system call {number}")
    return result


def _raise(what: str) -> None:
    code = ctypes.get_errno()
    raise OSError(code, f"{what}: {os.strerror(code)}")
