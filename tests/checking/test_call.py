"""Calls on copies, errors as text, helpers by name, fresh inputs, wrong answers."""

import sys
import warnings

import numpy as np
import pytest

from rnncore.checking import (
    CheckFailed,
    StudentError,
    call,
    check,
    fresh_rng,
    fresh_seed,
    helper,
    load_wrong_answers,
)
from rnncore.checking.helpers import HELPERS
from rnncore.numpy import RNNParams


def test_a_function_cannot_change_the_arguments():
    x, params = np.ones(3), RNNParams.init(np.random.default_rng(0), 2, 2)
    kept = params.weight_ih.copy()

    def spoil(x, params, nested):
        x[...] = 0
        params.weight_ih[...] = 0
        nested["a"][0][...] = 0
        return x

    nested = {"a": [np.ones(2)]}
    result, after = call(spoil, x, params, nested, return_args=True)
    assert np.array_equal(x, np.ones(3))
    assert np.array_equal(params.weight_ih, kept)
    assert np.array_equal(nested["a"][0], np.ones(2))
    assert not result.any()
    assert not after[0].any()
    assert not after[1].weight_ih.any()


def test_a_result_is_a_copy():
    kept = np.ones(3)
    result = call(lambda: kept)
    kept[...] = 0
    assert result.all()


def test_what_is_not_plain_never_passes_a_check():
    with pytest.raises(CheckFailed, match="a generator"):
        check("question", call(lambda: (x for x in ())), 1)
    right = RNNParams.init(np.random.default_rng(0), 2, 3)
    wrong = right.replace()
    object.__setattr__(wrong, "bias_ih", np.zeros(7))
    with pytest.raises(CheckFailed, match="RNNParams whose fields do not fit"):
        check("question", call(lambda: wrong), right)


class Wordless(Exception):
    def __str__(self):
        raise RuntimeError("no words")


class FromTheRoot(BaseException):
    pass


@pytest.mark.parametrize(
    ("error", "name", "message"),
    [
        (ValueError("shape (2, 3)"), "ValueError", "shape (2, 3)"),
        (NotImplementedError(), "NotImplementedError", ""),
        (SystemExit(0), "SystemExit", "0"),
        (FromTheRoot("up"), "FromTheRoot", "up"),
        (Wordless(), "Wordless", ""),
        (ValueError("a\x1b[31mb\x00"), "ValueError", "a [31mb "),
    ],
)
def test_whatever_is_raised_becomes_a_student_error(error, name, message):
    def f():
        raise error

    with pytest.raises(StudentError) as caught:
        call(f)
    assert (caught.value.type_name, caught.value.message) == (name, message)


def test_a_long_message_is_cut():
    def f():
        raise ValueError("x" * 10_000)

    with pytest.raises(StudentError) as caught:
        call(f)
    assert len(caught.value.message) == 300


def test_what_cannot_be_called_is_a_student_error():
    with pytest.raises(StudentError, match="not callable"):
        call(None)


def test_an_interrupt_is_not_swallowed():
    def f():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(f)


def test_warnings_and_stderr_go_to_stdout(capsys):
    def f():
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)
        print("oops", file=sys.stderr)
        return 1

    assert call(f) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out == "RuntimeWarning: overflow\noops\n"


def test_the_notebook_shows_the_students_own_line():
    def outer():
        return inner()

    def inner():
        return np.ones(2) @ np.ones(3)

    with pytest.raises(StudentError) as caught:
        call(outer)
    shown = "\n".join(caught.value._render_traceback_())
    assert "of outer: return inner()" in shown
    assert "of inner: return np.ones(2) @ np.ones(3)" in shown
    assert "calling.py" not in shown
    assert "copies" not in shown


def test_an_argument_that_cannot_be_sent_is_the_authors_mistake():
    with pytest.raises(TypeError, match=r"argument 2 .* write helper"):
        call(lambda x, f: f(x), 1.0, np.tanh)


def test_a_helper_is_sent_by_its_name():
    assert call(lambda x, f: f(x), np.array([-1.0, 2.0]), helper("relu"))[1] == 2
    with pytest.raises(ValueError, match="no helper is called 'nonsense'; there are identity"):
        helper("nonsense")


def test_helpers_compute_what_their_names_say():
    x = np.array([-800.0, -1.0, 0.0, 2.0, 800.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = {name: function(x) for name, function in HELPERS.items()}
    assert np.array_equal(values["identity"], x)
    assert np.array_equal(values["relu"], [0, 0, 0, 2, 800])
    assert np.array_equal(values["tanh"], np.tanh(x))
    assert values["sigmoid"] == pytest.approx([0, 1 / (1 + np.e), 0.5, 1 / (1 + np.exp(-2)), 1])
    assert values["square_loss"] == 0.5 * (2 * 800**2 + 5)


def test_a_fresh_seed_holds_inside_its_block_alone():
    usual = fresh_rng().normal()
    assert fresh_rng().normal() == usual
    with fresh_seed(5):
        other = fresh_rng().normal()
        assert other == np.random.default_rng(5).normal() != usual
    assert fresh_rng().normal() == usual


WRONG_ANSWERS = """
from rnncore.checking import wrong_answer

@wrong_answer("first", hint="The sign is off.", name="f")
def opposite(x):
    return helper_of_the_file(x)

def helper_of_the_file(x):
    return -x

wrong_answer("second", hint="Count again.", value=3)
"""


def test_wrong_answers_are_read_in_order(tmp_path):
    path = tmp_path / "wrong_answers.py"
    path.write_text(WRONG_ANSWERS)
    first, second = load_wrong_answers(path)
    assert (first.question, first.label, first.name) == ("first", "opposite", "f")
    assert first.answer(2) == -2
    assert (second.question, second.hint, second.answer) == ("second", "Count again.", 3)


def test_two_wrong_answers_of_one_name_are_refused(tmp_path):
    path = tmp_path / "wrong_answers.py"
    path.write_text(WRONG_ANSWERS + WRONG_ANSWERS)
    with pytest.raises(ValueError, match="first has two wrong answers called opposite"):
        load_wrong_answers(path)


def test_a_hint_is_a_sentence(tmp_path):
    path = tmp_path / "wrong_answers.py"
    path.write_text(WRONG_ANSWERS.replace("Count again.", "count"))
    with pytest.raises(ValueError, match="hint for second must be a sentence"):
        load_wrong_answers(path)
