"""One locked-in child, from the trusted side: its pipes, its time, and how it came to its end.

Theory of operation: our ends of its three pipes never block; every wait reads the child's CPU clock through the
kernel, drains what it prints, and ends it when its time is up.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from typing import Final, NoReturn

from autograder.budget import Budget, current, undisturbed
from autograder.child import messages, spoken, wire, zygote
from autograder.child.nodes import WireError
from autograder.errors import SandboxError
from autograder.records import Limits
from autograder.sandbox import process
from autograder.sandbox.outcomes import ChildDiedError
from autograder.words import agree, counted

IDLE_FACTOR: Final = 10  # a child that idles for this many times its CPU limit has timed out
MAX_PRINTED: Final = 16 * 2**20  # bytes; a child that prints more is ended
MAX_RECEIVED: Final = 4 * wire.MAX_FRAME  # bytes of answers in one time of a child: they pile up on our side
_PIPE: Final = 2**16  # bytes that a pipe holds
_GLANCE_SECONDS: Final = 0.02  # how often a busy child's clock is read


class LockedChild:
    """One child of the zygote; see `worker.Child`."""

    def __init__(
        self,
        reap: Callable[[], zygote.Ended | None],
        limits: Limits,
        handle: int,
        pipes: tuple[int, int, int],
        seconds: int,
    ) -> None:
        """`reap` tells how the child ended, once it has; the pipes are for writing, reading and draining.

        After so many seconds of CPU time the kernel ends it.
        """
        writing, reading, draining = pipes
        self._reap, self._limits, self._handle, self._seconds = reap, limits, handle, seconds
        self._writing, self._reading, self._draining = writing, reading, draining
        self._pid = process.pid_of(handle)
        for descriptor in pipes:
            os.set_blocking(descriptor, False)
        self._arrived = bytearray()
        self._printed = bytearray()
        self._printed_bytes = 0
        self._received_bytes = 0
        self._open = True
        self._budget: Budget | None = None
        self._is_idle = False
        self._born = self._we_waited = 0.0
        self._drained = False
        self._asked_at: float | None = None
        self._we_had_waited = 0.0  # for a turn on a busy machine, when we were asked
        self._answered_at: float | None = None
        self._rested = 0.0  # seconds for which it had answered all that it was asked
        self._cpu_since = 0.0
        self.allow()

    def greet(self) -> None:
        """Waits until the child is locked in; SandboxError where it does not get that far."""
        try:
            greeting: object = self.receive()
        except ChildDiedError as death:
            said = self.close().strip().splitlines()
            reason = said[-1][:300] if said else death.detail
            raise SandboxError(f"a child could not lock itself in: {reason}") from None
        if not isinstance(greeting, messages.Locked):
            raise SandboxError("a child spoke before it was locked in")
        self._born, self._we_waited = time.monotonic(), process.delayed(os.getpid())
        self._budget = current()

    def allow(self, cpu_seconds: float | None = None) -> None:
        """Gives the child its full time again, or another that is shorter."""
        self._rest()
        self._allowed = self._limits.cpu_seconds if cpu_seconds is None else cpu_seconds
        self._since = time.monotonic()
        self._charged = 0.0
        self._received_bytes = 0
        self._cpu_since = self._cpu()

    @undisturbed()
    def send(self, message: spoken.ToChild) -> None:
        """Delivers one message."""
        if self._asked_at is not None:  # our time for the child's question is the child's time
            now, waited = time.monotonic(), process.delayed(os.getpid()) - self._we_had_waited
            self._charged += max(0.0, now - self._asked_at - waited)
            self._since += waited  # while it waited for us to get a turn, it was not idle either
            self._asked_at = None
        self._answered_at = None
        self._check_time()  # here and below too: a child that always has something to say is never waited for
        rest = memoryview(wire.frame(message))
        while rest:
            try:
                rest = rest[os.write(self._writing, rest) :]
            except BlockingIOError:
                self._wait(writing=True)
            except BrokenPipeError:
                self._end_of_conversation()

    @undisturbed()
    def receive(self) -> spoken.ToParent:
        """The child's next message."""
        try:
            size = wire.body_length(self._exactly(wire.LENGTH.size))
            self._received_bytes += size
            if self._received_bytes > MAX_RECEIVED:
                raise ChildDiedError("crashed", f"answered with more than {MAX_RECEIVED // 2**20} MiB")
            message = wire.decode_to_parent(self._exactly(size))
        except WireError as error:
            raise ChildDiedError("crashed", str(error)) from None
        if isinstance(message, messages.Ask | spoken.CallBack):
            self._asked_at, self._we_had_waited = time.monotonic(), process.delayed(os.getpid())
        else:
            self._answered_at = time.monotonic()
        return message

    @undisturbed()
    def close(self) -> str:
        """Ends the child and returns what it printed, cut to the limit."""
        if self._open:
            self._open = False
            self._rest()
            self._enter_in_budget()
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            self._ended = self._reap()
            self._drain()
            for descriptor in (self._writing, self._reading, self._draining, self._handle):
                os.close(descriptor)
        text = bytes(self._printed).decode("utf-8", "replace")
        if more := self._printed_bytes - len(self._printed):
            text += f"\n… {counted(more, 'more byte')} {agree(more, 'was', 'were')} printed"
        return text

    def _rest(self) -> None:
        """What this side did since it has had all answers is no time of the child's: a test may take long for itself."""
        if self._answered_at is not None:
            self._rested += time.monotonic() - self._answered_at
            self._answered_at = None

    def _exactly(self, size: int) -> bytes:
        """The next bytes from the child; as much as the pipe holds is read at once."""
        while len(self._arrived) < size:
            try:
                part = os.read(self._reading, max(_PIPE, size - len(self._arrived)))
            except BlockingIOError:
                self._check_time()
                self._wait(writing=False)
                continue
            if not part:
                self._end_of_conversation()
            self._arrived += part
            # What was said in time counts, however late this side comes to hear it.
            if len(self._arrived) < size:
                self._check_time()
        taken = bytes(self._arrived[:size])
        del self._arrived[:size]
        return taken

    def _wait(self, *, writing: bool) -> None:
        """Waits until the pipe is ready, draining what is printed; ChildDiedError when the time is up."""
        poll = select.poll()
        if writing:
            poll.register(self._writing, select.POLLOUT)
        else:
            poll.register(self._reading, select.POLLIN)
        if not self._drained:
            poll.register(self._draining, select.POLLIN)
        we_waited: float | None = None
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(_GLANCE_SECONDS * 1000)}
            if ready - {self._draining}:  # what was answered counts, whatever is printed after it
                return
            if self._draining in ready and not self._drain():
                poll.unregister(self._draining)
            if self._budget is not None:
                # Without an answer, our own wait for a turn kept the child from nothing.
                before, we_waited = we_waited, process.delayed(os.getpid())
                self._we_waited += 0.0 if before is None else we_waited - before
            self._check_time()

    def _check_time(self) -> None:
        limit = self._allowed
        spent = self._cpu() - self._cpu_since + self._charged
        if spent >= limit:
            raise ChildDiedError("timeout", f"used more than {limit:g} s of CPU time")
        # A child that waits for a busy machine to give it a turn is not idle.
        idle = time.monotonic() - self._since - spent
        if (
            idle >= IDLE_FACTOR * limit
            and idle - process.delayed(self._pid) >= IDLE_FACTOR * limit
            and not process.waits_for_a_turn(self._pid)
        ):
            self._is_idle = True
            raise ChildDiedError("timeout", f"did nothing for {IDLE_FACTOR * limit:g} s", idle=True)
        self._check_budget()

    def _check_budget(self) -> None:
        """Ends the child where its submission has taken all its time, of which a wait for a turn is no part."""
        budget = self._budget
        if budget is None:
            return
        if budget.is_over or (  # once for all: nothing is tried after it, however quick it may be
            budget.taken + time.monotonic() - self._born >= budget.seconds
            and budget.taken + self._taken() >= budget.seconds
            and not process.waits_for_a_turn(self._pid)
        ):
            budget.is_over = True
            told = f"used up the {budget.seconds:g} s that a whole submission may take"
            raise ChildDiedError("timeout", told, whole=True)

    def _taken(self) -> float:
        """The seconds of the child's life, but for those in which it, or this side with its answer, waited for a turn."""
        waited = process.delayed(self._pid) + process.delayed(os.getpid()) - self._we_waited
        return max(0.0, time.monotonic() - self._born - self._rested - waited)

    def _enter_in_budget(self) -> None:
        if self._budget is None:
            return
        if self._is_idle and not self._budget.stood_still:  # a disk or the whole machine may have
            self._budget.stood_still = True
        else:
            self._budget.taken += self._taken()

    def _drain(self) -> bool:
        """Takes what the child printed; False where it can print no more."""
        while True:
            try:
                part = os.read(self._draining, 2**16)
            except BlockingIOError:
                return True
            if not part:
                self._drained = True
                return False
            keep = self._limits.output_kib * 1024
            self._printed += part[: max(0, keep - len(self._printed))]
            self._printed_bytes += len(part)
            if self._open and self._printed_bytes > MAX_PRINTED:
                if self._has_answered():
                    return True
                raise ChildDiedError("crashed", f"printed more than {MAX_PRINTED // 2**20} MiB")

    def _has_answered(self) -> bool:
        """Whether there is something to read that came before what was printed last."""
        return bool(select.select([self._reading], [], [], 0)[0])

    def _end_of_conversation(self) -> NoReturn:
        """The child closed its pipe: it is dead, or as good as dead. Says why."""
        if not select.select([self._handle], [], [], 1.0)[0]:
            raise ChildDiedError("crashed", "closed its pipe")
        self.close()
        if self._ended is None:
            raise SandboxError("the zygote ended, and its child with it")
        status = self._ended.status
        if not os.WIFSIGNALED(status):
            raise ChildDiedError("crashed", f"ended itself with exit code {os.WEXITSTATUS(status)}")
        name = signal.Signals(os.WTERMSIG(status)).name
        if name != "SIGKILL":
            raise ChildDiedError("crashed", f"ended by {name}")
        # Not by us: the kernel, for CPU time where our own clock came late, or for memory.
        if self._ended.cpu_seconds >= self._seconds - 0.5:
            raise ChildDiedError("timeout", "used up its CPU time")
        raise ChildDiedError("out-of-memory", "was ended by the system for lack of memory")

    def _cpu(self) -> float:
        """Seconds of CPU time that the child has used; where it has ended already, the pipe will tell."""
        used = process.cpu_seconds(self._pid)
        return self._cpu_since if used is None else used


def backstop(limits: Limits, *, lasting: bool = False) -> int:
    """The CPU seconds after which the kernel ends a child, should we not; a `lasting` one has those of a submission."""
    return int(max(2 * limits.cpu_seconds, limits.submission_seconds if lasting else 0.0)) + 2
