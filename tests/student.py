"""A student's folder: what was released, with functions written into the notebook."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from autograder.selfcheck import checkfile

ROOT = Path(__file__).parents[1]

ONE_HOT = """
def one_hot(tokens, vocabulary):
    table = np.zeros((len(tokens), len(vocabulary)))
    for row, token in enumerate(tokens):
        table[row, vocabulary.index(token)] = 1
    return table
"""
PROJECT_QKV = """
def project_qkv(embeddings, W_Q, W_K, W_V):
    return embeddings @ W_Q, embeddings @ W_K, embeddings @ W_V
"""
SCALED_SCORES = """
def scaled_scores(Query, Key):
    return Query @ Key.T / np.sqrt(Key.shape[-1])
"""
SOFTMAX = """
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
ATTEND = """
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)) @ Value
"""
BROUGHT_ATTEND = SCALED_SCORES + SOFTMAX + ATTEND
MULTI_HEAD = """
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)]
    return np.concatenate(heads, axis=-1) @ W_O
"""
MASKED_MULTI_HEAD = """
def multi_head(embeddings, W_Q, W_K, W_V, W_O, mask):
    heads = []
    for q, k, v in zip(W_Q, W_K, W_V):
        scores = (embeddings @ q) @ (embeddings @ k).T / np.sqrt(k.shape[-1]) + mask
        heads.append(softmax(scores) @ embeddings @ v)
    return np.concatenate(heads, axis=-1) @ W_O
"""
CAUSAL_MASK = """
def causal_mask(n):
    return np.triu(np.full((n, n), -np.inf), k=1)
"""
POSITIONAL_ENCODING = """
def positional_encoding(n, d_model):
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d_model, 2) / d_model)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d_model)
"""
LAYER_NORM = """
def layer_norm(x):
    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
"""
FEED_FORWARD = """
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.maximum(0, x @ W_1 + b_1) @ W_2 + b_2
"""
BLOCK = """
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)
"""
STACK = """
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights)
    return layer_norm(x)
"""
RIGHT = {
    "embeddings": {"one_hot": ONE_HOT, "project_qkv": PROJECT_QKV},
    "self-attention": {"scaled_scores": SCALED_SCORES, "softmax": SOFTMAX, "attend": ATTEND},
    "multi-head": {"attend": BROUGHT_ATTEND, "multi_head": MULTI_HEAD},
    "layers": {
        "softmax": SOFTMAX,
        "multi_head": MASKED_MULTI_HEAD,
        "causal_mask": CAUSAL_MASK,
        "positional_encoding": POSITIONAL_ENCODING,
        "layer_norm": LAYER_NORM,
        "feed_forward": FEED_FORWARD,
        "block": BLOCK,
        "stack": STACK,
    },
}
WRONG_AXIS = (
    "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=0)"
)
STEP_BY_STEP = """
def softmax(x):
    top = x.max(axis=-1, keepdims=True)
    e = np.exp(x - top)
    # each row
    total = e.sum(axis=0, keepdims=True)
    return e / total
""".strip()


def hand_out(unit: str, folder: Path) -> Path:
    """Copies the released folder of a unit into `folder` and returns the notebook's path."""
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(ROOT / "assignments" / unit, folder, dirs_exist_ok=True, ignore=ignored)
    return folder / f"{unit}.ipynb"


def write(notebook: Path, functions: dict[str, str]) -> Path:
    """Puts source into the cells of these functions."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "code" and cell["id"] in functions:
            cell["source"] = functions[cell["id"]].strip()
    notebook.write_text(json.dumps(content), encoding="utf-8")
    return notebook


def add_cell(notebook: Path, source: str, place: int | None = None) -> None:
    """Adds a code cell, at the end where no place is given."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    content["cells"].insert(len(content["cells"]) if place is None else place, cell)
    notebook.write_text(json.dumps(content), encoding="utf-8")


def solved(unit: str, folder: Path, **functions: str) -> Path:
    """A folder in which every function is right but those given."""
    return write(hand_out(unit, folder), RIGHT[unit] | functions)


def by_rungs(notebook: Path) -> Path:
    """The folder as a course releases it that gives hints rung by rung."""
    path = notebook.parent / checkfile.FILE_NAME
    file = checkfile.read(path)
    file.hints = "ladder"
    path.write_bytes(checkfile.write(file))
    return notebook
