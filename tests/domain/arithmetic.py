"""The arithmetic of a step computed again by a reader that knows nothing of the rules."""

from __future__ import annotations

import ast
from fractions import Fraction


def recomputed(arithmetic: str) -> tuple[int, int]:
    """Cents of the left side, rounded half-even once, and the cents that stand at the right."""
    left, right = arithmetic.rsplit(" = ", 1)
    return round(_value(left) * 100), round(_value(right) * 100)


def _value(text: str) -> Fraction:
    tree = ast.parse(text.replace("EUR ", "").replace("×", "*"), mode="eval")
    return _of(tree.body, text)


def _of(node: ast.expr, text: str) -> Fraction:
    match node:
        case ast.Constant():
            # The literal as written, so that no float comes near.
            return Fraction(ast.unparse(node))
        case ast.BinOp(op=ast.Mult()):
            return _of(node.left, text) * _of(node.right, text)
        case ast.BinOp(op=ast.Div()):
            return _of(node.left, text) / _of(node.right, text)
        case ast.Call(func=ast.Name(id="min")):
            return min(_of(argument, text) for argument in node.args)
    raise AssertionError(f"{text} cannot be computed")
