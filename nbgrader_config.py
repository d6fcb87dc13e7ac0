"""How nbgrader works on this course. Run its commands from this folder."""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader defines it)

# --------------------------------------------------------------------------------------- the course

c.CourseDirectory.course_id = "self-attention-by-hand"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"

# ----------------------------------------------------------------------- generate_assignment, release

# nbgrader copies whatever lies beside a notebook. In `solutions/` all of that is for instructors: the notebook's
# source with its solutions, the reference, the inputs, the misconceptions, the hidden graders, the examples.
solutions = Path(__file__).resolve().parent / "solutions"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    *sorted(
        {"reference.py", "inputs.py", "misconceptions.py", "test_hidden.py", "examples"}
        | {path.name for path in solutions.glob("*/*") if path.suffix != ".ipynb"}
    ),
]

c.GenerateAssignment.exporter_class = "autograder.nbgrader_bridge.LessonExporter"

c.ClearSolutions.code_stub = {
    "python": "# Your code goes here, in place of the next line.\n"
    'raise NotImplementedError("Not written yet: write this function, then run its cell again.")'
}
c.ClearSolutions.text_stub = "*Write your answer here, in place of this line.*"

# ------------------------------------------------------------------------------------- release_feedback
# Whoever has a receipt of the exchange gets the page, and a line names the others.

c.ExchangeFactory.release_feedback = "autograder.nbgrader_bridge.ReleaseFeedback"

# ------------------------------------------------------------------------- autograde, generate_feedback
# nbgrader runs no student code itself: submissions go where `autograder grade` sends them, with the same marks.

c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_bridge.GradeInWorker",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.exporter_class = "autograder.nbgrader_bridge.SubmissionExporter"
c.GenerateFeedback.exporter_class = "autograder.nbgrader_bridge.FeedbackExporter"

# What late work costs stands in course.toml, under [late]: nothing where that is missing. A policy that is set here counts
# in its place: "zero" takes all marks, and c.AssignLatePenalties.plugin_class names a plugin of your own.
c.LateSubmissionPlugin.penalty_method = "none"
