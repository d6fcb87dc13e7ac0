"""Teaches self-attention by hand, and explains every wrong matrix."""

__version__ = "0.1.0"
