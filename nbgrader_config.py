"""nbgrader's settings for this course; `nbgrader` in this folder and `make grade` both read it."""

from pathlib import Path

from nbgrader import preprocessors as nbg

from autograder.feedback import FeedbackExporter, KeepHidden
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

c.Execute.timeout = 60  # seconds a cell
c.Execute.startup_timeout = 120
c.Execute.shutdown_kernel = "immediate"
c.Execute.extra_arguments = ["--IPKernelApp.log_level=40"]  # errors alone, not each start
c.OverwriteCells.add_missing_cells = True

c.GenerateFeedback.exporter_class = FeedbackExporter
c.GenerateFeedback.preprocessors = [nbg.GetGrades, KeepHidden]
c.FeedbackExporter.template_name = "course_feedback"
c.FeedbackExporter.extra_template_basedirs = [str(Path(FeedbackExporter.templates))]
