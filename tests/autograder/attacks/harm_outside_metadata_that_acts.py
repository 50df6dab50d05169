"""Fills the metadata with titles, lexers, tags, widgets and extensions that act where it is opened.

Only the text of cells is taken: nothing of the metadata comes out in a page or in a notebook that
an instructor opens, and the right answers keep their marks.
"""

from tests.autograder.attacks.tools import answered, cell_of, with_own_cell, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
ECHOES = ("nightjar",)
BREAK_OUT = "nightjar\"'></title></script><script>document.title='nightjar'</script>"
WIDGETS = "application/vnd.jupyter.widget-state+json"
MODEL = {
    "model_module": "@jupyter-widgets/controls",
    "model_module_version": "2.0.0",
    "model_name": "HTMLModel",
    "state": {"value": BREAK_OUT},
}


def hand_in(folder, released):
    notebook = with_own_cell(
        answered(released),
        "own = 1",
        tags=[BREAK_OUT, "nightjar onclick=alert(1)"],
        init_cell=True,
        trusted=True,
        slideshow={"slide_type": BREAK_OUT},
        nightjar=BREAK_OUT,
    )
    cell_of(notebook, "double_solution")["metadata"] |= {
        "tags": [BREAK_OUT],
        "trusted": True,
        "init_cell": True,
    }
    cell_of(notebook, "derive")["metadata"]["tags"] = [BREAK_OUT]
    notebook["metadata"]["kernelspec"]["display_name"] = BREAK_OUT
    notebook["metadata"]["language_info"] = {
        "name": "python",
        "pygments_lexer": BREAK_OUT,
        "mimetype": BREAK_OUT,
        "codemirror_mode": {"name": BREAK_OUT},
        "file_extension": "/../nightjar.py",
        "nbconvert_exporter": "nightjar.Exporter",
    }
    notebook["metadata"] |= {
        "title": BREAK_OUT,
        "authors": [{"name": BREAK_OUT}],
        "signature": "nightjar",
        "trusted": True,
        "jupytext": {"formats": "ipynb,../nightjar//py:percent"},
        "nbconvert": {"template_name": "/../nightjar"},
        "widgets": {WIDGETS: {"state": {"0": MODEL}, "version_major": 2, "version_minor": 0}},
    }
    write(folder, notebook)
