"""The mistakes that students make in `k_means_step`, as changed lines and steps of the solution."""

from autograder.author import edit

LESSON = "One step of k-means"

MISCONCEPTIONS = {
    "k_means_step": (
        edit(
            "k_means_step.farthest",
            "Each point went to the farthest centre",
            ("argmin", "argmax"),
            why="The largest distance was looked for. A child walks to the van that is nearest.",
            look="k_means_step(np.array([[0.0], [9.0]]), np.array([[1.0], [8.0]]))[0]  # 0 1",
            read=LESSON,
        ),
        edit(
            "k_means_step.cancelled",
            "Differences cancel each other out in the distance",
            {"distances": "np.abs(gaps.sum(axis=-1))"},
            why="One step to the east and one to the south are no way back. A difference has to lose its sign before it is added.",
            look="k_means_step(np.array([[5.0, -5.0]]), np.array([[0.0, 0.0], [6.0, -5.0]]))[0]  # 1",
            read=LESSON,
        ),
        edit(
            "k_means_step.totals",
            "The points of a centre were added up, and no mean was taken",
            ("mean(axis=0)", "sum(axis=0)"),
            why="The middle of several points is their sum divided by how many there are.",
            look="k_means_step(np.array([[2.0], [4.0]]), np.array([[3.0], [99.0]]))[1]  # 3 comes first",
            read=LESSON,
        ),
        edit(
            "k_means_step.one-number",
            "All features of a centre are the same number",
            ("mean(axis=0)", "mean()"),
            step="means",
            why="Without an axis, the mean runs over points and features together. East and south are no longer told apart.",
            look="k_means_step(np.array([[2.0, 4.0]]), np.array([[2.0, 3.0]]))[1]  # 2 4",
            read=LESSON,
        ),
        edit(
            "k_means_step.empty-mean",
            "A centre to which nothing comes is lost",
            {
                "means": "np.array([points[labels == j].sum(axis=0) / np.sum(labels == j) for j in range(len(centres))])"
            },
            edge=True,
            why="The mean of no points at all is 0 divided by 0.",
            look="k_means_step(np.array([[1.0]]), np.array([[1.0], [9.0]]))[1]  # 9 stays",
            read=LESSON,
        ),
    ),
}
