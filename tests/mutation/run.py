"""Mutation testing of rnncore.numpy: every mutant is killed by a test, or listed with its reason.

Each file is changed by mutmut in one place at a time, and the tests that cover it must fail.
Mutants that no test can kill stand in ``survivors.toml``; the list must agree exactly, so that
neither a new survivor nor an entry that has become wrong goes unseen.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGES = ROOT / "_build" / "mutation"
SURVIVORS = Path(__file__).with_name("survivors.toml")
KILLED = {"killed", "timeout", "segfault"}

# The tests that are run against the mutants of each file.
TESTS = {
    "rnn": ["cells"],
    "lstm": ["cells"],
    "gru": ["cells"],
    "sequence": ["bidirectional"],
    "bidirectional": ["bidirectional"],
    "deep": ["deep"],
    "min_gru": ["min_gru"],
    "losses": ["layers"],
    "gradients": ["optimisers"],
    "optimisers": ["optimisers"],
}


def stage(name: str) -> Path:
    """Copy what mutmut needs into a directory of its own, and configure it there."""
    directory = STAGES / name
    shutil.rmtree(directory, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "rnncore", directory / "rnncore", ignore=ignored)
    shutil.copytree(ROOT / "tests" / "numpy", directory / "tests" / "numpy", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", directory)
    tests = "".join(f"\n    tests/numpy/test_{test}.py" for test in TESTS[name])
    (directory / "setup.cfg").write_text(
        "[mutmut]\n"
        "source_paths = rnncore\n"
        f"only_mutate = rnncore/numpy/{name}.py\n"
        "use_git_change_detection = false\n"
        "track_dependencies = false\n"
        f"pytest_add_cli_args_test_selection ={tests}\n"
    )
    return directory


def mutmut(directory: Path, *arguments: str) -> str:
    """Run mutmut in its directory and return what it printed.

    Raises
    ------
    RuntimeError
        If it fails, as when a test fails without any mutant.
    """
    # CI makes hypothesis draw the same examples in every run. One thread: torch's further threads
    # would not live on in the forks, and each would wait for them until its time is out.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment |= {"CI": "true", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"mutmut {' '.join(arguments)}:\n{done.stdout[-4000:]}{done.stderr}")
    return done.stdout


def statuses(directory: Path) -> dict[str, str]:
    """Return the fate of each mutant by its name."""
    lines = mutmut(directory, "results", "--all", "true").splitlines()
    return dict(line.strip().rsplit(": ", 1) for line in lines if line.strip())


def describe(directory: Path, file: str, mutant: str) -> str:
    """Return ``file.function: the changed line``, which stays the same when other lines move."""
    diff = mutmut(directory, "show", mutant).splitlines()
    changed = [line[1:].strip() for line in diff if line[:1] == "+" and line[:3] != "+++"]
    function = mutant.rsplit(".", 1)[1].rsplit("__mutmut_", 1)[0]
    function = function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return f"{file}.{function}: {' '.join(changed)}"


def run(file: str, cores: int) -> tuple[int, Counter[str], float]:
    """Return the number of the file's mutants, those that survived, and the seconds it took."""
    started = time.monotonic()
    directory = stage(file)
    mutmut(directory, "run", "--max-children", str(cores))
    fates = statuses(directory)
    survivors = Counter(
        describe(directory, file, mutant) for mutant, fate in fates.items() if fate not in KILLED
    )
    return len(fates), survivors, time.monotonic() - started


def explained(file: str) -> Counter[str]:
    """Return the file's mutants that are listed with a reason."""
    groups = tomllib.loads(SURVIVORS.read_text())["equivalent"]
    listed = [mutant for group in groups if group["why"].strip() for mutant in group["mutants"]]
    return Counter(mutant for mutant in listed if mutant.startswith(f"{file}."))


def main(words: list[str] | None = None) -> int:
    """Run the named files, or all; return 1 if a survivor is not explained or an entry is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", metavar="file", help=f"of {', '.join(TESTS)}")
    parser.add_argument("--cores", type=int, default=1)
    arguments = parser.parse_args(words)
    if unknown := set(arguments.files) - set(TESTS):
        parser.error(f"no tests are named for {', '.join(sorted(unknown))}")
    failed = False
    print(f"{'file':20}{'mutants':>8}{'killed':>8}{'explained':>11}{'open':>6}{'seconds':>9}")
    for file in arguments.files or TESTS:
        total, survivors, seconds = run(file, arguments.cores)
        known = explained(file)
        unexplained, outdated = survivors - known, known - survivors
        print(
            f"{file:20}{total:8}{total - survivors.total():8}"
            f"{(survivors & known).total():11}{unexplained.total():6}{seconds:9.0f}",
            flush=True,
        )
        for mutant in unexplained.elements():
            print(f"  survives: {mutant}")
        for mutant in outdated.elements():
            print(f"  is listed but does not survive: {mutant}")
        failed = failed or not total or bool(unexplained) or bool(outdated)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
