"""What is asked, and how the answer comes about."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from autograder.child import questions
from autograder.child.questions import NoSuchNameError
from autograder.data import Code, Column, Seeded, Table
from autograder.records import Case


class Stack:
    """As a student would write it."""

    def __init__(self, *items: Any) -> None:
        self.items = list(items)

    def push(self, item: Any) -> None:
        self.items.append(item)

    def pop(self) -> Any:
        return self.items.pop()

    def peek(self) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.items)


class EmptyError(IndexError):
    """A class of a student's own."""


def test_a_call_and_a_variable() -> None:
    assert questions.ask(divmod, [7, 2], "result") == (3, 1)
    assert questions.ask([1], [], "variable") == [1]


def test_what_is_printed_is_the_answer_and_goes_nowhere_else(capsys: Any) -> None:
    def greet(name: str) -> int:
        print("Hello", name, sep=", ", end="!\n")
        sys.stdout.write("bye")
        sys.stdout.flush()
        return 3

    assert questions.ask(greet, ["Ada"], "printed") == "Hello, Ada!\nbye"
    assert capsys.readouterr().out == ""
    assert questions.ask(lambda: None, [], "printed") == ""


def test_what_is_printed_is_bounded() -> None:
    def flood() -> None:
        for _ in range(30):
            assert sys.stdout.write("x" * 10_000) == 10_000

    assert questions.ask(flood, [], "printed") == "x" * questions.MAX_PRINTED


def test_an_exception_is_that_of_the_function_whatever_was_printed() -> None:
    with pytest.raises(ZeroDivisionError):
        questions.ask(lambda: print("before") or 1 / 0, [], "printed")


def test_a_script_gives_what_each_step_gave() -> None:
    script = [
        (1,),
        ("push", (2,)),
        ("items",),
        ("pop", ()),
        ("pop", ()),
        ("pop", ()),
        ("__len__", ()),
        ("top", ()),
    ]
    assert questions.ask(Stack, script, "script") == [
        {"returned": None},
        {"returned": [1, 2]},  # as it was then, and not as later steps left it
        {"returned": 2},
        {"returned": 1},
        {"raised": "IndexError"},
        {"returned": 0},
        {"raised": "AttributeError"},
    ]


def test_a_script_in_which_nothing_can_be_made_or_is_not_written_yet_raises() -> None:
    with pytest.raises(TypeError):
        questions.ask(len, [(), ("push", (2,))], "script")
    with pytest.raises(NotImplementedError):
        questions.ask(Stack, [(), ("push", (2,)), ("peek", ())], "script")


def test_a_script_of_the_course_s_own_names_what_is_there() -> None:
    with pytest.raises(NoSuchNameError) as error:
        questions.ask(Stack, [(), ("push", (2,)), ("top", ())], "script", strict=True)
    name, made = error.value.args
    assert (name, type(made)) == ("top", Stack)


def test_what_cannot_be_copied_is_handed_on_as_it_is() -> None:
    class Holder:
        def __init__(self) -> None:
            self.rows = (row for row in ())

    ((step),) = questions.ask(Holder, [(), ("rows",)], "script")
    assert type(step["returned"]).__name__ == "generator"


def test_an_exception_of_one_s_own_is_the_known_one_that_it_inherits_from() -> None:
    assert questions.known_class(EmptyError()) == "IndexError"
    assert questions.known_class(np.linalg.LinAlgError()) == "ValueError"
    assert questions.known_class(type("KeyError", (Exception,), {})()) == "Exception"


def test_the_modules_that_a_question_takes() -> None:
    assert questions.modules("drawing") == ("matplotlib.pyplot",)
    assert questions.modules("result") == ()


def test_seeds_are_those_of_a_case_s_name_and_arguments_alone() -> None:
    case = Case("a", (np.arange(3.0), 1))
    assert questions.seed_of(case) == questions.seed_of(Case("a", (np.arange(3.0), 1), asks="printed"))
    others = [
        Case("b", case.args),
        Case("a", (np.arange(3), 1)),
        Case("a", (np.arange(3.0), True)),
        Case("a", (np.arange(3.0), 1, ())),
        Case("a", ((np.arange(3.0), 1),)),
        Case("a", (np.arange(3.0).reshape(1, 3), 1)),
    ]
    seeds = {questions.seed_of(one) for one in (case, *others)}
    assert len(seeds) == 7
    assert all(0 <= seed < 2**32 for seed in seeds)


def test_a_seed_is_the_same_in_every_process() -> None:
    script = (
        "from autograder.child import questions; from autograder.records import Case;"
        "print(questions.seed_of(Case('a', ({'x', 'y', 'zebra', 'lion'}, frozenset({b'1', b'2'}), {'k': 1.5}))))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Code("lambda x: x"), Code("lambda x: 2 * x")),
        (Seeded(1), Seeded(2)),
        (["ab"], ["a", "b"]),
        ({1: 2}, {2: 1}),
        (0.0, -0.0),
        (Table("Index", (Column("a", "int64", np.arange(2)),)), Table("Index", (Column("b", "int64", np.arange(2)),))),
        (Table("Index", (Column("a", "object", ("x", None)),)), Table("Index", (Column("a", "object", ("x", "y")),))),
    ],
)  # fmt: skip
def test_other_values_have_other_bytes(one: Any, other: Any) -> None:
    assert b"".join(questions.canonical(one)) == b"".join(questions.canonical(one))
    assert b"".join(questions.canonical(one)) != b"".join(questions.canonical(other))


def test_the_global_generators_are_set_for_a_while() -> None:
    np.random.seed(1)
    random.seed(1)
    expected = [np.random.normal(), random.random()]
    np.random.seed(1)
    random.seed(1)
    with questions.seeded(5):
        first = [np.random.normal(), random.random()]
    assert [np.random.normal(), random.random()] == expected
    with questions.seeded(5):
        assert [np.random.normal(), random.random()] == first
