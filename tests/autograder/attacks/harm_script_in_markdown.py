"""Writes scripts, forms and styles into the derivation and into text of its own.

The page runs no script and loads nothing.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "harm"
ITEM = "the instructor's browser"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
TEXT = r"""
<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)></svg>
<a href="javascript:alert(1)">x</a> <style>body { display: none }</style>
<form action="http://192.0.2.1/"><input name=x></form>
<div style="background:url(//192.0.2.1)">x</div>
<math><mtext><table><mglyph><style>
<img src=x onerror=alert(1)></style></mglyph></table></mtext></math>
$\unicode{<img src=x onerror=alert(1)>}$ $\href{javascript:alert(1)}{x}$
[x](data:text/html,<script>alert(1)</script>) ![x](http://192.0.2.1/x.png) </textarea></title>
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released, derive=TEXT), TEXT, kind="markdown"))
