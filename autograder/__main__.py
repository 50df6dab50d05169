"""The command line: release exercises, check a notebook, grade a class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from autograder.course import Course, CourseError

NEEDS_LOOK = 3

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()
CourseOption = Annotated[Path, typer.Option("--course", help="Folder with nbgrader_config.py.")]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Also write the results here.")]


@app.command()
def release(
    assignments: Annotated[list[str] | None, typer.Argument(help="Without any: all.")] = None,
) -> None:
    """Make exercises/ and dist/exercises.zip from solutions/."""
    from autograder.archive import write_archive
    from autograder.release import release as make

    opened = Course.at(Path())
    for assignment in make(opened, assignments or []):
        console.print(f"exercises/{assignment}", highlight=False)
    console.print(write_archive(opened).relative_to(opened.root).as_posix(), highlight=False)


@app.command()
def check(notebook: Path, json: JsonOption = None) -> None:
    """Run one notebook here and print what its visible checks say."""
    from autograder.visible import check_notebook, write_json

    results = check_notebook(notebook)
    marks = {True: "[green]passed[/] ", False: "[red]not yet[/]", None: "hidden "}
    for result in results:
        console.print(f"{marks[result.passed]}  {escape(result.question)}", highlight=False)
        for line in (result.said or "").splitlines():
            console.print(f"         {line}", markup=False, highlight=False, soft_wrap=True)
    visible = [result for result in results if result.passed is not None]
    passed = sum(result.passed is True for result in visible)
    console.print(f"{passed} of {len(visible)} questions pass their visible checks.")
    if len(visible) < len(results):
        console.print("The checks of the others are hidden: they run when your work is graded.")
    if json:
        write_json(results, json)
    raise typer.Exit(0 if passed == len(visible) else NEEDS_LOOK)


@app.command()
def grade(
    assignment: str,
    course: CourseOption = Path(),
    force: Annotated[bool, typer.Option(help="Also grade what has not changed.")] = False,
    json: JsonOption = None,
) -> None:
    """Grade classroom/submitted/ and write gradebook, feedback, a table and a CSV file."""
    opened = Course.at(course)
    from autograder.grading import grade as grade_all
    from autograder.results import reasons, summary, write_csv, write_json

    with console.status("") as status:
        results = grade_all(
            opened,
            assignment,
            force=force,
            progress=lambda student: status.update(f"grading {escape(student)}"),
        )
    write_csv(results, opened.classroom / f"{assignment}.csv")
    if json:
        write_json(results, json)
    console.print(summary(results))
    for line in reasons(results):
        console.print(line, markup=False, highlight=False)
    console.print(
        f"Gradebook: classroom/gradebook.db. Table: classroom/{assignment}.csv. "
        f"Feedback: classroom/feedback/<student>/{assignment}/.",
        highlight=False,
    )
    if any(result.reasons for result in results):
        raise typer.Exit(NEEDS_LOOK)


def main() -> None:
    """Run the command line; exit with 1 and one sentence if the run itself failed."""
    try:
        app()
    except CourseError as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
