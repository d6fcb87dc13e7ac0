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
from autograder.errors import CourseError

Written: TypeAlias = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign

_WRITTEN: Final = (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
# `# row sum: Add up each row.` is a name and a sentence; other comments are for the author alone.
_WORDS: Final = re.compile(r"#\s*(?P<name>[a-z][\w '’-]{0,39}): (?P<sentence>[^\W\d_].*\S)\s*")
_NO_NAMES: Final = frozenset({"noqa", "type", "pragma", "note", "todo", "fmt", "mypy", "pylint", "source"})


@dataclass(frozen=True)
class Words:
    """What a comment beside a line says of its step."""

    name: str
    sentence: str
    line: int


@dataclass(frozen=True)
class Lesson:
    """A unit's lesson as Python."""

    file: Path
    text: str
    exercises: tuple[str, ...]  # functions, classes and variables that are asked for
    tree: ast.Module = field(compare=False, repr=False)

    @classmethod
    def read(cls, file: Path, exercises: Iterable[str]) -> Lesson:
        """The lesson in a file; CourseError where it is none."""
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise CourseError(
                f"{file}: {error.strerror}: it is the unit's lesson, and gives what reference.py and inputs.py do not"
            ) from None
        except UnicodeDecodeError as error:
            raise CourseError(f"{file} is not UTF-8 text (byte {error.start})") from None
        return cls.of(file, text, tuple(exercises))

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
        lines = self._code.splitlines(keepends=True)
        begins = sum(map(len, lines[: _line(node) - 1]))
        ends = begins + sum(map(len, lines[_line(node) - 1 : node.end_lineno]))
        many = self._code.count(before, begins, ends)
        if many != 1:
            trouble = f"stands {many} times" if many else "stands nowhere"
            advice = "write more of its line" if many else "write it as it stands in the lesson"
            raise self.refuse(node, f"{before!r} {trouble} in the solution of {name!r}: {advice}")
        place = self._code.index(before, begins)
        return Lesson.of(
            self.file, self.text[:place] + after + self.text[place + len(before) :], self.exercises
        )

    @cached_property
    def _code(self) -> str:
        """The text with its comments blotted out, every place in it as it was."""
        lines = self.text.splitlines(keepends=True)
        for token in self._tokens:
            if token.type == tokenize.COMMENT:
                number, column = token.start[0] - 1, token.start[1]
                line = lines[number]
                lines[number] = line[:column] + "\0" * len(token.string) + line[column + len(token.string) :]
        return "".join(lines)

    @cached_property
    def _tokens(self) -> list[tokenize.TokenInfo]:
        return list(tokenize.generate_tokens(io.StringIO(self.text).readline))

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
        digest.update(repr(sorted(self._comments.items())).encode())
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

    @cached_property
    def _comments(self) -> Mapping[int, Words]:
        found = {}
        for token in self._tokens:
            if token.type == tokenize.COMMENT and token.line.strip() != token.string.strip():
                match = _WORDS.fullmatch(token.string)
                if match and match["name"] not in _NO_NAMES:
                    found[token.start[0]] = Words(match["name"].strip(), match["sentence"], token.start[0])
        return found

    def words(self, function: ast.FunctionDef) -> Mapping[int, Words]:
        """What comments say of a function's steps, by line; CourseError where two give the same name."""
        found = {
            line: words
            for line, words in self._comments.items()
            if function.lineno <= line <= (function.end_lineno or 0)
        }
        first: dict[str, int] = {}
        for line, words in found.items():
            if words.name in first:
                raise self.refuse(
                    line,
                    f"the comment names a step {words.name!r}, as the one in line {first[words.name]} does: give each"
                    " step of a function a name of its own",
                )
            first[words.name] = line
        return found


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
