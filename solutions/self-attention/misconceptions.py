"""The mistakes that students make in this unit: each function's have a module of their own."""

from __future__ import annotations

from solutions.self_attention.misconceptions_attend import ATTEND_MISCONCEPTIONS
from solutions.self_attention.misconceptions_scaled_scores import SCALED_SCORES_MISCONCEPTIONS
from solutions.self_attention.misconceptions_softmax import SOFTMAX_MISCONCEPTIONS

MISCONCEPTIONS = {
    "scaled_scores": SCALED_SCORES_MISCONCEPTIONS,
    "softmax": SOFTMAX_MISCONCEPTIONS,
    "attend": ATTEND_MISCONCEPTIONS,
}
