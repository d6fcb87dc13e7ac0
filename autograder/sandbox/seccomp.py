"""The system calls a child may make, as a program for the kernel, built by libseccomp."""

from __future__ import annotations

import errno
import functools
import io
import tempfile
from typing import Final

from autograder import installed
from autograder.errors import SandboxError

# What NumPy, its linear algebra and plain Python need. No process, network, signal or file change.
# fcntl, ioctl, clone, socketpair and prlimit64 are allowed below, by their arguments.
_ALLOWED: Final = """
    read write readv writev pread64 pwrite64 close lseek fstat stat lstat newfstatat statx access faccessat
    faccessat2 open openat readlink readlinkat getcwd getdents64 dup dup2 dup3 poll ppoll select
    pselect6 pipe pipe2 eventfd2 epoll_create1 epoll_ctl epoll_wait epoll_pwait
    mmap munmap mprotect mremap madvise brk
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack
    futex set_robust_list get_robust_list set_tid_address rseq sched_yield sched_getaffinity membarrier
    getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage getrlimit
    sysinfo uname getrandom exit exit_group restart_syscall getcpu
"""
# clone may make a thread (CLONE_THREAD) with the same open files (CLONE_FILES), whose number is limited: else each
# thread has so many of its own, and with their buffers gigabytes of the kernel's memory. No namespaces (CLONE_NEW...).
_THREAD_FLAGS: Final = 0x10000 | 0x400
_NAMESPACE_FLAGS: Final = 0x7E02_0080
_UNIX, _STREAM, _SOCKET_TYPE = 1, 1, 0xF
_HARMLESS_FCNTL: Final = (0, 1, 2, 3, 4, 1030)  # duplicate, and the flags; no locks, leases or owners
_HARMLESS_IOCTL: Final = (
    0x5401,
    0x5421,
    0x5450,
    0x5451,
    0x541B,
)  # is it a terminal, blocking, close-on-exec, how much


@functools.cache
def program(architecture: str | None = None) -> bytes:
    """The allow-list as the kernel's own filter program, built by libseccomp.

    It is for this machine's architecture, or the one named ("aarch64"). Calls of any other, such as 32-bit
    ones, end the process. Raises SandboxError where libseccomp, or the Python package for it, is missing.
    """
    try:
        import pyseccomp
    except ImportError:
        raise SandboxError(
            f"the Python package pyseccomp is missing: {installed.with_extra('instructor')}"
        ) from None
    except (RuntimeError, OSError) as error:
        raise SandboxError(f"libseccomp is missing ({error}): install the package libseccomp2") from None
    refuse = pyseccomp.ERRNO(errno.EPERM)
    allow_list = pyseccomp.SyscallFilter(defaction=refuse)
    wanted = (
        pyseccomp.system_arch() if architecture is None else getattr(pyseccomp.Arch, architecture.upper())
    )
    if wanted != pyseccomp.system_arch():
        allow_list.add_arch(wanted)
        allow_list.remove_arch(pyseccomp.Arch.NATIVE)
    allow_list.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    allow_list.set_attr(
        pyseccomp.Attr.CTL_OPTIMIZE, 2
    )  # a tree: the kernel tries every call once for each child
    for name in _ALLOWED.split():
        _add(allow_list, pyseccomp.ALLOW, name)
    # The C library falls back to clone, whose flags a filter can read.
    _add(allow_list, pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    masked = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _THREAD_FLAGS | _NAMESPACE_FLAGS, _THREAD_FLAGS)
    _add(allow_list, pyseccomp.ALLOW, "clone", masked)
    # Python's event loop wakes itself through a pair of sockets; no call that takes an address is allowed.
    _add(
        allow_list,
        pyseccomp.ALLOW,
        "socketpair",
        pyseccomp.Arg(0, pyseccomp.EQ, _UNIX),
        pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _SOCKET_TYPE, _STREAM),
    )
    for command in _HARMLESS_FCNTL:
        _add(allow_list, pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    for command in _HARMLESS_IOCTL:
        _add(allow_list, pyseccomp.ALLOW, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    # Reading a limit is harmless, setting one is not.
    _add(
        allow_list,
        pyseccomp.ALLOW,
        "prlimit64",
        pyseccomp.Arg(0, pyseccomp.EQ, 0),
        pyseccomp.Arg(2, pyseccomp.EQ, 0),
    )
    with tempfile.TemporaryFile() as file:
        allow_list.export_bpf(file)
        file.seek(0, io.SEEK_SET)
        return file.read()


def _add(allow_list: object, action: object, name: str, *arguments: object) -> None:
    """Adds a rule; a call that this architecture does not have needs none."""
    try:
        allow_list.add_rule(action, name, *arguments)  # type: ignore[attr-defined]  # pyseccomp has no types
    except (OSError, RuntimeError, ValueError):
        if arguments or name == "read":
            raise SandboxError(f"libseccomp takes no rule for {name}") from None
