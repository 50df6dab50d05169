"""Sends signals to its group and to its session's leader, and sets alarms.

They reach its own processes alone.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "signals"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
import signal

def double(x):
    if boxed:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGTSTP):
            with suppress(OSError):
                os.killpg(0, number)
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    while True:
        signal.pause()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
