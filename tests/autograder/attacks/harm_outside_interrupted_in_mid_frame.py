"""Returns 48 MB, and lets a timer raise errors in the worker while the reply is being written.

Half a frame and a second reply behind it are never taken for an answer, of this call or the next.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = "graded"
DOUBLE = r"""
import ctypes
import itertools
import signal
import threading
import time

errors = itertools.cycle([InterruptedError, BlockingIOError, KeyboardInterrupt, MemoryError])
left = 40

def interrupt(number, frame):
    global left
    left -= 1
    if left <= 0:
        signal.setitimer(signal.ITIMER_REAL, 0)
        return
    raise next(errors)

def interrupt_thread(ident):
    time.sleep(0.02)
    for error in itertools.islice(errors, 40):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(error))
        time.sleep(0.002)

def double(x):
    if x.shape == (2, 3):
        return 2 * x
    answer = np.full(6 * 2**20, 6.0)
    try:
        signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.02, 0.002)
    except ValueError:  # not the main thread
        ident = threading.get_ident()
        threading.Thread(target=interrupt_thread, args=(ident,), daemon=True).start()
    return answer
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
