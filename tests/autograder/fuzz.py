"""Fuzz: mutated notebooks through the whole grader, and hostile replies on the wire, seeded.

``python -m tests.autograder.fuzz [--notebooks 1000] [--replies 1000] [--seed 1]`` counts what came
of them; anything but a stated result raises. The ordinary tests run forty of each.
"""

import argparse
import base64
import collections
import copy
import json
import random
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from autograder import wire
from autograder.course import Course
from autograder.grader import grade_task
from autograder.library import needed
from autograder.limits import Limits
from autograder.release import made
from autograder.results import NotebookResult
from autograder.sandbox import Sandbox, WorkerLost
from rnncore.checking.plain import NotPlain, is_parameters
from tests.autograder import toy

SLOT = 3030
LIMITS = Limits(
    cell_seconds=1, call_seconds=1, notebook_seconds=4, wall_factor=10, memory=256 * 2**20
)
RIGHT = {"double_solution": "def double(x):\n    return 2 * x", "count_solution": "count = 6"}
JUNK = (
    *(None, True, -1, 0, 3.5, 10**400, "", "x", "\ud800", "\0", [], {}, [[]], {"a": 1}),
    *(["a", 1], "double", "double_solution", "code", "markdown", float("nan"), "1" * 10_000),
)
MAX_GROWTH = 512 * 2**20
PLAIN = (type(None), bool, int, float, complex, str, np.ndarray, NotPlain)


def released():
    """Return the toy's notebook as learners get it."""
    with tempfile.TemporaryDirectory() as scratch:
        root = toy.write_course(Path(scratch))
        with made(Course.at(root), ["toy"]) as folder:
            return json.loads((folder / "toy/toy.ipynb").read_text())


def mutated(notebook, chance):
    """Return the bytes of a notebook after one to five mutations."""
    changed = copy.deepcopy(notebook)
    for _ in range(chance.randint(1, 5)):
        chance.choice((_change_node, _change_node, _change_cells, _scramble_metadata))(
            changed, chance
        )
    content = json.dumps(changed).encode()
    if chance.random() < 0.4:
        content = _change_bytes(content, chance)
    return content


def _nodes(value):
    """Yield each part of some JSON with what holds it."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in list(parts):
        yield value, key
        if isinstance(part, (dict, list)):
            yield from _nodes(part)


def _change_node(notebook, chance):
    nodes = list(_nodes(notebook))
    if not nodes:
        return
    holder, key = chance.choice(nodes)
    how = chance.choice(("replace", "delete", "double", "swap"))
    if how == "replace":
        holder[key] = copy.deepcopy(chance.choice(JUNK))
    elif how == "delete":
        del holder[key]
    elif how == "double" and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    else:
        other, name = chance.choice(nodes)
        holder[key] = copy.deepcopy(other[name])


def _change_cells(notebook, chance):
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not cells:
        return
    how = chance.choice(("shuffle", "drop", "copy", "many", "foreign"))
    if how == "shuffle":
        chance.shuffle(cells)
    elif how == "drop":
        del cells[chance.randrange(len(cells))]
    elif how == "foreign":
        cells.insert(chance.randrange(len(cells)), chance.choice(JUNK))
    else:
        copies = chance.randint(1, 300) if how == "many" else 1
        cells += [copy.deepcopy(chance.choice(cells)) for _ in range(copies)]


def _scramble_metadata(notebook, chance):
    cells = notebook.get("cells")
    held = [c for c in cells if isinstance(c, dict)] if isinstance(cells, list) else []
    facts = [copy.deepcopy(cell.get("metadata")) for cell in held]
    chance.shuffle(facts)
    for cell, each in zip(held, facts, strict=True):
        if chance.random() < 0.5:
            cell["metadata"] = each


def _change_bytes(content, chance):
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(changed) + 1)
        how = chance.choice(("flip", "flip", "cut", "insert", "end"))
        if how == "flip" and place < len(changed):
            changed[place] ^= 1 << chance.randrange(8)
        elif how == "cut":
            del changed[place : place + chance.randint(1, 50)]
        elif how == "insert":
            changed[place:place] = chance.randbytes(chance.randint(1, 20))
        elif how == "end" and chance.random() < 0.2:
            del changed[place:]
    return bytes(changed)


def grade(content, seed=1):
    """Grade some bytes as a submission to the toy."""
    task = {
        "format": 1,
        "student": "a",
        "assignment": "toy",
        "notebook": "toy",
        "master": json.dumps(toy.master()),
        "wrong_answers": toy.WRONG,
        "submission": base64.b64encode(content).decode(),
        "seed": seed,
        "limits": LIMITS.as_json(),
        "library": "",
    }
    answer = json.loads(grade_task(json.dumps(task).encode()))
    return NotebookResult.from_json(answer["result"]), answer["notebook"]


def fuzz_notebooks(count, seed):
    """Grade mutated notebooks: how many came out how."""
    chance = random.Random(seed)
    stub = released()
    bases = [(stub, 0), (toy.answered(stub, **RIGHT), 4)]
    outcomes = collections.Counter()
    for number in range(count):
        base, most = bases[number % 2]
        content = mutated(base, chance)
        result, notebook = grade(content, seed=number)
        assert 0 <= result.score <= most, (number, result)
        assert set(result.questions) == {"double", "count", "derive"}
        assert (notebook is None) <= bool(result.reasons), (number, result)
        assert not any("could not finish" in reason for reason in result.reasons), (number, result)
        kind = "unreadable" if notebook is None else result.status
        outcomes[kind] += 1
        outcomes[f"{kind}, {result.score:g} points"] += 1
    return outcomes


def frame(number, chance):
    """Make a frame that is almost an answer."""
    message = {"number": number, "printed": "", "value": _node(chance, 0)}
    for _ in range(chance.choice((0, 0, 1, 2))):
        key = chance.choice((*message, "raised", "unbound", "\ud800"))
        message[key] = _node(chance, 0)
    text = json.dumps(message).encode()
    raw = chance.randbytes(chance.choice((0, 8, 64)))
    if chance.random() < 0.3:
        text = _change_bytes(text, chance)
    sizes = [len(text), len(raw)]
    if chance.random() < 0.2:
        sizes[chance.randrange(2)] = chance.choice((0, 1, 2**20, 2**26, 2**32 - 1, len(text) + 5))
    return wire.HEADER.pack(*sizes) + text + raw


def _node(chance, depth):
    kind = chance.choice("valuesltdcxasphf" if depth < 5 else "v")
    if kind in "value":
        return chance.choice((None, True, 0, 1, 2**4096, -1.5, float("nan"), "text", [], {}, [1]))
    shape = chance.choice(([], [1], [2, 4], [0, 3], [-1], [2**31, 2**31], [2.0], [1] * 40, 8))
    place = chance.choice((0, 8, -8, 2**70, 0.5, None))
    dtype = chance.choice(("<f8", "|b1", "<f4", ">f8", "|O", "<U1", None, 3))
    parts = [_node(chance, depth + 1) for _ in range(chance.randint(0, 3))]
    bodies = {
        "l": parts,
        "t": parts,
        "d": [[chance.choice(("a", "b", 1, 1.0)), part] for part in parts] or "ab",
        "c": chance.choice(([1.0, 2.0], [1, 2], [1.0])),
        "x": chance.choice(("words\x1b", 3, "y" * 5000)),
        "a": [dtype, place, shape],
        "s": [dtype, place],
        "p": chance.choice(
            (
                ["LinearParams", {"weight": 1, "bias": parts[:1]}],
                ["Handle", {}],
                ["LinearParams", {"weight": {"a": ["<f8", 0, [2, 2]]}, "bias": None}],
            )
        ),
        "h": "double",
        "f": "tanh",
    }
    return {kind: bodies[kind]}


SEND = """import os, stat, sys, time
for number in range(3, 64):
    try:
        if stat.S_ISFIFO(os.fstat(number).st_mode):
            os.write(number, {frame!r})
    except OSError:
        pass
{then}"""
AFTERWARDS = ("pass", "pass", "pass", "os._exit(0)", "time.sleep(9)")


def is_plain(value):
    """Tell whether a value, and all in it, is plain data by exact type."""
    if type(value) in (list, tuple):
        return all(map(is_plain, value))
    if type(value) is dict:
        return all(map(is_plain, [*value, *value.values()]))
    if is_parameters(value):
        return all(map(is_plain, vars(value).values()))
    return type(value) in PLAIN or isinstance(value, np.number | np.bool_)


def fuzz_replies(count, seed):
    """Let workers send hostile replies: how many came out how."""
    chance = random.Random(seed)
    outcomes = collections.Counter()
    sandbox = Sandbox(needed([toy.SETUP]), SLOT)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    limits = Limits(wall_factor=2, reply=2**20)
    try:
        for number in range(count):
            worker = sandbox.worker(limits)
            source = SEND.format(frame=frame(1, chance), then=chance.choice(AFTERWARDS))
            started = time.monotonic()
            try:
                answer = worker.ask("run", 0.1, source=source, where="<cell>")
                assert is_plain(answer), (number, answer)
                outcomes["plain data"] += 1
            except WorkerLost as lost:
                outcomes[lost.kind] += 1
            finally:
                worker.kill()
            assert time.monotonic() - started < 60, number
    finally:
        sandbox.close()
    growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert growth * 1024 < MAX_GROWTH, growth
    return outcomes


def main():
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--notebooks", type=int, default=1000)
    parser.add_argument("--replies", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for fuzz, count in ((fuzz_notebooks, chosen.notebooks), (fuzz_replies, chosen.replies)):
        started = time.monotonic()
        outcomes = fuzz(count, chosen.seed)
        print(f"{fuzz.__name__}: {count} in {time.monotonic() - started:.0f} s")
        for name, number in sorted(outcomes.items()):
            print(f"  {number:5d} {name}")


if __name__ == "__main__":
    main()
