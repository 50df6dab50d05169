"""The command line: release exercises, check a notebook, grade a class, report on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from autograder.course import Course, CourseError

if TYPE_CHECKING:
    from autograder.grading import ClassResult

NEEDS_LOOK = 3

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()
CourseOption = Annotated[Path, typer.Option("--course", help="Folder with nbgrader_config.py.")]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Also write the results here.")]


@app.command()
def release(
    assignments: Annotated[list[str] | None, typer.Argument(help="Without any: all.")] = None,
    edition: Annotated[
        Path | None, typer.Option(help="Write them for one class, here, and not into the course.")
    ] = None,
) -> None:
    """Make exercises/ and dist/exercises.zip from solutions/."""
    from autograder.archive import write_archive
    from autograder.release import release as make

    opened = Course.at(Path())
    if edition:
        from autograder.edition import write_edition

        for path in write_edition(opened, assignments or [], edition):
            console.print(path.as_posix(), markup=False, highlight=False)
        return
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
            style = "yellow" if line.lstrip().startswith("hint:") else None
            console.print(
                f"         {line}", style=style, markup=False, highlight=False, soft_wrap=True
            )
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
    jobs: Annotated[
        int | None, typer.Option(help="Notebooks at a time; without it, one a core.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A running Dask scheduler, such as tls://host:8786.")
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Let the scheduler be one of tcp://.")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Begin a marking round with this seed.")] = None,
    new_round: Annotated[
        bool, typer.Option("--new-round", help="Begin a marking round with another seed.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also grade what has not changed.")
    ] = False,
    json: JsonOption = None,
) -> None:
    """Grade classroom/submitted/ and write gradebook, feedback, a table and a CSV file."""
    opened = Course.at(course)
    from autograder.cluster import Place, cores
    from autograder.grading import grade as grade_all
    from autograder.results import reasons, summary, write_csv, write_json
    from autograder.watching import Watch

    place = Place(cores() if jobs is None else jobs, scheduler, insecure)
    with Watch(console, assignment) as watch:
        graded = grade_all(
            opened,
            assignment,
            place=place,
            seed=seed,
            new_round=new_round,
            force=force,
            progress=watch.progress,
        )
    write_csv(graded.results, opened.classroom / f"{assignment}.csv")
    if json:
        write_json(graded.results, json)
    console.print(summary(graded.results))
    for line in [*reasons(graded.results), *_remarks(graded)]:
        console.print(line, markup=False, highlight=False)
    console.print(
        f"Gradebook: classroom/gradebook.db. Table: classroom/{assignment}.csv. "
        f"Feedback: classroom/feedback/<student>/{assignment}/.\n"
        f"Marking round {graded.round.number}, seed {graded.round.seed}.\n"
        f"{graded.graded} graded, {graded.cached} cached, {graded.looks} need a look.",
        highlight=False,
    )
    if graded.looks:
        raise typer.Exit(NEEDS_LOOK)


def _remarks(graded: ClassResult) -> list[str]:
    return [
        f"{result.student}, {result.notebook}: {sentence}"
        for result in graded.results
        for sentence in result.log
        if "marked by hand" in sentence
    ]


@app.command()
def report(assignment: str, course: CourseOption = Path()) -> None:
    """Write what the class's results say of its questions, as a page and tables."""
    opened = Course.at(course)
    from autograder.collecting import collect
    from autograder.report import write_report

    folder = opened.classroom / "reports" / assignment
    for path in write_report(collect(opened, assignment), folder):
        console.print(path.as_posix(), markup=False, highlight=False)


def main() -> None:
    """Run the command line; exit with 1 and one sentence if the run itself failed."""
    try:
        app()
    except CourseError as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
