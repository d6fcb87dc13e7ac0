"""Small programs by chance, of all that students write and of all that could keep something from call to call.

Each defines `f` and `g` of two parameters, ends soon whatever it is given, and does no harm to this machine.
"""

from __future__ import annotations

import random
from typing import Final

_CONSTANTS: Final = ("EPS = 1e-9", "SIZE = 3", "PAIR = (1, 2)", "HALF = np.float32", "NAME = 'ab'", "ROOT = math.sqrt(2)", "LOW = -np.inf")  # fmt: skip
_CONSTANT_NAMES: Final = ("EPS", "SIZE", "PAIR", "NAME", "ROOT", "LOW")
_STATE: Final = (
    "seen = []",
    "table = {}",
    "store = np.zeros(3)",
    "rows = iter(range(9))",
    "bag = set()",
    "made = (n for n in range(9))",
    "pair = ([], 1)",
    "count = 0\ncount += 1",
    "kept = (lambda s: lambda v: (s.append(v), len(s))[1])([])",
    "for seen in [[]]:\n    pass",
    "seen, table = [], {}",
)
_HARMFUL: Final = (
    "seen.append({a})",
    "table[0] = {a}",
    "store[0] = 3",
    "store += 1",
    "v = next(rows)",
    "v = next(made, 0)",
    "v = kept({a})",
    "v = len(seen)",
    "v = store.sum()",
    "v = pair[0]",
    "bag.add(3)",
    "f.seen = {a}",
    "v = np.empty(3)",
    "v = np.empty_like(store)",
    "v = np.divide(1.0, np.ones(3), where=np.array([True, False, True]))",
    "v = np.pad(np.ones(2), 1, 'empty')",
    "v = str(f)",
    "v = str(lambda: 1)",
    "v = str(zip([1]))",
    "v = np.random.rand()",
    "np.random.seed(3)",
    "global count",
    "acc.append({a})\nv = len(acc)",
    "v = functools.cache(len)",
)
_HONEST: Final = (
    "v = {a}",
    "w = {a}",
    "v += {a}",
    "v = [{a} for {i} in range(3)]",
    "w = {{k: {a} for k in 'ab'}}",
    "v = sum({a} for {i} in range(2))",
    "seen = []\nseen.append({a})\nv = len(seen)",
    "v = np.zeros(3)\nv[1] = 2\nv /= 3",
    "for {i} in range(3):\n    v = {a}",
    "for {i}, w in enumerate([{a}, 2]):\n    v = w",
    "if {c}:\n    v = {a}\nelse:\n    w = {a}",
    "k = 0\nwhile k < 3:\n    k += 1\n    v = {a}",
    "try:\n    v = {a}\nexcept (TypeError, ValueError) as e:\n    v = str(e)",
    "with np.errstate(all='ignore'):\n    v = {a}",
    "h = lambda z, q=p: z\nv = h({a})",
    "def h(z):\n    return z\nv = h({a})",
    "rows = zip([1, 2], 'ab')\nv = next(rows)",
    "def parts():\n    yield {a}\nv = list(parts())",
    "v = sorted([3, 1, 2], key=lambda z: -z)",
    "v = functools.reduce(lambda s, z: s + z, [1, 2, 3])",
    "v = list(map(str, [1, {a}]))",
    "v = np.divide(1.0, np.ones(3), out=np.zeros(3), where=np.array([True, False, True]))",
    "v = collections.Counter('abca').most_common(1)",
    "v = f'{{v!r:>3}}'",
    "if isinstance(p, np.ndarray):\n    v = p * 2 + np.exp(-abs(p))",
    "p[0] = {a}",
    "match p:\n    case [first, *rest]:\n        v = rest\n    case _:\n        v = {a}",
    "if (u := {a}) is not None:\n    v = u",
    "v = list(itertools.accumulate([1, 2, 3]))",
    "print(v)",
    "raise ValueError(f'no {{p}}')",
    "return v, {a}",
    "del v\nv = 3",
)
_ATOMS: Final = ("p", "q", "v", "w", "1", "2.5", "'a'", "len(str(p))", "[p]", "(q, 1)", "p + q", "v * 2", "abs(1)", "np.sum(p)", "np.sort(p)", "misspelt", "g(q, 1) if 0 else 3", "{c}", "p is None", "[*range(2)]", "(lambda z: z)(q)", "max(3, 1)", "i", "str(q)", "np.float64(3)")  # fmt: skip
_HARMFUL_ATOMS: Final = (
    "seen",
    "store",
    "table",
    "len(seen)",
    "id(p)",
    "str(f)",
    "i",
    "np.empty(2)",
    "type(p)((2,))",
)


def program(chance: random.Random, *, harm: bool = True) -> str:
    """A program; without `harm` one that keeps nothing and shows nothing."""
    cells = chance.sample(_CONSTANTS, 3)
    if harm:
        cells += chance.sample(_STATE, chance.randint(0, 2))
    for name in chance.sample(["f", "g"], 2):
        statements = _block(chance, chance.randint(1, 5), harm=harm and chance.random() < 0.7)
        default = ", acc=[]" if harm and chance.random() < 0.1 else ", *, low=-1.5"
        body = "\n".join(["v = w = i = 0", *statements, "return v, w"])
        cells.append(f"def {name}(p, q=1{default}):\n{_indented(body)}")
    if chance.random() < 0.3:
        cells.append("try:\n    print(f([1.0, 2.0], 1))\nexcept Exception as error:\n    print(error)")
    return "\n".join(cells)


def _block(chance: random.Random, count: int, *, harm: bool) -> list[str]:
    statements = []
    for _ in range(count):
        kinds = _HARMFUL if harm and chance.random() < 0.25 else _HONEST
        text = chance.choice(kinds)
        while "{a}" in text or "{c}" in text or "{i}" in text:
            text = text.replace("{a}", _atom(chance, harm=harm), 1)
            text = text.replace("{c}", chance.choice(["p is None", "len(str(v)) > 3", "q == 1"]), 1)
            text = text.replace("{i}", chance.choice("ijw"))
        statements.append(text.replace("{{", "{").replace("}}", "}"))
        if chance.random() < 0.15:
            inner = _indented("\n".join(_block(chance, 2, harm=harm)))
            statements.append(f"for i in range(2):\n{inner}")
    return statements


def _atom(chance: random.Random, *, harm: bool) -> str:
    if harm and chance.random() < 0.1:
        return chance.choice(_HARMFUL_ATOMS)
    return chance.choice((*_ATOMS, *_CONSTANT_NAMES) if chance.random() < 0.8 else _CONSTANT_NAMES)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
