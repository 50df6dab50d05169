"""A remote for tests: answers in a dictionary, and a list of what was asked for."""

from rnncore.checking.arguments import copy_arguments
from rnncore.checking.beside import run_here
from rnncore.checking.calling import StudentError, run_students
from rnncore.checking.handle import Handle, path_of
from rnncore.checking.plain import plain


class Answers:
    """The other side of the handles, in this process."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def handle(self, name):
        return Handle(self, name)

    def _find(self, path):
        name, *attributes = path.split(".")
        if name not in self.answers:
            raise NameError(f"name {name!r} is not defined")
        value = self.answers[name]
        for attribute in attributes:
            try:
                value = getattr(value, attribute)
            except AttributeError as error:
                raise StudentError("AttributeError", str(error)) from error
        return value

    def call(self, path, args, return_args):
        self.asked.append(("call", path))
        copies = copy_arguments(args)
        result = plain(run_students(self._find(path), *copies))
        return (result, plain(copies)) if return_args else result

    def fetch(self, path, limit):
        self.asked.append(("fetch", path, limit))
        return plain(self._find(path))

    def beside(self, helper, args):
        self.asked.append(("beside", helper))
        here = [self._find(path_of(arg)) if type(arg) is Handle else arg for arg in args]
        return run_here(helper, tuple(here))
