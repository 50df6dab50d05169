"""What the test cells of an exercise call: check an answer, call a function, draw fresh inputs."""

from rnncore.checking.calling import StudentError, call
from rnncore.checking.comparing import CheckFailed, check
from rnncore.checking.helpers import helper
from rnncore.checking.seeds import fresh_rng, fresh_seed
from rnncore.checking.wrong_answers import WrongAnswer, load_wrong_answers, wrong_answer

__all__ = [
    "CheckFailed",
    "StudentError",
    "WrongAnswer",
    "call",
    "check",
    "fresh_rng",
    "fresh_seed",
    "helper",
    "load_wrong_answers",
    "wrong_answer",
]
