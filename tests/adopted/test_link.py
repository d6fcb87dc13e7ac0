"""What goes over to student code of what a test holds: arguments of calls, and never what it compares with."""

from __future__ import annotations

import struct
from typing import Any

import parts
import pytest
import seated

from autograder.child import wire
from autograder.sandbox.locked import LockedChild

pytestmark = parts.LINUX.mark
DUE = 987654321
# What tests do with a value and what is due, `x` and `E`: whether they are equal, and more.
EQUAL = """
x == E; x != E; E == x; E != x; x is E; x in [E]; [E] == [x]; (x,) == (E,); {'a': x} == {'a': E}; x in {E}; [E].count(x)
[E, x].index(x); {E: 1}.get(x); set([x]) == {E}; str(x) == str(E); repr(x) == repr(E); f'{x}' == f'{E}'; round(x) == E
int(x) == E; x.a == E; len(x) == E; list(x) == [E]; np.array_equal(x, E); (np.array([E]) == x).all(); x == pytest.approx(E)
np.testing.assert_equal(x, E); unittest.TestCase().assertEqual(x, E); unittest.TestCase().assertNotEqual(x, E)
operator.eq(x, E); operator.ne(x, E); copy.deepcopy([x]) == [E]; isinstance(x, int) and x == E; decimal.Decimal(E) == x
fractions.Fraction(E) == x; json.dumps([E]) == json.dumps(x); collections.Counter([E]) == collections.Counter([x])
"""
MORE = """
x > E; x <= E; E - x; x + E; abs(x - E) < 1; max(x, E); sorted([x, E]); sum([x]) == E; x[str(E)]; E in x; x.index(E)
x.get(E); x.startswith(str(E)); setattr(x, 'a', E); np.allclose(x, E); np.isclose(E, x); math.isclose(x, E)
unittest.TestCase().assertAlmostEqual(x, E); functools.reduce(operator.add, [E, x])
"""
IMPORTS = (
    "import collections, copy, decimal, fractions, functools, json, math, operator, unittest\n"
    "import numpy as np\nimport pytest\n"
)
# Has whatever may be asked of it, and would be handed what comes with that.
CURIOUS = """
class Curious:
    a = 1
    def __getattr__(self, name): return lambda *args, **more: 1
for name in "eq ne lt le gt ge add radd sub rsub contains getitem setattr call round bool".split():
    setattr(Curious, f"__{name}__", lambda self, *args: 1)
Curious.__hash__ = Curious.__len__ = Curious.__int__ = Curious.__index__ = lambda self: 1
Curious.__iter__ = lambda self: iter([Curious()])
Curious.__str__ = Curious.__repr__ = lambda self: "curious"
"""


@pytest.mark.parametrize(
    ("solution", "does"),
    [(f"x = {DUE}", EQUAL + MORE), (f"{CURIOUS}x = Curious()", EQUAL)],
    ids=["where plain data is due", "where an object is due"],
)
def test_what_is_compared_with_is_never_sent(
    monkeypatch: pytest.MonkeyPatch, solution: str, does: str
) -> None:
    tried = [one.strip() for line in does.strip().splitlines() for one in line.split(";") if one.strip()]
    test = f"{IMPORTS}E = {DUE}\n" + "".join(f"try: {one}\nexcept Exception: pass\n" for one in tried)
    sent: list[bytes] = []
    real = LockedChild.send

    def send(child: LockedChild, message: Any) -> None:
        sent.append(wire.frame(message))
        real(child, message)

    with seated.opened({"solution x": solution, "test all": test}) as room:
        solved = room.sit()
        assert solved.verdicts[0].failure is None
        monkeypatch.setattr(LockedChild, "send", send)
        for answer in (
            "x = Curious()",
            "x = Curious",
            "x = lambda *args: 1",
            "class Own(int): pass\nx = Own(5)",
        ):
            room.sit({"x": CURIOUS + answer}, permitted=solved.places)
    forms = [str(DUE).encode(), *(struct.pack(form, DUE) for form in (">I", "<I", ">d", "<d"))]
    assert len(sent) > 100
    assert not [frame for frame in sent if any(form in frame for form in forms)]
