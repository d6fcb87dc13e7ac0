"""The mistakes that students make in `Account`: each is a class that behaves so."""

from autograder.author import Misconception
from solutions.account.reference import Account

LESSON = "A bank account"


class _Overdrawn(Account):
    def withdraw(self, amount: int) -> int:
        self.balance -= amount
        self._history.append(-amount)
        return self.balance


class _ChangedFirst(Account):
    def withdraw(self, amount: int) -> int:
        self.balance -= amount
        self._history.append(-amount)
        if self.balance < 0:
            raise ValueError
        return self.balance


class _NeverEmpty(Account):
    def withdraw(self, amount: int) -> int:
        if amount >= self.balance:
            raise ValueError
        return super().withdraw(amount)


class _NothingSaid(Account):
    def withdraw(self, amount: int) -> None:  # type: ignore[override]
        super().withdraw(amount)


class _NoMinus(Account):
    def history(self) -> list[int]:
        return [abs(amount) for amount in self._history]


MISCONCEPTIONS = {
    "Account": (
        Misconception(
            id="Account.overdrawn",
            title="More can be taken out than there is",
            step=None,
            symptom=_Overdrawn,
            why="Nothing looks at the balance before the money is gone. A bank would not like that.",
            look="Account(5).withdraw(9)  # this should stop with an error",
            read=LESSON,
        ),
        Misconception(
            id="Account.changed-first",
            title="The money is gone although the payment was refused",
            step=None,
            symptom=_ChangedFirst,
            why=(
                "The balance was changed first and looked at afterwards. An error ends the method, but it undoes"
                " nothing of what the method has done."
            ),
            look="Look at the balance after a payment that was refused",
            read=LESSON,
        ),
        Misconception(
            id="Account.never-empty",
            title="The last euro cannot be taken out",
            step=None,
            symptom=_NeverEmpty,
            why="An account with 5 euros has enough for 5 euros. The comparison refuses that too.",
            look="Account(5).withdraw(5)  # 0 are left",
            read=LESSON,
        ),
        Misconception(
            id="Account.nothing-said",
            title="withdraw does not say what is left",
            step=None,
            symptom=_NothingSaid,
            why="A method that ends without return gives None back, like any function.",
            look="Account(5).withdraw(1)  # 4 are left",
            read=LESSON,
        ),
        Misconception(
            id="Account.no-minus",
            title="In the history, what was paid out looks like what was paid in",
            step=None,
            symptom=_NoMinus,
            why="Both were written down without a sign. What was paid out has a minus before it.",
            look="Look at the history after a deposit and a payment",
            read=LESSON,
        ),
    ),
}
