"""The command line: each command parses, calls one stage and prints.

For the person at the terminal. It may use every room; no room uses it, and only it prints.
"""

from autograder.cli.app import main

__all__ = ["main"]
