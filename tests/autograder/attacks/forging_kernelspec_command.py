"""Names a kernel by a command, and hands in its kernel.json.

No kernel that a submission names is started.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "metadata and tags"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
KERNEL = """
{"argv": ["sh", "-c", "echo owned > left-behind.txt"], "display_name": "x", "language": "python",
 "env": {"PYTHONSTARTUP": "hook.py", "LD_PRELOAD": "./hook.so"}}
"""


def hand_in(folder, released):
    notebook = answered(released, double_solution="def double(x):\n    return x")
    command = {"name": "../../kernels/owned", "argv": ["sh", "-c", "echo owned > left-behind.txt"]}
    notebook["metadata"]["kernelspec"] = command | {"display_name": "x", "language": "python"}
    write(folder, notebook)
    for place in (
        "kernels/owned",
        "share/jupyter/kernels/python3",
        ".local/share/jupyter/kernels/x",
    ):
        write(folder, KERNEL, f"{place}/kernel.json")
