"""What a record holds, and that a test runs on where a grader wants it to."""

import numpy as np
import pytest

from rnncore.checking import CheckFailed, StudentError, call, check, recording
from tests.checking.remote import Answers


def double(x):
    x *= 2
    return x


@pytest.mark.parametrize("side", ["here", "there"])
def test_calls_and_checks_are_noted_in_order(side):
    f = double if side == "here" else Answers(double=double).handle("double")
    x = np.ones(2)
    with recording() as record:
        check("double", call(f, x), np.array([2.0, 2.0]), rtol=1e-3)
        x[:] = 9
        call(f, 3, return_args=True)
    first, compared, second = record.entries
    assert (first.function, first.beside) == (double if side == "here" else "double", False)
    assert first.args[0].tolist() == [1, 1]
    assert first.result.tolist() == [2, 2]
    assert first.error is None
    assert (second.args, second.result, second.return_args) == ((3,), (6, (3,)), True)
    assert compared.got.tolist() == compared.want.tolist() == [2, 2]
    assert (compared.question, compared.rtol, compared.atol) == ("double", 1e-3, None)
    assert (compared.hidden, compared.failure) == (False, None)
    assert record.calls == [first, second]
    assert record.checks == [compared]
    assert record.failures == []


@pytest.mark.parametrize("side", ["here", "there"])
def test_an_error_is_noted_and_still_raised(side):
    f = double if side == "here" else Answers(double=double).handle("double")
    with recording() as record, pytest.raises(StudentError):
        call(f, None)
    (entry,) = record.entries
    assert type(entry.error) is StudentError
    assert entry.result is None


def test_a_name_that_is_not_there_is_noted_too():
    with recording() as record, pytest.raises(NameError):
        call(Answers().handle("lost"))
    assert type(record.calls[0].error) is NameError


def test_a_failing_check_raises_unless_the_grader_wants_to_go_on():
    with recording() as record, pytest.raises(CheckFailed):
        check("question", 1, 2)
    assert [failure.kind for failure in record.failures] == ["value"]
    with recording(keep_going=True) as record:
        check("question", 1, 2)
        check("question", 1.0, 2, hidden=True)
        check("question", 2, 2)
    assert [failure.kind for failure in record.failures] == ["value", "type"]
    assert len(record.checks) == 3
    with pytest.raises(CheckFailed):
        check("question", 1, 2)


def test_a_result_that_the_test_changes_later_is_kept_as_it_came():
    with recording() as record:
        call(double, np.ones(1))[:] = 7
    assert record.calls[0].result.tolist() == [2]


def test_a_wrong_right_answer_is_the_authors_mistake_while_recording_too():
    with recording(keep_going=True), pytest.raises(TypeError, match="must be plain data"):
        check("question", 1, object())
