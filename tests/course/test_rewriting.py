from __future__ import annotations

import ast

from autograder.course.rewriting import Op, compiled, defined, names_in, replaced


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def test_an_expression_becomes_a_function() -> None:
    op = compiled(expression("a + FACTOR * b"), ("a", "b"), {"FACTOR": 10})
    assert op(1, 2) == 21
    assert op == Op("_0 + FACTOR * _1", lambda: len)
    assert op == compiled(expression("x + FACTOR * y"), ("x", "y"), {"FACTOR": 10})
    assert op != compiled(expression("b + FACTOR * a"), ("a", "b"), {"FACTOR": 10})
    assert op != compiled(expression("a"), ("a",), {})
    bound = compiled(expression("[a for a in b]"), ("b", "a"), {})
    assert bound == Op("b, a: [a for a in b]", lambda: len)


def test_statements_become_a_function() -> None:
    body = ast.parse("b = _copied(a)\nb.append(2)").body
    given = [1]
    op = defined([*body, ast.Return(ast.Name("b", ast.Load()))], ["a"], {})
    assert op(given) == [1, 2]
    assert given == [1]


def test_names_are_found_in_order_and_replaced() -> None:
    assert names_in(expression("f(y) + x[y]")) == ("f", "y", "x")
    swapped = replaced(expression("x + [x for y in x][0]"), {"x": expression("a.T")})
    assert swapped is not None
    assert ast.unparse(swapped) == "a.T + [a.T for y in a.T][0]"
    assert replaced(expression("[x for x in y]"), {"x": expression("a")}) is None
    assert replaced(expression("lambda x: x"), {"x": expression("a")}) is None
