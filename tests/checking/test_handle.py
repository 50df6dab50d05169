"""What a handle does, and that it does nothing else."""

import copy
import math
import operator
import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from rnncore.checking import CheckFailed, StudentError, call, check, helper
from rnncore.checking.handle import REFUSED, Handle
from rnncore.checking.plain import MAX_BYTES, NotPlain, plain
from tests.checking.remote import Answers


def double(x):
    x *= 2
    return x


@pytest.fixture
def remote():
    cell = SimpleNamespace(forward=lambda x, f: f(x), width=5)
    return Answers(double=double, cell=cell, count=3, text="text", untold=object())


@pytest.fixture
def count(remote):
    return remote.handle("count")


def test_a_call_goes_to_the_other_side_with_copies(remote):
    x = np.ones(2)
    for result in (call(remote.handle("double"), x), remote.handle("double")(x)):
        assert result.tolist() == [2, 2]
    result, (after,) = call(remote.handle("double"), x, return_args=True)
    assert after.tolist() == result.tolist() == [2, 2]
    assert x.tolist() == [1, 1]


def test_an_attribute_is_a_handle_and_asks_nothing(remote):
    forward = remote.handle("cell").forward
    assert type(forward) is Handle
    assert repr(forward) == "<cell.forward in the sandbox>"
    assert remote.asked == []
    assert call(forward, np.array([-1.0, 2.0]), helper("relu")).tolist() == [0, 2]


@pytest.mark.parametrize("argument", [np.tanh, [object()], {"f": len}])
def test_an_argument_that_cannot_be_sent_is_the_authors_mistake(remote, argument):
    with pytest.raises(TypeError, match=r"argument 1 of the call must be plain data or a helper"):
        call(remote.handle("double"), argument)
    assert remote.asked == []


def test_a_handle_is_no_plain_data(remote, count):
    assert plain(count) == NotPlain("a Handle")
    with pytest.raises(TypeError, match=r"argument 1 .* got a Handle"):
        call(remote.handle("double"), count)


def test_a_check_fetches_a_handle_within_a_limit(remote, count):
    check("count", count, 3)
    assert remote.asked == [("fetch", "count", MAX_BYTES)]
    with pytest.raises(CheckFailed, match=r"came: +3"):
        check("count", count, 4)
    with pytest.raises(CheckFailed, match="an object"):
        check("untold", remote.handle("untold"), 4)


def test_what_is_not_there_is_an_error_of_the_other_side(remote):
    with pytest.raises(NameError, match=r"^name 'lost' is not defined$"):
        check("lost", remote.handle("lost"), 1)
    with pytest.raises(StudentError, match="AttributeError"):
        check("cell", remote.handle("cell").depth, 1)


ACTS = {
    "==": lambda h: h == 3,
    "== of an array": lambda h: np.ones(2) == h,
    "== of another": lambda h: operator.eq([3, 4], [h, 4]),
    "!=": lambda h: h != 3,
    "<": lambda h: h < 3,
    "> of a number": lambda h: operator.gt(3, h),
    "in it": lambda h: 3 in h,
    "in a list": lambda h: h in [3],
    "key": lambda h: {h: 1},
    "hash": hash,
    "bool": bool,
    "if": lambda h: 1 if h else 0,
    "not": lambda h: not h,
    "len": len,
    "iter": iter,
    "next": next,
    "unpack": lambda h: [*h],
    "reversed": reversed,
    "item": lambda h: h[0],
    "set item": lambda h: operator.setitem(h, 0, 1),
    "delete item": lambda h: operator.delitem(h, 0),
    "int": int,
    "float": float,
    "complex": complex,
    "index": operator.index,
    "bytes": bytes,
    "round": round,
    "floor": math.floor,
    "abs": abs,
    "-": operator.neg,
    "+": lambda h: h + 1,
    "+ of a number": lambda h: 1 + h,
    "+ of an array": lambda h: np.ones(2) + h,
    "+=": lambda h: operator.iadd(h, 1),
    "* of a list": lambda h: [0] * h,
    "@": lambda h: np.ones(2) @ h,
    "**": lambda h: 2**h,
    "% of a text": lambda h: "%d" % h,  # noqa: UP031
    "np.asarray": np.asarray,
    "np.array of a list": lambda h: np.array([h, 1.0], dtype=float),
    "np.array_equal": lambda h: np.array_equal(h, 3),
    "np.isclose": lambda h: np.isclose(h, 3),
    "np.sum": np.sum,
    "np.shape": np.shape,
    "np.add": lambda h: np.add(h, 1),
    "np.stack": lambda h: np.stack([h, h]),
    "np.concatenate": lambda h: np.concatenate([np.ones(1), h]),
    "with": lambda h: h.__enter__(),
    "await": lambda h: h.__await__(),
    "memoryview": memoryview,
    "open": open,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": pickle.dumps,
    "set attribute": lambda h: setattr(h, "width", 1),
    "replace its path": lambda h: setattr(h, "_path", "other"),
    "delete attribute": lambda h: delattr(h, "_path"),
    "private attribute": lambda h: h._hidden,
    "special attribute": lambda h: h.__wrapped__,
    "no identifier": lambda h: getattr(h, "a.b"),
    "empty name": lambda h: getattr(h, ""),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_nothing_else_is_answered_and_nothing_is_asked(remote, count, act):
    with pytest.raises(TypeError):
        act(count)
    assert remote.asked == []


@pytest.mark.parametrize("name", REFUSED)
def test_each_refusal_says_what_to_do(count, name):
    with pytest.raises(
        TypeError, match=r"count is an answer .* use call\(count, …\) or check\(…\)"
    ):
        getattr(count, f"__{name}__")()


def test_a_handle_is_no_instance_of_anything_else(count):
    assert count.__class__ is Handle
    assert not isinstance(count, (int, str, np.ndarray))


def test_handles_in_a_tuple_are_fetched(remote, count):
    check("pair", (count, remote.handle("text")), (3, "text"))
    with pytest.raises(CheckFailed, match=r"pair is not right yet: see answer\[0\]"):
        check("pair", (count, 1), (4, 1))
