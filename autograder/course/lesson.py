"""The lesson as its author's own Python: the solutions in it, what they need to run, and the words beside them.

A lesson in percent format is a Python file whose prose stands in comments. Of its code only the definitions run that the
unit's exercises need, in the trusted process: it is the instructor's own.
"""

from __future__ import annotations

import ast
import hashlib
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

from autograder.course.modules import what
from autograder.decoding import UndecodedError, utf8
from autograder.errors import CourseError

Written: TypeAlias = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign

_WRITTEN: Final = (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
# `# row sum: Add up each row.` is a name and a sentence, and `# row sum (s): …` has the letter that stands for it in
# formulas; other comments are for the author alone.
_WORDS: Final = re.compile(
    r"#\s*(?P<name>[a-z][\w '’-]{0,39}?)(?: \((?P<letter>[^\W\d_]\w{0,7})\))?: (?P<sentence>[^\W\d_].*\S)\s*"
)
_NO_NAMES: Final = frozenset({"noqa", "type", "pragma", "note", "todo", "fmt", "mypy", "pylint", "source"})


@dataclass(frozen=True)
class Words:
    """What a comment beside a line says of its step."""

    name: str
    sentence: str
    letter: str = ""  # what stands for it in formulas; empty: whatever is free


@dataclass(frozen=True)
class Lesson:
    """A unit's lesson as Python."""

    file: Path
    text: str
    exercises: tuple[str, ...]  # functions, classes and variables that are asked for
    tree: ast.Module = field(compare=False, repr=False)
    # By the line of a function, what its comments say, once that has been asked for.
    _read: dict[int, Mapping[int, Words]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(cls, file: Path, exercises: Iterable[str]) -> Lesson:
        """The lesson in a file; CourseError where it is none."""
        return cls.of(file, cls.content(file), tuple(exercises))

    @staticmethod
    def content(file: Path) -> str:
        """The text of a lesson's file, its lines ended as everywhere; CourseError where it has none."""
        try:
            text = utf8(file.read_bytes())
        except OSError as error:
            raise CourseError(
                f"{file}: {error.strerror}: it is the unit's lesson, and gives what reference.py and inputs.py do not"
            ) from None
        except UndecodedError as error:
            raise CourseError(f"{file} is {error}: save it as UTF-8{error.hint}") from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @classmethod
    def of(cls, file: Path, text: str, exercises: tuple[str, ...]) -> Lesson:
        """The lesson of this text; CourseError where it is no Python."""
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            raise CourseError(f"{file}, line {error.lineno}: this is no Python: {error.msg}") from None
        return cls(file, text, exercises, tree)

    def refuse(self, node: ast.AST | int, trouble: str) -> CourseError:
        """The error that names the file and the line."""
        return CourseError(f"{self.file}, line {node if isinstance(node, int) else _line(node)}: {trouble}")

    def written(self, name: str) -> Written:
        """Where an exercise is solved; CourseError where it is not, or twice."""
        found = [node for node in self.tree.body if name in _bound(node)]
        functions = [one for one in found if isinstance(one, ast.FunctionDef | ast.ClassDef)]
        if len(functions) > 1:
            raise self.refuse(
                functions[1],
                f"{name!r} is defined here and in line {functions[0].lineno} as well: give each function a name of"
                " its own, or take one away",
            )
        last = found[-1] if found else None
        if not isinstance(last, _WRITTEN) or _is_stub(last):
            raise CourseError(
                f"{self.file}: there is no solution of {name!r}: write it where the lesson asks for it, between the"
                " marks of a solution, or give its steps in reference.py"
            )
        return last

    def function(self, name: str) -> ast.FunctionDef | None:
        """The function of this name that the lesson defines, None where it defines none."""
        found = [node for node in self.tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
        return found[-1] if found else None

    def source(self, node: ast.AST) -> str:
        """The text of a definition or a statement."""
        return ast.get_source_segment(self.text, node) or ""

    def changed(self, name: str, before: str, after: str) -> Lesson:
        """The lesson with other code in the solution of one function; CourseError where it does not stand there once."""
        node = self.written(name)
        begins, code = self._code(node)
        many = code.count(before)
        if many != 1:
            trouble = f"stands {many} times" if many else "stands nowhere"
            advice = "write more of its line" if many else "write it as it stands in the lesson"
            raise self.refuse(node, f"{before!r} {trouble} in the solution of {name!r}: {advice}")
        place = begins + code.index(before)
        return Lesson.of(
            self.file, self.text[:place] + after + self.text[place + len(before) :], self.exercises
        )

    def _code(self, node: ast.stmt) -> tuple[int, str]:
        """Where a definition begins in the text, and its lines with comments blotted out, every place as it was."""
        lines = self.text.splitlines(keepends=True)
        first = _line(node) - 1
        own = lines[first : node.end_lineno]
        for number, column, comment in self._comments_in(node):
            line = own[number - 1 - first]
            own[number - 1 - first] = line[:column] + "\0" * len(comment) + line[column + len(comment) :]
        return sum(map(len, lines[:first])), "".join(own)

    def _comments_in(self, node: ast.stmt) -> list[tuple[int, int, str]]:
        """The comments in the lines of a definition: line, column and text."""
        first = _line(node) - 1
        own = "".join(self.text.splitlines(keepends=True)[first : node.end_lineno])
        return [
            (first + token.start[0], token.start[1], token.string)
            for token in tokenize.generate_tokens(io.StringIO(own).readline)
            if token.type == tokenize.COMMENT
        ]

    @cached_property
    def names(self) -> dict[str, Any]:
        """What the lesson's definitions make that its exercises need; CourseError where one does not run."""
        needed = self._needed
        module = ast.Module([node for node in self.tree.body if node in needed], [])
        names: dict[str, Any] = {"__name__": "lesson", "__builtins__": __builtins__}
        try:
            exec(compile(module, str(self.file), "exec", dont_inherit=True), names)
        except Exception as error:
            raise CourseError(f"{self.file} cannot be loaded: {what(error)}") from error
        return names

    @cached_property
    def digest(self) -> bytes:
        """Of all that decides a verdict or is said of a step, whatever the prose around it."""
        digest = hashlib.sha256()
        for node in self._needed:
            digest.update(ast.dump(node).encode())
            if isinstance(node, ast.FunctionDef):
                digest.update(repr([*self._said(node).values()]).encode())
        return digest.digest()

    @cached_property
    def _needed(self) -> list[ast.stmt]:
        """The definitions that the exercises need, in order."""
        wanted, needed = set(self.exercises), set()
        kept = [
            node
            for node in self.tree.body
            if isinstance(
                node,
                ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom,
            )
            and not (isinstance(node, ast.ImportFrom) and node.module == "autograder")
        ]
        while True:
            fresh = [node for node in kept if node not in needed and wanted & _bound(node)]
            if not fresh:
                return [node for node in kept if node in needed]
            for node in fresh:
                needed.add(node)
                wanted |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}

    # -------------------------------------------------------------------------------------- words beside lines

    def words(self, function: ast.FunctionDef) -> Mapping[int, Words]:
        """What comments say of a function's steps, by line; CourseError where two give the same name or letter."""
        found = self._said(function)
        first: dict[tuple[str, str], int] = {}
        for line, words in found.items():
            for kind, said in (("name", words.name), ("letter", words.letter)):
                if said and (kind, said) in first:
                    raise self.refuse(
                        line,
                        f"the comment names a step {said!r}, as the one in line {first[kind, said]} does: give each"
                        f" step of a function a {kind} of its own",
                    )
                first[kind, said] = line
        return found

    def _said(self, function: ast.FunctionDef) -> Mapping[int, Words]:
        """Comments that are words, by line."""
        if function.lineno not in self._read:
            lines, found = self.text.splitlines(), {}
            ends = {
                one.lineno: one.end_lineno or 0 for one in ast.walk(function) if isinstance(one, ast.stmt)
            }
            for line, column, comment in self._comments_in(function):
                match = _WORDS.fullmatch(comment)
                of = line if lines[line - 1][:column].strip() else ends.get(line + 1, 0)
                if match and match["name"] not in _NO_NAMES and of:
                    found[of] = Words(match["name"].strip(), match["sentence"], match["letter"] or "")
            self._read[function.lineno] = found
        return self._read[function.lineno]


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement at the top binds."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {(alias.asname or alias.name).partition(".")[0] for alias in names}
        case ast.Assign(targets=targets):
            return set(_names(targets))
        case ast.AnnAssign(target=target, value=value) if value is not None:
            return set(_names([target]))
    return set()


def _names(targets: Iterable[ast.AST]) -> Iterator[str]:
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 1)


def _is_stub(node: ast.stmt) -> bool:
    """Whether there is nothing in it yet."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return isinstance(node.value, ast.Constant) and node.value.value is ...
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    return all(_says_nothing(one) for one in node.body)


def _says_nothing(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return name == "NotImplementedError"
    return False
