"""The wire: plain data come through as they were, and each broken rule is refused in words."""

import contextlib
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder import wire
from rnncore.checking import Handle
from rnncore.checking.helpers import HELPERS
from rnncore.checking.plain import NotPlain, plain
from rnncore.numpy import LinearParams

MIB = 2**20


def cross(value, resolve=None):
    """Send a value to the other side."""
    frame = wire.pack({"value": value})
    header = wire.HEADER.size
    text, raw = wire.frame_sizes(frame[:header], 64 * MIB)
    assert len(frame) == header + text + raw
    return wire.unpack(frame[header : header + text], frame[header + text :], resolve)["value"]


def receive(node, raw=b"", resolve=None):
    """Read what the other side might have sent."""
    return wire.unpack(json.dumps({"value": node}).encode(), raw, resolve)["value"]


def same(left, right):
    """Compare data and types to the last bit."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        return (left.dtype, left.shape, left.tobytes()) == (
            right.dtype,
            right.shape,
            right.tobytes(),
        )
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return same(list(left.items()), list(right.items()))
    if isinstance(left, np.generic):
        return left.tobytes() == right.tobytes()
    return repr(left) == repr(right)


DTYPES = [np.dtype(code) for code in "?bBhHilILefdFD"]
ATOMS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**4095), 2**4095)
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=["Cs"]))
)
SCALARS = st.sampled_from(DTYPES).flatmap(lambda dtype: arrays.from_dtype(dtype))
SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
ARRAYS = st.sampled_from(DTYPES).flatmap(lambda dtype: arrays.arrays(dtype, SHAPES))
KEYS = st.text("abc") | st.integers(2, 9) | st.tuples(st.integers(), st.text("abc"))
VALUES = st.recursive(
    ATOMS | ARRAYS | SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300)
@given(VALUES)
def test_plain_data_come_through_to_the_last_bit(value):
    assert same(cross(value), value)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200), st.binary(max_size=40))
def test_any_bytes_are_data_or_refused(text, raw):
    with contextlib.suppress(wire.WireError):
        assert type(wire.unpack(text, raw)) is dict


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
    | st.sampled_from(["<f8", "|b1", "LinearParams", "tanh", "cell"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from([*"ltdcxasphf", "weight", "bias", "no"]), inner, max_size=2
    ),
    max_leaves=20,
)  # fmt: skip


@settings(deadline=None, max_examples=500)
@given(JSON, st.binary(max_size=40))
def test_almost_right_messages_are_data_or_refused(node, raw):
    with contextlib.suppress(wire.WireError):
        came = receive(node, raw)
        assert same(plain(came), came)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, -0.0, 5e-324, 1e308, 0.1])
def test_floats_cross_exactly(value):
    assert repr(cross(value)) == repr(value)
    assert repr(cross(complex(value, value))) == repr(complex(value, value))


def test_numbers_keep_their_kind():
    came = cross([1, 1.0, True, np.float32(1), np.int64(1), np.bool_(True), 1 + 0j])
    kinds = [int, float, bool, np.float32, np.int64, np.bool_, complex]
    assert [type(each) for each in came] == kinds


def test_arrays_may_be_written_to():
    came = cross(np.zeros(3))
    came[0] = 1
    assert came.flags.owndata


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3).astype(">f8"),
        np.arange(6.0).reshape(2, 3)[:, ::2],
        np.arange(6.0).reshape(2, 3).T,
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.broadcast_to(np.float32(2), (2, 3)),
        np.array([1, 2], np.longlong),
        np.array([1, 2], np.ulonglong),
        np.zeros((0, 3)),
        np.array(3.5),
    ],
)
def test_any_layout_crosses_by_its_values(array):
    came = cross(array)
    assert came.shape == array.shape
    assert came.dtype.name == array.dtype.name
    assert came.dtype.isnative
    assert np.array_equal(came, array)


def test_parameters_cross_by_their_class():
    came = cross(LinearParams(np.ones((2, 3)), np.zeros(2)))
    assert type(came) is LinearParams
    assert came.weight.shape == (2, 3)


def test_all_parameter_classes_have_their_name_in_rnncore():
    import rnncore.numpy

    assert all(getattr(rnncore.numpy, name).__name__ == name for name in wire.PARAMETERS)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.zeros((2, 3), np.longdouble), "an array (2, 3) of float128"),
        (np.longdouble(1), "something of type longdouble"),
        (np.zeros(2, [("a", "f8")]), "an array (2,) of void64"),
        (np.array([object()]), "an array (1,) of object"),
        (np.array(["a"]), "an array (1,) of str32"),
        (np.zeros(2, "M8[s]"), "an array (2,) of datetime64[s]"),
        (object(), "something of type object"),
        (len, "something of type builtin_function_or_method"),
        (2**5000, "a whole number of 5001 bits"),
        ({(np.int64(1), 2): 3}, "a dict with keys that are neither text nor numbers"),
        (NotPlain("x" * 1000), "x" * wire.MAX_WORDS),
    ],
)
def test_what_cannot_cross_is_described(value, words):
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype == np.longdouble:
        words = words.replace("float128", np.dtype(np.longdouble).name)
    assert cross(value) == NotPlain(words)


def test_half_surrogates_cross_as_question_marks():
    assert cross("a\ud800b") == "a?b"
    assert receive("a\udfffb") == "a?b"


def test_descriptions_are_printable():
    assert receive({"x": "a\x1b[31m\u202eb\n"}) == NotPlain("a [31m b ")


def test_handles_and_helpers_cross_where_they_may():
    handle = Handle(None, "cell.forward")
    helper = HELPERS["tanh"]
    assert cross([handle, helper], resolve=lambda path: f"at {path}") == ["at cell.forward", helper]


def at_depth(depth):
    node = 1
    for _ in range(depth):
        node = {"l": [node]}
    return node


def test_the_deepest_nesting_is_allowed_and_no_deeper():
    assert receive(at_depth(wire.MAX_DEPTH))
    with pytest.raises(wire.WireError, match="too deeply"):
        receive(at_depth(wire.MAX_DEPTH + 1))


def test_the_most_nodes_are_allowed_and_no_more():
    assert len(receive({"l": [0] * (wire.MAX_NODES - 1)})) == wire.MAX_NODES - 1
    with pytest.raises(wire.WireError, match="too much"):
        receive({"l": [0] * wire.MAX_NODES})


def test_the_largest_number_is_allowed_and_no_larger():
    assert receive(2**wire.MAX_BITS - 1) == 2**wire.MAX_BITS - 1
    with pytest.raises(wire.WireError, match="too large"):
        receive(-(2**wire.MAX_BITS))


FLOATS = np.arange(3.0).tobytes()
REFUSED = {
    "no JSON": (b"{", b""),
    "a number of 5,000 digits": (b'{"value": ' + b"9" * 5000 + b"}", b""),
    "no UTF-8": (b'{"value": "\xff"}', b""),
    "brackets without end": (b"[" * 100_000, b""),
    "a list at the top": (b"[]", b""),
    "a text at the top": (b'"value"', b""),
    "nothing": (b"", b""),
}
NODES = {
    "a bare list": [1],
    "a bare object": {},
    "two tags": {"l": [], "t": []},
    "an unknown tag": {"e": "import os"},
    "a list of no parts": {"l": 3},
    "a tuple of an object": {"t": {"l": []}},
    "a dict of a number": {"d": 3},
    "a dict of a text": {"d": "ab"},
    "a dict of singles": {"d": [[1]]},
    "a dict of triples": {"d": [[1, 2, 3]]},
    "a dict with one key twice": {"d": [["a", 1], ["a", 2]]},
    "a dict with equal keys": {"d": [[1, 1], [True, 2], [1.0, 3]]},
    "a dict with a list as key": {"d": [[{"l": []}, 1]]},
    "a dict with a description as key": {"d": [[{"x": "a"}, 1]]},
    "a dict with a scalar as key": {"d": [[{"s": ["<f8", 0]}, 1]]},
    "a dict with a scalar in its key": {"d": [[{"t": [{"s": ["<f8", 0]}]}, 1]]},
    "a complex number of one part": {"c": [1.0]},
    "a complex number of whole numbers": {"c": [1, 2]},
    "a complex number of texts": {"c": ["a", "b"]},
    "a description that is no text": {"x": 3},
    "objects": {"a": ["|O", 0, [1]]},
    "texts": {"a": ["<U1", 0, [1]]},
    "other endianness": {"a": [">f8", 0, [1]]},
    "an unknown number": {"a": ["<f16", 0, [1]]},
    "a dtype that is no text": {"a": [["<f8"], 0, [1]]},
    "an offset below zero": {"a": ["<f8", -8, [1]]},
    "an offset beyond the end": {"a": ["<f8", 24, [1]]},
    "an offset that is no whole number": {"a": ["<f8", 0.0, [1]]},
    "an offset that is a truth": {"a": ["<f8", True, [1]]},
    "more entries than bytes": {"a": ["<f8", 0, [4]]},
    "a product that lies": {"a": ["<f8", 0, [2**31, 2**31, 2**31, 2**31]]},
    "a product that overflows to zero": {"a": ["<f8", 0, [2**16, 2**16, 2**16, 2**16]]},
    "a length below zero": {"a": ["<f8", 0, [-1]]},
    "two lengths below zero": {"a": ["<f8", 0, [-1, -3]]},
    "a length that is no whole number": {"a": ["<f8", 0, [3.0]]},
    "a length that is a truth": {"a": ["<f8", 0, [True]]},
    "a length beyond all": {"a": ["<f8", 0, [0, 2**40]]},
    "33 axes": {"a": ["<f8", 0, [1] * 33]},
    "a shape that is no list": {"a": ["<f8", 0, 3]},
    "an array of two parts": {"a": ["<f8", 0]},
    "an array that is no list": {"a": 3},
    "an array of an object": {"a": {"<f8": 0, "b": 0, "c": 0}},
    "truth values of other bytes": {"a": ["|b1", 8, [8]]},
    "a truth value of another byte": {"s": ["|b1", 15]},
    "a scalar beyond the end": {"s": ["<f8", 17]},
    "a scalar of three parts": {"s": ["<f8", 0, 0]},
    "a class that is not listed": {"p": ["Handle", {}]},
    "a class that is no text": {"p": [["LinearParams"], {}]},
    "no fields": {"p": ["LinearParams", {}]},
    "a field too many": {"p": ["LinearParams", {"weight": 1, "bias": 1, "__class__": 1}]},
    "fields that are no object": {"p": ["LinearParams", [["weight", 1], ["bias", 1]]]},
    "a handle": {"h": "double"},
    "a helper": {"f": "tanh"},
}  # fmt: skip


@pytest.mark.parametrize("case", NODES)
def test_each_broken_rule_is_refused(case):
    with pytest.raises(wire.WireError) as caught:
        receive(NODES[case], FLOATS)
    assert str(caught.value)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("an unknown tag", "of no known kind"),
        ("more entries than bytes", "larger than its bytes"),
        ("a product that lies", "larger than its bytes"),
        ("a field too many", "other fields than their class"),
        ("a dict with a description as key", "keys that cannot be"),
        ("a handle", "a handle came where none may come"),
    ],
)
def test_a_rule_has_words_of_its_own(case, words):
    with pytest.raises(wire.WireError, match=words):
        receive(NODES[case], FLOATS)


@pytest.mark.parametrize("case", REFUSED)
def test_each_broken_frame_is_refused(case):
    with pytest.raises(wire.WireError):
        wire.unpack(*REFUSED[case])


@pytest.mark.parametrize("node", [{"h": 3}, {"f": "print"}, {"f": "__class__"}])
def test_only_paths_and_listed_helpers_are_resolved(node):
    with pytest.raises(wire.WireError):
        receive(node, resolve=lambda path: path)


def test_fields_that_do_not_fit_are_described():
    node = {"p": ["LinearParams", {"weight": 1, "bias": 2}]}
    assert receive(node) == NotPlain("a LinearParams whose fields do not fit together")


def test_sizes_are_refused_before_anything_is_read():
    limit = 64 * MIB
    assert wire.frame_sizes(wire.HEADER.pack(wire.MAX_TEXT, limit), limit) == (wire.MAX_TEXT, limit)
    for sizes in [(wire.MAX_TEXT + 1, 0), (0, limit + 1), (2**32 - 1, 2**32 - 1)]:
        with pytest.raises(wire.WireError, match="MiB came, which is too large"):
            wire.frame_sizes(wire.HEADER.pack(*sizes), limit)


def test_a_lying_array_allocates_nothing():
    import tracemalloc

    tracemalloc.start()
    with pytest.raises(wire.WireError):
        receive({"a": ["<f8", 0, [2**31, 1]]}, FLOATS)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MIB
