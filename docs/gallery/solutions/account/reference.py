"""A class: what its objects do is asked by scripts of calls."""

from autograder.author import plain


class Account:
    def __init__(self, balance: int = 0) -> None:
        self.balance = balance
        self._history: list[int] = []

    def deposit(self, amount: int) -> None:
        self.balance += amount
        self._history.append(amount)

    def withdraw(self, amount: int) -> int:
        if amount > self.balance:
            raise ValueError("there is not enough")
        self.balance -= amount
        self._history.append(-amount)
        return self.balance

    def history(self) -> list[int]:
        return self._history


PROCEDURES = {"Account": plain(Account)}
