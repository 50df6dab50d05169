"""nbgrader's settings for this course; `nbgrader` in this folder and `make grade` both read it."""

from pathlib import Path

from nbgrader import preprocessors as nbg

from autograder.feedback import FeedbackExporter, KeepHidden
from autograder.formgrader import secure_formgrader
from autograder.preprocessors import GradeInSandbox, Rebuild
from autograder.release import CommentEmptyTests, NormaliseNotebook

c = get_config()  # noqa: F821  (nbgrader defines it)
root = Path(__file__).resolve().parent

c.CourseDirectory.course_id = "rnn"
c.CourseDirectory.root = str(root)
c.CourseDirectory.db_url = f"sqlite:///{root / 'classroom' / 'gradebook.db'}"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.solution_directory = "classroom/solution"
c.CourseDirectory.source_with_tests_directory = "classroom/source_with_tests"
# None of these is ever copied to a learner.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    ".*",
    "feedback",
    "wrong_answers.py",
    "inputs.sha256",
]

c.Exchange.root = str(root / "classroom" / "exchange")

c.GenerateAssignment.preprocessors = [
    nbg.IncludeHeaderFooter,
    nbg.LockCells,
    nbg.ClearSolutions,
    nbg.ClearOutput,
    nbg.CheckCellMetadata,
    nbg.ComputeChecksums,
    nbg.SaveCells,
    nbg.ClearHiddenTests,
    nbg.ClearMarkScheme,
    CommentEmptyTests,
    nbg.ComputeChecksums,
    nbg.CheckCellMetadata,
    NormaliseNotebook,
]

# Students' code runs in a sandbox and the tests outside of it; see the instructors' page.
c.Autograde.sanitize_preprocessors = [Rebuild]
c.Autograde.autograde_preprocessors = [
    GradeInSandbox,
    nbg.SaveAutoGrades,
    nbg.AssignLatePenalties,
    nbg.CheckCellMetadata,
]
# A limit of autograder/limits.py is changed by its name, for example:
# c.Limits.cell_seconds = 40.0

c.GenerateFeedback.exporter_class = FeedbackExporter
c.GenerateFeedback.preprocessors = [KeepHidden]  # it reads the marks itself, at once
secure_formgrader(c)  # a submission runs and loads nothing there
