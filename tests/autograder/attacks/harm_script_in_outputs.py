"""Stores outputs of HTML, SVG and scripts in every cell.

Outputs of a submission are dropped.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "the instructor's browser"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released)
    script = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    kinds = ("text/html", "image/svg+xml", "application/javascript", "text/latex", "text/markdown")
    output = {"output_type": "display_data", "metadata": {}, "data": dict.fromkeys(kinds, script)}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [output]
        cell["metadata"] |= {"name": script, "collapsed": script, "tags": [script]}
    write(folder, notebook)
