"""A session: what a cell or a call costs that ends its worker, loops, or answers wrongly."""

import numpy as np
import pytest

from autograder.library import needed
from autograder.limits import Limits
from autograder.sandbox import Sandbox, WorkerLost
from autograder.session import SENTENCES, AnswerLost, Session
from rnncore.checking import Handle, StudentError
from tests.autograder import toy

SLOT = 3010
LIMITS = Limits(cell_seconds=0.5, call_seconds=0.5, wall_factor=20)
GARBAGE = """
import os
def garble(data=b'\\xff' * 8):
    for number in range(3, 64):
        try:
            os.write(number, data)
        except OSError:
            pass
"""
DIE = "import os\ndef die(*given):\n    os._exit(0)"


@pytest.fixture(scope="module")
def box():
    made = Sandbox(needed([toy.SETUP]), SLOT)
    yield made
    made.close()


@pytest.fixture
def start(box):
    sessions = []

    def make(limits=LIMITS):
        sessions.append(Session(box, limits))
        return sessions[-1]

    yield make
    for session in sessions:
        session.close()


def lost(session, function, *arguments):
    with pytest.raises(AnswerLost) as caught:
        function(*arguments)
    assert str(caught.value) == SENTENCES[caught.value.kind]
    return caught.value.kind


def test_cells_calls_and_values(start):
    session = start()
    assert session.run("print('hello')\nx = 3", "<a>").printed == "hello\n"
    session.bind({"y": np.ones(2)})
    session.run("def f(a):\n    a += 1\n    return x * a + y", "<b>")
    result, (given,) = session.call("f", (np.zeros(2),), True)
    assert np.array_equal(result, [4.0, 4.0])
    assert np.array_equal(given, [1.0, 1.0])
    assert session.fetch("x", 100) == 3
    assert session.seconds > 0


def test_errors_come_as_text(start):
    session = start()
    error = session.run("raise ValueError('mine')", "<a>").error
    assert (type(error), error.type_name, error.message) == (StudentError, "ValueError", "mine")
    session.run("def f():\n    raise KeyError(3)", "<b>")
    with pytest.raises(StudentError, match="KeyError: 3"):
        session.call("f", (), False)


def test_names_that_are_not_bound_say_so(start):
    session = start()
    for ask in (lambda: session.call("f", (), False), lambda: session.fetch("f.g", 1)):
        with pytest.raises(NameError, match="name 'f' is not defined") as caught:
            ask()
        assert caught.value.name == "f"
    with pytest.raises(NameError, match="'f'"):
        session.beside("torch_state_dict", (Handle(session, "f"),))


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("died", DIE),
        ("time", "def die():\n    while True: pass"),
        ("refused", GARBAGE + "die = garble"),
    ],
)
def test_a_call_that_ends_its_worker_costs_itself_alone(start, kind, source):
    session = start()
    session.run("x = 1", "<a>")
    session.run(source, "<b>")
    session.bind({"y": 2})
    assert lost(session, session.call, "die", (), False) == kind
    assert [session.fetch(name, 100) for name in "xy"] == [1, 2]
    assert len(session.log) == 1
    if kind == "time":
        assert session.seconds >= 0.5


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("died", DIE + "\nz = 3\ndie()"),
        ("time", "z = 3\nwhile True: pass"),
        ("refused", GARBAGE + "z = 3\ngarble()"),
    ],
)
def test_a_cell_that_ends_its_worker_is_left_out_afterwards(start, kind, source):
    session = start()
    session.run("x = 1", "<a>")
    ran = session.run(source, "<b>")
    assert (ran.printed, ran.error.kind) == ("", kind)
    session.run("y = 2", "<c>")
    assert [session.fetch(name, 100) for name in "xy"] == [1, 2]
    with pytest.raises(NameError):
        session.fetch("z", 100)


def test_a_cell_that_ends_a_later_worker_is_left_out_of_the_next(start):
    session = start(Limits(cell_seconds=0.5, call_seconds=0.5, wall_factor=20, replays=3))
    session.run("x = 1", "<a>")
    session.run(DIE, "<b>")
    session._steps[-1].payload["source"] = "import os; os._exit(0)"
    assert lost(session, session.call, "die", (), False) == "died"
    assert session.fetch("x", 100) == 1
    assert [step.alive for step in session._steps] == [True, False]


def test_given_data_come_back_even_if_their_worker_was_lost(start):
    session = start()
    session.run("x = 1", "<a>")
    session._worker.kill()  # as a thread of an earlier cell may end it
    session._worker.ask = _die
    assert lost(session, session.bind, {"y": 2}) == "died"
    assert [session.fetch(name, 100) for name in "xy"] == [1, 2]


def _die(*arguments, **settings):
    raise WorkerLost("died", "Python ended")


def test_after_the_replays_all_is_lost_but_nothing_stops(start):
    session = start(Limits(cell_seconds=0.5, call_seconds=0.5, wall_factor=20, replays=2))
    session.run(DIE, "<a>")
    kinds = [lost(session, session.call, "die", (), False) for _ in range(5)]
    assert kinds == ["died", "died", "died", "lost", "lost"]
    assert session.run("x = 1", "<b>").error.kind == "lost"
    assert len(session.log) == 3


def test_the_seconds_of_all_workers_are_bounded(start):
    session = start(Limits(cell_seconds=0.4, call_seconds=0.4, notebook_seconds=1, wall_factor=40))
    session.run("def loop():\n    while True: pass", "<a>")
    kinds = [lost(session, session.call, "loop", (), False) for _ in range(4)]
    assert kinds[:2] == ["time", "time"]
    assert kinds[3] == "lost"
    assert 0.9 < session.seconds < 1.5


def test_who_only_waits_is_given_one_more_chance(start):
    session = start(Limits(cell_seconds=0.2, call_seconds=0.2, wall_factor=2))
    session.run("import time\ndef wait():\n    time.sleep(60)", "<a>")
    assert lost(session, session.call, "wait", (), False) == "time"
    assert len(session.log) == 2
    assert session.call("time.monotonic", (), False) > 0


class Replies:
    """A sandbox whose workers give one hostile answer."""

    def __init__(self, answer):
        self.answer = answer

    def worker(self, limits):
        return self

    def ask(self, do, seconds, **payload):
        return {"number": 1, "printed": "", **self.answer}

    seconds = 0.0

    def kill(self):
        pass


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({}, AnswerLost),
        ({"unbound": np.ones(3)}, AnswerLost),
        ({"unbound": "x"}, NameError),
        ({"unbound": ["x"], "value": 3}, None),
        ({"raised": 3}, StudentError),
        ({"raised": ("a", np.ones(2))}, StudentError),
        ({"raised": ("a", "b", "c")}, StudentError),
        ({"raised": ("a" * 9999, "b" * 9999)}, StudentError),
        ({"raised": None, "value": 3}, None),
        ({"raised": np.ones(2), "value": 3}, StudentError),
    ],
)
def test_an_answer_of_other_parts_is_an_error_of_this_question(answer, error):
    session = Session(Replies(answer), LIMITS)
    if error is None:
        assert session.fetch("x", 100) == 3
    else:
        with pytest.raises(error) as caught:
            session.fetch("x", 100)
        assert len(str(caught.value)) < 400
    ran = session.run("x = 1", "<a>")
    assert ran.error is None or type(ran.error) is StudentError


def test_a_test_that_is_stopped_in_the_middle_leaves_no_half_read_answer(start, monkeypatch):
    session = start()
    session.run("def f():\n    return 3", "<a>")

    def stop(*arguments):
        raise KeyError("stopped from outside")

    with monkeypatch.context() as patch:
        patch.setattr("autograder.wire.unpack", stop)
        with pytest.raises(KeyError):
            session.call("f", (), False)
    assert session.call("f", (), False) == 3
