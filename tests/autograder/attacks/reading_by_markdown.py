"""Embeds files by markdown, HTML and templates, so that the feedback carries them.

Feedback loads and embeds nothing.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "reading"
ITEM = "files"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
LEAKS = ("49 is seven squared",)
TEXT = """
![master](../../../../solutions/toy/toy.ipynb) ![x](file:///etc/passwd) ![x](attachment:toy.ipynb)
<img src="../../../../solutions/toy/wrong_answers.py"> <object data="/etc/passwd"></object>
<iframe src="file:///etc/passwd"></iframe> <embed src="toy.ipynb"> <link rel="import" href="x">
{{ 7 * 7 }} is seven squared {% include "/etc/passwd" %} {{ resources }} ${7 * 7}
"""


def hand_in(folder, released):
    notebook = with_own_cell(answered(released, derive=TEXT), TEXT, kind="markdown")
    write(folder, notebook)
