"""Regions between BEGIN and END lines in a cell: hidden tests, solutions, marking schemes."""

from __future__ import annotations

HIDDEN_TESTS = "HIDDEN TESTS"
SOLUTION = "SOLUTION"
MARK_SCHEME = "MARK SCHEME"
EMPTY_TEST = "# All tests of this question are hidden: they run when your work is graded."
_CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
_TEXT_STUB = ("YOUR ANSWER HERE",)


def split_region(source: str, kind: str) -> tuple[str, str]:
    """Split a source into what stands outside the regions of one kind, and what stands inside.

    The BEGIN and END lines belong to neither; a region without an end reaches to the last line.
    """
    outside: list[str] = []
    inside: list[str] = []
    hidden = False
    for line in source.split("\n"):
        if f"BEGIN {kind}" in line:
            hidden = True
        elif f"END {kind}" in line:
            hidden = False
        else:
            (inside if hidden else outside).append(line)
    return "\n".join(outside), "\n".join(inside)


def region_problem(source: str, kind: str) -> str | None:
    """Say what is wrong with the BEGIN and END lines of one kind, if anything is."""
    opened = False
    for line in source.split("\n"):
        begins, ends = f"BEGIN {kind}" in line, f"END {kind}" in line
        if begins and opened:
            return f"has two BEGIN {kind} lines without an END between them"
        if ends and not opened:
            return f"has an END {kind} line without a BEGIN"
        if begins or ends:
            opened = begins
    return f"has a BEGIN {kind} line without an END" if opened else None


def answer_stub(source: str, *, code: bool) -> str:
    """Return what learners find in an answer cell; nbgrader's ``ClearSolutions`` makes the same."""
    stub = _CODE_STUB if code else _TEXT_STUB
    if f"BEGIN {SOLUTION}" not in source:
        return "\n".join(stub)
    lines: list[str] = []
    inside = False
    for line in source.split("\n"):
        if f"BEGIN {SOLUTION}" in line:
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + stub_line for stub_line in stub]
        elif f"END {SOLUTION}" in line:
            inside = False
        elif not inside:
            lines.append(line)
    return split_region("\n".join(lines), MARK_SCHEME)[0].strip("\n")
