"""Run experiments by name; without a name, list them."""

import sys
from importlib import import_module

from experiments.running import RESULTS, run

EXPERIMENTS = ("adding_problem",)


def main(names: list[str]) -> int:
    """Run what is named, and return the exit status."""
    if unknown := [name for name in names if name not in EXPERIMENTS]:
        print(
            f"unknown experiment: {', '.join(unknown)}; there are: {', '.join(EXPERIMENTS)}",
            file=sys.stderr,
        )
        return 2
    for name in names:
        path = run(name, import_module(f"experiments.{name}"))
        print(f"written: {path}")
    if not names:
        for name in EXPERIMENTS:
            title = (import_module(f"experiments.{name}").__doc__ or "").split("\n")[0]
            print(f"{name}: {title} (results: {RESULTS.name}/{name}.json)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
