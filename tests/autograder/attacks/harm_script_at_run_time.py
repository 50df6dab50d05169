"""Shows HTML and scripts through IPython, _repr_html_ and print.

A cell gives text alone, which is shown as text.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "harm"
ITEM = "the instructor's browser"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"

class Shown:
    def _repr_html_(self):
        return SCRIPT
    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": SCRIPT, "application/javascript": "alert(1)"}
    def __repr__(self):
        return SCRIPT

print(SCRIPT)
try:
    from IPython.display import HTML, Javascript, display
    display(HTML(SCRIPT), Javascript("alert(1)"), Shown())
except Exception:
    print(Shown())
Shown()
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
