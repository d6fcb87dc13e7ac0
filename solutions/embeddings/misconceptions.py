"""The mistakes that students make in this unit: each function's have a module of their own."""

from __future__ import annotations

from solutions.embeddings.misconceptions_one_hot import ONE_HOT_MISCONCEPTIONS
from solutions.embeddings.misconceptions_project_qkv import PROJECT_QKV_MISCONCEPTIONS

MISCONCEPTIONS = {"one_hot": ONE_HOT_MISCONCEPTIONS, "project_qkv": PROJECT_QKV_MISCONCEPTIONS}
