"""Writes a derivation whose brackets, quotes and formulas keep a renderer busy, or break its stack.

The page is made within the limit of time, or shows the text plainly; the marks are as deserved, and
no formula runs a script or grows without end in the instructor's browser.
"""

import itertools

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
NAMES = "abcdefghijklmnopqrstuvwxyz"
MACROS = "\\def\\a{xx}" + "".join(
    f"\\def\\{new}{{\\{old}\\{old}}}" for old, new in itertools.pairwise(NAMES)
)
DERIVE = "\n\n".join(
    [
        "[" * 20_000,
        "![" * 10_000 + "](" * 10_000,
        "[a](" * 10_000,
        "*a **a " * 10_000,
        "_" * 5_000 + "a" + "*" * 5_000,
        " ".join("`" * length for length in range(1, 800)),
        ">" * 5_000 + " a",
        "> " * 3_000 + "a",
        "- " * 3_000 + "a",
        "<!--" * 5_000,
        "<a " + "b='" * 10_000,
        "\\(" * 10_000 + "$" * 9_999,
        "|" + "a|" * 3_000 + "\n|" + "-|" * 3_000 + "\n" + "|\n" * 1_000,
        "\n".join(f"[{number}]: <" for number in range(5_000)),
        f"$${MACROS}\\z$$",
        "$\\href{javascript:document.title=1}{a}$ $<img src=x onerror=document.title=1>$",
        "$$\\begin{matrix}<script>document.title=1</script>\\end{matrix}$$",
    ]
)


def hand_in(folder, released):
    notebook = answered(released, derive=DERIVE)
    write(folder, with_own_cell(notebook, DERIVE, kind="markdown"))
