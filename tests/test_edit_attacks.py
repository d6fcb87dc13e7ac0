"""Code that edits make hang, die or swell, and code of the oddest forms: its report is whole, and the others' marks are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.pages.student import student_page
from autograder.records import FunctionReport, Report

# Every one is wrong by little, so that edits of it are tried.
ODD = {
    "hangs once it is written otherwise": """
KNOWN = []
def softmax(x):
    code = softmax.__code__.co_code + repr(softmax.__code__.co_consts).encode()
    if not KNOWN:
        KNOWN.append(code)
    while code != KNOWN[0]:
        pass
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)
""",
    "dies once it is written otherwise": """
import os
KNOWN = []
def softmax(x):
    code = softmax.__code__.co_code + repr(softmax.__code__.co_consts).encode()
    if not KNOWN:
        KNOWN.append(code)
    if code != KNOWN[0]:
        os._exit(0)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)
""",
    "never ends without one of its lines": """
def softmax(x):
    flat = x.reshape(-1, x.shape[-1])
    out = np.zeros(flat.shape)
    i = 0
    while i < flat.shape[0]:
        e = np.exp(flat[i] - flat[i].max())
        out[i] = e / (e.sum() + 1)
        i += 1
    return out.reshape(x.shape)
""",
    "takes gigabytes with another number": """
def softmax(x):
    room = np.zeros(10 ** 1)
    e = np.exp(x - x.max(axis=-1, keepdims=True)) + room.sum() ** 9
    return e / (e.sum(axis=-1, keepdims=True) + 1)
""",
    "made by exec": """
exec('''
def softmax(x):
    e = np.exp(x)
    return e / (e.sum(axis=-1, keepdims=True) + 1)
''')
""",
    "nested": """
def softmax(x):
    def outer(y):
        def inner(z):
            def innermost(w):
                return np.exp(w - w.max(axis=-1, keepdims=True))
            return innermost(z)
        return inner(y)
    return outer(x) / (outer(x).sum(axis=-1, keepdims=True) + 1)
""",
    "decorated": """
import functools
def twice(f):
    @functools.wraps(f)
    def wrapped(x):
        return f(f(x)) if x is None else f(x)
    return wrapped
@twice
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1)
""",
    "in a class": """
class Model:
    def __call__(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / (e.sum(axis=-1, keepdims=True) + 1)
softmax = Model()
""",
    "of thousands of lines": "def softmax(x):\n"
    + "    x = x + 0\n" * 3000
    + "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
    + "    return e / (e.sum(axis=-1, keepdims=True) + 1)\n",
    "of one line with hundreds of operators": "def softmax(x):\n"
    "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
    "    return e / (e.sum(axis=-1, keepdims=True) + 1" + " + 0" * 800 + ")\n",
    "that changes the notebook's variables": """
calls = 0
def softmax(x):
    global calls, np
    calls += 1
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + calls)
""",
    "that changes files": """
def softmax(x):
    with open('/tmp/made-by-softmax', 'a') as file:
        file.write('x')
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1)
""",
    "that gives another result each time": """
import random
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + random.randrange(8))
""",
    "a generator": """
def softmax(x):
    for row in x:
        yield np.exp(row) / np.exp(row).sum()
""",
    "of itself alone": "softmax = lambda x: softmax(x[:1]) if len(x) > 3 else np.exp(x) / (np.exp(x).sum() + 1)\n",
    "that traces": """
import sys
def softmax(x):
    sys.settrace(lambda *a: None)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1)
""",
    "that handles all errors": """
def softmax(x):
    while True:
        try:
            e = np.exp(x - x.max(axis=-1, keepdims=True))
            return e / (e.sum(axis=-1, keepdims=True) + 1)
        except BaseException:
            continue
""",
}


def of(report: Report, name: str) -> FunctionReport:
    return next(function for function in report.functions if function.name == name)


@pytest.mark.slow
@pytest.mark.parametrize("form", ODD)
def test_a_report_is_whole_whatever_edits_do(grade: Callable[..., Report], form: str) -> None:
    report = grade("self-attention", {"softmax": ODD[form].strip()})
    assert report.status == "graded"
    assert of(report, "softmax").diagnoses or of(report, "softmax").explanation is not None
    assert of(report, "softmax").score < of(report, "softmax").max_score
    for other in ("scaled_scores", "attend"):
        assert of(report, other).score == of(report, other).max_score
    assert "softmax" in student_page(report)
