"""The answer keeps its numbers in network byte order, as they came back from a file.

They are float64 and right. Whoever refuses them must not read them backwards, nor say that float64
came and float64 was expected.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "from outside"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
LEAKS = ("float64, not float64",)
DOUBLE = """
import io

def double(x):
    file = io.BytesIO((2 * x).astype(">f8").tobytes())
    return np.frombuffer(file.read(), dtype=">f8").reshape(x.shape)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
