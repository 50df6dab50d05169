"""What the test cells of an exercise call: check an answer, call a function, draw fresh inputs."""

from rnncore.checking.beside import run_beside
from rnncore.checking.calling import StudentError, call
from rnncore.checking.comparing import CheckFailed, check, matches
from rnncore.checking.handle import Handle, Remote
from rnncore.checking.helpers import helper
from rnncore.checking.recording import Call, Check, Record, recording
from rnncore.checking.seeds import fresh_rng, fresh_seed
from rnncore.checking.torch_helpers import torch_forward_backward, torch_state_dict
from rnncore.checking.wrong_answers import WrongAnswer, load_wrong_answers, wrong_answer

__all__ = [
    "Call",
    "Check",
    "CheckFailed",
    "Handle",
    "Record",
    "Remote",
    "StudentError",
    "WrongAnswer",
    "call",
    "check",
    "fresh_rng",
    "fresh_seed",
    "helper",
    "load_wrong_answers",
    "matches",
    "recording",
    "run_beside",
    "torch_forward_backward",
    "torch_state_dict",
    "wrong_answer",
]
