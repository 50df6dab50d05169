"""What `check` lets pass, what it refuses, and what it says."""

import numpy as np
import pytest

from rnncore.checking import CheckFailed, check, matches
from rnncore.numpy import RNNParams

A = np.arange(12.0).reshape(3, 4) - 3


def said(got, want, **settings):
    """The message of a failing check."""
    with pytest.raises(CheckFailed) as caught:
        check("question", got, want, **settings)
    return str(caught.value)


def params(**changes):
    return RNNParams.init(np.random.default_rng(0), 3, 2).replace(**changes)


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __array__(self, dtype=None, copy=None):
        return A

    shape, dtype = A.shape, A.dtype


class Liar(np.ndarray):
    shape = property(lambda self: A.shape)

    def __eq__(self, other):
        return np.ones(A.shape, bool)


class Text(str):
    def __eq__(self, other):
        return True

    __hash__ = None


class NamedLikeAnArray(type):
    __name__ = "ndarray"


RIGHT = [
    (A, A.copy()),
    (A[:, ::2], A[:, ::2].copy()),
    (A + 1e-12, A),
    (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
    (np.zeros((0, 3)), np.zeros((0, 3))),
    (np.array([1, 2]), np.array([1, 2])),
    (np.float64(2.5), 2.5),
    (np.float32(2.5), 2.5),
    (np.array(2.5), 2.5),
    (2, 2.0),
    (np.int64(2), 2),
    (np.True_, True),
    (None, None),
    ("text", "text"),
    (np.str_("text"), "text"),
    ((1, "a", A), (1, "a", A)),
    ([1, 2], [1, 2]),
    ({"dx": A, 3: 1}, {3: 1, "dx": A}),
    (params(), params()),
    (10**400, 10**400),
]


@pytest.mark.parametrize(("got", "want"), RIGHT)
@pytest.mark.parametrize("hidden", [False, True])
def test_a_right_answer_passes(got, want, hidden):
    assert check("question", got, want, hidden=hidden) is None


WRONG = {
    "value": (A + 1e-3, A, "entries differ"),
    "nan": (A * np.nan, A, "NaN"),
    "infinity": (A + np.inf, A, "infinity"),
    "a finite number for NaN": (0.0, float("nan"), "nan"),
    "the other infinity": (-np.inf, np.inf, "-inf"),
    "empty": (np.empty(0), A, "empty"),
    "scalar to broadcast": (np.array(0.0), np.zeros((2, 2)), "no axis came"),
    "number for array": (0.0, np.zeros((2, 2)), "single number"),
    "one row to broadcast": (np.zeros((1, 2)), np.zeros((3, 2)), "axis 0 has length 1, not 3"),
    "transposed": (A.T, A, "opposite order"),
    "other order of axes": (np.zeros((2, 3, 4)), np.zeros((3, 2, 4)), "another order"),
    "one axis more": (A[None], A, "3 axes came, 2 axes expected"),
    "list": (A.tolist(), A, "np.array"),
    "float32": (A.astype(np.float32), A, "float32, not float64"),
    "int array for float array": (A.astype(int), A, "int64, not float64"),
    "bool array for int array": (np.array([True]), np.array([1]), "bool, not int64"),
    "objects": (A.astype(object), A, "of object"),
    "subclass": (A.view(Liar), A, "Liar"),
    "masked": (np.ma.array(A), A, "MaskedArray"),
    "always equal": (AlwaysEqual(), A, "AlwaysEqual"),
    "always equal in a tuple": ((AlwaysEqual(),), (1,), "AlwaysEqual"),
    "huge array": (np.broadcast_to(0.0, (10**6, 10**6)), A, "larger than 64 MiB"),
    "bool for int": (True, 1, "a bool"),
    "int for bool": (1, True, "an int"),
    "float for int": (2.0, 2, "whole number"),
    "bool for float": (True, 1.0, "a bool"),
    "complex for float": (2 + 0j, 2.0, "a complex"),
    "huge int for int": (10**5000, 2, "bits"),
    "huge int for float": (10**5000, 2.0, "bits"),
    "text subclass": (Text("a"), "a", "a Text"),
    "text": ("abcx", "abcd", "from character 3 on"),
    "shorter text": ("ab", "abcd", "from character 2 on"),
    "None": (None, A, "return"),
    "None wanted": (0, None, "0 (an int)"),
    "dots left in place": ({"h_1": ...}, {"h_1": 2.0}, "in their place"),
    "generator": ((x for x in [A]), A, "a generator"),
    "iterator without items": (iter(()), (), "a tuple_iterator"),
    "a function": (len, A, "a builtin_function_or_method"),
    "list for tuple": ([1], (1,), "a tuple"),
    "too few parts": ((1,), (1, 2), "a tuple of 2"),
    "missing key": ({"a": 1}, {"a": 1, "bb": 2}, "missing: 'bb'"),
    "key too many": ({"a": 1, 2: 2}, {"a": 1}, "not expected: 2"),
    "key of another type": ({True: 1}, {1: 1}, "missing: 1"),
    "keys that act": ({AlwaysEqual: 1}, {"a": 1}, "keys that are neither"),
    "inside a dict": ({"dx": A + 1}, {"dx": A}, "see dx["),
    "inside a tuple": ((1, A + 1), (1, A), "see answer[1]["),
    "parameters": (params(bias_hh=np.ones(2)), params(), "see bias_hh["),
    "parameters in a dict": ({"dparams": params(bias_ih=np.ones(2))}, {"dparams": params()},
                             "see dparams.bias_ih["),
    "setting": (params(nonlinearity="relu"), params(), "see nonlinearity"),
    "nested too deep": ([[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]],
                        [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]], "nested more than 20 deep"),
    "parameters for an array": (params(), A, "an RNNParams"),
}  # fmt: skip


@pytest.mark.parametrize(("got", "want", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_fails_and_the_message_says_why(got, want, words):
    message = said(got, want)
    assert message.startswith("question is not right yet")
    assert words in message


@pytest.mark.parametrize(("got", "want", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_hidden_check_fails_too(got, want, words):
    assert "hidden check" in said(got, want, hidden=True)


SECRETS = {
    "array": (A + 7.25, A * 3.5),
    "number": (1234.5, 8765.25),
    "whole number": (4321, 8765),
    "other type": ("mine 4321", 8765),
    "text": ("mine 4321", "yours 8765"),
    "keys": ({4321: 1}, {8765: 1}),
    "one-letter key": ({"Q": 4321.5}, {"Q": 8765.5}),
    "parts": ((4321, A), (8765, A)),
}


@pytest.mark.parametrize(("got", "want"), SECRETS.values(), ids=SECRETS.keys())
def test_a_hidden_check_shows_no_number_and_no_text(got, want):
    visible, hidden = said(got, want), said(got, want, hidden=True)
    for secret in ("4321", "8765", "1234.5", "mine", "yours", "Q", "7.25", "-10.5", "28", "15.25"):
        assert secret not in hidden
    assert any(c.isdigit() for c in visible)


def test_an_answer_that_lies_about_its_class_is_not_asked():
    class Array(metaclass=NamedLikeAnArray):
        __class__ = np.ndarray

    assert "Array" in said(Array(), A)


class EqualToAnyClass(type):
    def __eq__(cls, other):
        raise AssertionError("asked")

    def __hash__(cls):
        raise AssertionError("asked")


def test_a_metaclass_is_not_asked_whether_its_class_is_plain():
    class Answer(metaclass=EqualToAnyClass):
        pass

    assert "an Answer" in said(Answer(), 1)
    assert "keys that are neither" in said({Answer(): 1}, {})


KINDS = {
    "type": ["list", "bool for int", "text subclass", "None"],
    "shape": ["empty", "transposed", "too few parts", "missing key"],
    "dtype": ["float32", "int array for float array"],
    "finite": ["nan", "infinity"],
    "value": ["value", "text", "setting"],
}


@pytest.mark.parametrize(("kind", "names"), KINDS.items(), ids=KINDS.keys())
def test_a_failure_tells_its_kind(kind, names):
    for name in names:
        got, want, _ = WRONG[name]
        with pytest.raises(CheckFailed) as caught:
            check("question", got, want)
        assert caught.value.kind == kind, name
    with pytest.raises(CheckFailed) as caught:
        check("question", np.inf, 1.0)
    assert caught.value.kind == "finite"


@pytest.mark.parametrize(("got", "want"), RIGHT)
def test_what_passes_a_check_matches(got, want):
    assert matches(got, want)


@pytest.mark.parametrize(("got", "want", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_fails_a_check_does_not_match(got, want, words):
    assert not matches(got, want)


def test_a_match_has_tolerances_and_nothing_matches_what_is_not_plain():
    assert matches(A + 0.3, A, rtol=0, atol=0.4)
    assert not matches(A + 0.5, A, rtol=0, atol=0.4)
    assert not matches(len, len)


def test_an_endless_list_ends():
    endless = []
    endless.append(endless)
    assert "answer[0]" in said([endless], [1])
    wide = []
    wide += [wide] * 50
    assert "answer[0]" in said([wide], [1])


@pytest.mark.parametrize(
    ("got", "clue"),
    [(np.zeros_like(A), "zero"), (-A, "sign is opposite"), (A * 3, "3 times the expected")],
)
def test_a_pattern_is_named(got, clue):
    assert clue in said(got, A)


def test_the_place_is_that_of_the_largest_difference():
    got = A.copy()
    got[0, 1] += 1
    got[2, 3] -= 5
    message = said(got, A)
    assert "entry [2, 3]" in message
    assert "2 of 12 entries differ, most here, by 5" in message


def test_tolerances_are_those_of_the_dtype_unless_given():
    single = A.astype(np.float32)
    check("question", single * np.float32(1 + 1e-5), single)
    said(A * (1 + 1e-5), A)
    check("question", A * (1 + 1e-5), A, rtol=1e-4)
    check("question", A + 0.3, A, rtol=0, atol=0.4)


def test_the_answer_is_not_changed_and_later_changes_do_not_matter():
    got = A.copy()
    check("question", got, A)
    assert got.flags.writeable
    assert np.array_equal(got, A)


@pytest.mark.parametrize("want", [AlwaysEqual(), (A, object()), {"a": len}, A.astype(object)])
def test_a_right_answer_that_cannot_be_compared_is_the_authors_mistake(want):
    with pytest.raises(TypeError, match="right answer for question must be plain data"):
        check("question", A, want)


def test_a_notebook_shows_the_message_alone():
    with pytest.raises(CheckFailed) as caught:
        check("question", 1, 2)
    assert caught.value._render_traceback_() == str(caught.value).split("\n")
