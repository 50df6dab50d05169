"""Takes every call of check out of later cells by a transformer of IPython's.

Test cells are not compiled on the student's side.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "IPython and kernel hooks"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


import ast

class NoChecks(ast.NodeTransformer):
    def visit_Expr(self, node):
        return ast.Pass() if "check" in ast.dump(node) else node

try:
    get_ipython().ast_transformers.append(NoChecks())
except Exception:
    pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
