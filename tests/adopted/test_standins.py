"""Forms of test cells as instructors write them, each against a solution that passes it in a plain namespace."""

from __future__ import annotations

from collections.abc import Iterator

import parts
import pytest
import seated
from seated import Room

from autograder.adopted.papers import Sitting

pytestmark = parts.LINUX.mark
HELPERS = """\
class Item:
    def __init__(self, name, price):
        self.name, self.price, self.broken = name, price, False


def half(x):
    return x / 2
"""
CELLS = {
    "free imports": "import math\nimport random\n\nimport numpy as np\nfrom helpers import Item, half",
    "locked shared": """\
from collections import namedtuple

Point = namedtuple("Point", "x y")

class BadInput(Exception):
    pass

class Box:
    def __init__(self, size):
        self.size = size

    def __eq__(self, other):
        return isinstance(other, Box) and self.size == other.size

def close(a, b):
    return abs(a - b) < 1e-9
""",
    "solution functions": """\
calls = 0
N = 3
numbers = [3, 1, 2]

def squares(n):
    \"\"\"The squares.\"\"\"
    return [i ** 2 for i in range(1, n + 1)]

def total(n):
    return sum(squares(n))

def counted():
    global calls
    calls += 1
    return calls

def scaled(x):
    return x * N

def bubble(items):
    items.sort()

def doubled(array):
    array *= 2
    return array

def whole(found):
    for key in found:
        found[key] = int(found[key])

def same(items):
    return items

def twice(f, x):
    return f(f(x))

def greet(name="you", *, loud=False):
    print("Hello,", name)

def asked():
    return input("Name? ")

def drawn():
    return random.random(), float(np.random.rand())

def refuse(x):
    if x == 1:
        raise BadInput("one")
    if x == 2:
        raise Own("two")
    raise KeyError("three")

class Own(ValueError):
    def __init__(self, text):
        super().__init__(text)
        self.code = 42

def upto(n):
    for i in range(n):
        yield i

def boxed(n):
    return Box(n)

def price(items):
    items[0].broken = True
    return sum(item.price for item in items)

def first(items):
    return items[0]

def inc(x):
    return x + 1
""",
    "solution classes": """\
class Vector:
    \"\"\"Two numbers.\"\"\"

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, number):
        return Vector(self.x * number, self.y * number)

    def __eq__(self, other):
        return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)

    def __len__(self):
        return 2

    def __iter__(self):
        return iter((self.x, self.y))

    def __getitem__(self, place):
        return (self.x, self.y)[place]

    def __setitem__(self, place, value):
        if place == 0:
            self.x = value
        else:
            self.y = value

    def __contains__(self, value):
        return value in (self.x, self.y)

    def __repr__(self):
        return f"Vector({self.x}, {self.y})"

    def __bool__(self):
        return self.x != 0 or self.y != 0

    def __float__(self):
        return math.hypot(self.x, self.y)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

class Longer(Vector):
    pass

class Broken:
    __int__ = __len__ = __str__ = lambda self: None

v = Vector(3, 4)
""",
    "solution table": """\
import pandas as pd

frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})

def save():
    frame.to_csv("saved.csv", index=False)
""",
    "test plain": "assert squares(3) == [1, 4, 9]\nassert type(squares(2)) is list\nassert numbers == [3, 1, 2]",
    "test globals": "assert 'numbers' in globals() and 'numbers' in dir() and 'nothing' not in globals()",
    "test state": "counted()\nassert counted() == 2\nassert calls == 2",
    "test in-place": (
        "items = [2, 1]\nbubble(items)\nassert items == [1, 2]\n"
        "nested = [[3], [1]]\ninner = nested[0]\nbubble(nested)\nassert nested == [[1], [3]]\n"
        "array = np.array([1.0, 2.0])\ndoubled(array)\nassert array[1] == 4.0\n"
        "found = {'a': 3.0}\nwhole(found)\nassert type(found['a']) is int"
    ),
    "test identity": "items = [1]\nassert same(items) is items\nassert squares(1) is not items",
    "test callback": "assert twice(math.sqrt, 16) == 2.0\nassert twice(lambda x: x + 1, 1) == 3\nassert twice(lambda x: inc(x) * 2, 1) == 10",
    "test printed": (
        "import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\nwith redirect_stdout(out):\n"
        "    greet('Ada')\nassert out.getvalue() == 'Hello, Ada\\n'"
    ),
    "test input": "import builtins\nkept, builtins.input = builtins.input, lambda prompt='': 'Ada'\ntry:\n    assert asked() == 'Ada'\nfinally:\n    builtins.input = kept",
    "test patched": "from unittest.mock import patch\nwith patch('builtins.print') as printing:\n    greet()\nprinting.assert_called_with('Hello,', 'you')",
    "test seeded": (
        "random.seed(1)\nnp.random.seed(1)\na = drawn()\nrandom.seed(1)\nnp.random.seed(1)\nb = drawn()\nassert a == b\n"
        "random.seed(1)\nassert random.random() == a[0]"
    ),
    "test uses": (
        "kept = squares\ndel squares\ntry:\n    total(2)\nexcept NameError:\n    pass\nelse:\n"
        "    raise AssertionError('total does not use squares')\nfinally:\n    squares = kept\nassert total(2) == 5"
    ),
    "test setting": "assert scaled(2) == 6\nN = 10\nassert scaled(2) == 20\nN = 3",
    "test raises": (
        "try:\n    refuse(1)\nexcept BadInput as error:\n    assert str(error) == 'one'\nelse:\n    assert False\n"
        "try:\n    refuse(2)\nexcept ValueError as error:\n    assert type(error).__name__ == 'Own' and error.code == 42\n"
        "try:\n    refuse(2)\nexcept Own:\n    pass\n"
        "try:\n    refuse(3)\nexcept KeyError as error:\n    assert error.args == ('three',)"
    ),
    "test unittest": (
        "import unittest\ncase = unittest.TestCase()\nwith case.assertRaises(ValueError):\n    refuse(2)\n"
        "case.assertEqual(squares(2), [1, 4])\ncase.assertIsInstance(squares(2), list)"
    ),
    "test class body": (
        "import io\nimport unittest\n\nclass Tests(unittest.TestCase):\n    cases = [(squares(2), [1, 4])]\n\n"
        "    def test_cases(self):\n        for got, due in self.cases:\n            self.assertEqual(got, due)\n\n"
        "suite = unittest.defaultTestLoader.loadTestsFromTestCase(Tests)\n"
        "assert unittest.TextTestRunner(io.StringIO()).run(suite).wasSuccessful()"
    ),
    "test generator": "g = upto(10)\nassert next(g) == 0 and next(g) == 1\nassert list(g) == list(range(2, 10))\nassert sum(upto(200)) == 19900",
    "test introspection": (
        "import inspect\nassert 'range' in inspect.getsource(squares)\nassert list(inspect.signature(greet).parameters) == ['name', 'loud']\n"
        "assert squares.__name__ == 'squares' and squares.__doc__ == 'The squares.'\n"
        "assert 'self.x' in inspect.getsource(Vector.__init__)\nassert list(inspect.signature(Vector.__init__).parameters) == ['self', 'x', 'y']\n"
        "assert inspect.isfunction(squares) and callable(squares) and not callable(v) and hasattr(Vector, '__add__')"
    ),
    "test objects": (
        "w = Vector(1, 2)\nassert w.x == 1 and isinstance(w, Vector) and type(w) is Vector and w + v == Vector(4, 6)\n"
        "assert not w == 3 and w != 3 and issubclass(Longer, Vector) and isinstance(Longer(1, 1), Vector)\n"
        "assert len(w) == 2 and list(w) == [1, 2] and w[1] == 2 and w[-1] == 2 and 2 in w and 5 not in w\n"
        "assert str(w) == 'Vector(1, 2)' and f'{w!r}' == 'Vector(1, 2)' and bool(w) and not Vector(0, 0)\n"
        "assert float(Vector(3, 4)) == 5.0 and (w * 3).y == 6\nw[0] = 7\nw.y = 8\nassert (w.x, w.y) == (7, 8)\n"
        "x, y = w\nassert {w: 1}[w] == 1\nwith w as entered:\n    assert entered is w\n"
        "import copy\nz = copy.deepcopy(w)\nassert z == w and z is not w\nassert np.asarray(w).tolist() == [7, 8]"
    ),
    "test subclass": "assert Longer.__mro__[1] is Vector and Longer.__name__ == 'Longer' and Vector.__doc__ == 'Two numbers.'",
    "test given": (
        "b = boxed(2)\nassert isinstance(b, Box) and type(b) is Box and b.size == 2\n"
        "things = [Item('a', 2), Item('b', 3)]\nassert price(things) == 5\nassert things[0].broken and not things[1].broken\n"
        "things[1].price = 10\nassert price(things) == 12\nassert first(things) is things[0]\nassert half(4) == 2\n"
        "p = Point(1, 2)\nassert first(p) == 1\nassert same(p).x == 1"
    ),
    "test kinds": (
        "from fractions import Fraction\nfrom datetime import date\nfrom collections import Counter, OrderedDict, deque\n"
        "for one in (range(3), Fraction(1, 2), date(2020, 1, 2), Counter('aab'), OrderedDict(a=1), deque([1]), {1, 2}, b'x', 2j, slice(1, 2)):\n"
        "    assert same(one) == one and type(same(one)) is type(one)"
    ),
    "test refusals": (
        "import copy, io, pickle, threading\n\ndef refused(kind, do, said):\n    try:\n        do()\n    except kind as error:\n"
        "        assert said in str(error), error\n    else:\n        raise AssertionError(said)\n\nw = Vector(1, 2)\n"
        "refused(TypeError, lambda: pickle.dumps(w), 'cannot be pickled')\n"
        "refused(TypeError, lambda: type('Sub', (Vector,), {}), '')\n"
        "refused(TypeError, lambda: setattr(w, '__class__', int), '__class__')\n"
        "refused(AttributeError, lambda: w._repr_html_, 'no attribute')\nrefused(AttributeError, lambda: w.nothing, 'nothing')\n"
        "refused(AttributeError, lambda: w.__array_interface__, '__array_interface__')\n"
        "refused(TypeError, lambda: int(Broken()), 'int')\nrefused(TypeError, lambda: len(Broken()), '')\n"
        "refused(TypeError, lambda: str(Broken()), '')\n"
        "refused(TypeError, lambda: same(threading.Lock()), 'cannot be handed')\n"
        "refused(TypeError, lambda: same(i for i in range(20_000)), 'so many')\n"
        "class Mine:\n    pass\n\nrefused(TypeError, lambda: same(Mine()), 'Mine')\nrefused(TypeError, lambda: same(Mine), 'Mine')\n"
        "deep = []\nfor _ in range(100):\n    deep = [deep]\nrefused(TypeError, lambda: same(deep), 'handed')\n"
        "refused(AttributeError, lambda: Own('x').nothing, 'nothing')\nrefused(NameError, lambda: nowhere, 'nowhere')\n"
        "import __main__\nassert __main__.squares(1) == [1]\nrefused(AttributeError, lambda: __main__.nowhere, 'nowhere')\n"
        "def unbound():\n    del nowhere\nrefused(NameError, lambda: exec('del nowhere'), 'nowhere')"
    ),
    "test table": (
        "assert frame.shape == (2, 2) and list(frame.columns) == ['a', 'b'] and frame['a'].sum() == 3\n"
        "pd.testing.assert_frame_equal(frame, pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}))"
    ),
    "test written": "save()\nimport os\nassert os.path.exists('saved.csv')\nassert pd.read_csv('saved.csv').equals(frame)\nassert open('saved.csv').readline() == 'a,b\\n'",
    "test partial": "points = 0.0\nif squares(2) == [1, 4]:\n    points += 1.5\npoints",
    "test magic": "%matplotlib inline\nassert squares(1) == [1]",
    "test awaited": "import asyncio\nawait asyncio.sleep(0)\nassert squares(1) == [1]",
}  # fmt: skip


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with seated.opened(CELLS, {"helpers.py": HELPERS}) as opened:
        yield opened


@pytest.fixture(scope="module")
def solved(room: Room) -> Sitting:
    return room.sit()


@pytest.mark.parametrize("name", seated.tests(CELLS))
def test_a_form_of_test_cell_is_served(name: str, solved: Sitting) -> None:
    one = seated.verdict(solved, name)
    assert one.failure is None
    assert one.score == (1.5 if name == "partial" else seated.POINTS)


def test_where_the_solution_has_objects_is_written_down_and_there_they_may_be_handed_values(
    room: Room, solved: Sitting
) -> None:
    assert solved.handles >= {"objects", "generator"}
    assert solved.places
    again = room.sit(permitted=solved.places)
    assert seated.scores(again) == seated.scores(solved)


def test_an_object_where_plain_data_is_due_is_handed_nothing(room: Room) -> None:
    lies = "class Any:\n    __add__ = __sub__ = __lt__ = __contains__ = lambda *_: True\n    __getitem__ = index = lambda *_: 1\n    __iter__ = lambda _: iter('ab')"
    cells = {
        "solution value": "value = [1]",
        "test method": "value.index(1)",
        "test operator": "assert value < [2]",
        "test item": "value['due']",
        "test set": "value[0] = 2",
        "test contains": "assert 1 in value",
    }
    with seated.opened(cells) as own:
        solved = own.sit()
        came = own.sit({"value": f"{lies}\nvalue = Any()"}, permitted=solved.places)
    told = {one.grade_id: one.failure for one in came.verdicts}
    for name in ("method", "operator", "item", "set"):
        failure = told[name]
        assert failure is not None
        assert failure.exception == "OutOfPlaceError"
        assert failure.message == "it is an object, and a plain value is due here"
    assert told["contains"] is not None
    assert told["contains"].exception == "AssertionError"


def test_what_can_be_called_is_called_where_the_solution_gives_a_function() -> None:
    """An object that `partial` or `lru_cache` had made was taken for one in the place of a plain value, and earned nothing."""
    cells = {
        "solution twice": "def twice(f):\n    def inner(x):\n        return f(f(x))\n    return inner",
        "test t": "assert twice(abs)(-3) == 3\nassert twice(lambda x: x + 1)(1) == 3",
    }
    others = (
        "from functools import partial\ndef twice(f):\n    return partial(lambda f, x: f(f(x)), f)",
        "from functools import lru_cache\ndef twice(f):\n    return lru_cache(lambda x: f(f(x)))",
        "class twice:\n    def __init__(self, f): self.f = f\n    def __call__(self, x): return self.f(self.f(x))",
        "import numpy as np\ndef twice(f):\n    return np.vectorize(lambda x: f(f(x)))",
    )
    with seated.opened(cells) as own:
        solved = own.sit()
        for answer in others:
            came = own.sit({"twice": answer}, permitted=solved.places)
            assert seated.verdict(came, "t").failure is None, answer


def test_what_inherits_from_plain_classes_is_equal_to_plain_values() -> None:
    cells = {
        "solution classes": (
            "from typing import NamedTuple\nfrom collections import namedtuple\n"
            "class P(NamedTuple):\n    x: int\n    def twice(self): return 2 * self.x\n"
            "    @property\n    def half(self): return self.x / 2\n"
            "Q = namedtuple('Q', 'a b')\ndef make(x): return P(x)\ndef same(value): return value\n"
            "class V(list): pass\nclass Loud(str):\n    def __eq__(self, other): return True\n    __hash__ = str.__hash__\n"
            "def v(): return V([1, 2])"
        ),
        "test named": (
            "p = make(3)\nassert p == (3,) and p.x == 3 and p.twice() == 6 and p.half == 1.5\n"
            "assert isinstance(p, P) and isinstance(p, tuple) and not isinstance(p, Q) and type(p) is P\n"
            "q = Q(1, 2)\nassert isinstance(same(q), Q) and same(q) == (1, 2) and same(q)._fields == ('a', 'b')"
        ),
        "test plain": (
            "assert v() == [1, 2] and [1, 2] == v() and v() != [1] and not v() != [1, 2]\n"
            "assert isinstance(v(), list) and v() == v()"
        ),
        "test lies": "assert Loud('a') != 'b'",
    }
    with seated.opened(cells) as own:
        assert seated.scores(own.sit()) == dict.fromkeys(seated.tests(cells), seated.POINTS)


def test_an_error_of_python_s_names_the_student_s_own_class() -> None:
    cells = {
        "solution made": "made = other = [1]",
        "test len": "assert len(made) == 1",
        "test other": "assert len(other) == 1",
    }
    mine = "class Queue: pass\nmade = Queue()\nother = type('not a name', (), {})()"
    with seated.opened(cells) as own:
        came = own.sit({"made": mine}, permitted=own.sit().places)
    told = [one.failure.message for one in came.verdicts if one.failure is not None]
    assert told == ["object of type 'Queue' has no len()", "object of type 'object' has no len()"]
