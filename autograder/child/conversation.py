"""The child's half of the conversation: takes a program, runs its cells, answers calls, until the other side hangs up.

Theory of operation: this process belongs to the student's code. Nothing in it is secret, nothing it says is
believed beyond "this is my answer", and it dies after one function, or after all of them where their code is proven to
keep nothing from one call to the next. The trusted side's half is `sandbox/worker.py`.
It runs either as a fork of the locked-in zygote, or, for self-checks, in a Python of its own.
"""

from __future__ import annotations

import contextlib
import os
import sys

import numpy as np

from autograder.child import allowance, given, messages, packing, silent, spoken, unpacking, wire
from autograder.child.interpreter import flush
from autograder.child.messages import CellData, Program
from autograder.child.nodes import WireError
from autograder.child.outlasting import Results
from autograder.child.respondent import Respondent
from autograder.child.session import Session
from autograder.child.values import failure
from autograder.data import Argument

_REHEARSALS = 20  # Python specializes code after 8 runs, and calls and loops in it a few later
_REHEARSED = (
    "import numpy as np",
    "size = 3",
    "def f(x):\n    y = x.sum(axis=0, keepdims=True) @ x.T\n    return np.sqrt(np.abs(y)) * size",
)


def serve(reading: int, writing: int) -> None:
    """Takes a program and then calls from `reading`, answers to `writing`, until the trusted side hangs up.

    Where a whole notebook comes in a program's place, it is run and asked in pieces.
    """
    wire.write_message(writing, messages.Locked())
    silent.silence()  # it does not check itself, nor draw, nor hold any inputs
    program = wire.read_message(reading)
    if isinstance(program, spoken.Notebook):
        Respondent(program, reading, writing).serve()
        return
    assert isinstance(program, Program)
    notebook = Session(program, reading, writing)
    notebook.run()
    while True:
        try:
            calls = wire.read_message(reading)
        except EOFError:
            return
        if isinstance(calls, messages.Edits):
            _try(notebook, calls, writing)
            continue
        if isinstance(calls, messages.Turn):
            notebook.turn(calls)
            continue
        assert isinstance(calls, messages.Calls)
        with notebook.hiding(calls.hide):
            results = Results()
            for call in calls.calls:
                recorder = notebook.recorder() if calls.trace else None
                with recorder or contextlib.nullcontext():
                    answer = notebook.answer(call, results)
                if call is calls.calls[-1]:
                    answer.changed = results.changed()
                _tell(writing, answer)
                if recorder is not None:
                    wire.write_message(writing, messages.Trace(call.id, recorder.values))


def _try(notebook: Session, tried: messages.Edits, writing: int) -> None:
    """Answers the calls with each of the edits."""
    plain = [[unpacking.unpack(argument, given=_as_it_is) for argument in call.args] for call in tried.calls]
    for edit in tried.edits:
        try:
            with notebook.edited(edit.definitions):
                for identity, call, arguments in zip(edit.ids, tried.calls, plain, strict=True):
                    call.id = identity
                    args = list(map(given.own, arguments))
                    with allowance.of_lines(tried.steps):
                        answer = notebook.asked(call, args, back=tried.back)
                    _tell(writing, answer)
                    edit.ids = edit.ids[1:]
        except BaseException as error:  # what stands outside of functions in an edited definition
            for identity in edit.ids:
                _tell(writing, failure(identity, error))


def _as_it_is(argument: Argument) -> Argument:
    return argument


def _tell(writing: int, answer: messages.Result | messages.Failure) -> None:
    """Hands one answer on, or that it cannot be."""
    flush()
    try:
        wire.write_message(writing, answer)
    except (WireError, UnicodeError) as error:
        wire.write_message(writing, messages.Failure(answer.id, "ValueError", messages.clip(error), None))


def rehearse() -> None:
    """Plays conversations with itself, after which nothing is left of them.

    Python specializes the code that runs often and remembers where names were found. In a fork, whoever writes such
    a thing down copies a page of memory first: once done here, no child has to.
    """
    finders, main = sys.meta_path[:], sys.modules["__main__"]
    argument = packing.pack(np.ones((3, 3)))
    program = Program(
        [CellData(index, source, None) for index, source in enumerate(_REHEARSED)], "f", [], {"f": 2}
    )
    calls = messages.Calls([messages.Call(number, number, [argument]) for number in range(6)], [], False)
    for _ in range(_REHEARSALS):
        (reading, ours), (theirs, writing) = os.pipe(), os.pipe()  # which hold so little without a reader
        wire.write_message(ours, program)
        wire.write_message(ours, calls)
        wire.write_message(ours, messages.Turn("f", []))
        os.close(ours)
        serve(reading, writing)
        for descriptor in (reading, theirs, writing):
            os.close(descriptor)
    sys.meta_path[:], sys.modules["__main__"] = finders, main


def main() -> None:
    """Serves on standard input and output, which student code then finds closed."""
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    serve(reading, writing)
