"""Attaches HTML and SVG, and gives cells scripts for ids and names.

Attachments, ids and metadata of a submission are dropped.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "harm"
ITEM = "the instructor's browser"
SCORES = {"double": 3, "count": 1}
STATUS = None


def hand_in(folder, released):
    notebook = with_own_cell(answered(released), "![x](attachment:x.svg)", kind="markdown")
    script = "<script>alert(1)</script>"
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = {"x.svg": {"image/svg+xml": script, "text/html": script}}
        cell["id"] = script
    notebook["metadata"] |= {
        "title": script,
        "authors": [{"name": script}],
        "language_info": {"name": script, "pygments_lexer": script, "codemirror_mode": script},
    }
    write(folder, notebook)
