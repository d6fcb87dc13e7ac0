# What every attack finds at hand, as its first cell. NUMBERS is filled in for the machine by the test.
import ctypes
import gc
import os
import socket
import sys
import threading
import time

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
READING, WRITING = 3, 4  # the pipes from and to the trusted side


def call(name, *words):
    """One raw system call by its name; OSError where the kernel says no."""
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in words]
    result = libc.syscall(ctypes.c_long(NUMBERS[name]), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")
    return result


def found(what):
    """Something that should not be there: the attack has succeeded, unless it is empty."""
    if not what:
        raise FileNotFoundError(2, "nothing was found")
    return np.array([float(len(what) if hasattr(what, "__len__") else what)])


def say(message):
    """A message of the child's own protocol, at a time of the attacker's choice."""
    from autograder.child import wire

    os.write(WRITING, wire.frame(message))
