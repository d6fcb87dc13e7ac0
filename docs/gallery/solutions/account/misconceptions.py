"""The mistakes that students make in `Account`, as changed lines of the solution."""

from autograder.author import edit

LESSON = "A bank account"

MISCONCEPTIONS = {
    "Account": (
        edit(
            "Account.overdrawn",
            "More can be taken out than there is",
            ("if amount > self.balance", "if False"),
            why="Nothing looks at the balance before the money is gone. A bank would not like that.",
            look="Account(5).withdraw(9)  # this should stop with an error",
            read=LESSON,
        ),
        edit(
            "Account.changed-first",
            "The money is gone although the payment was refused",
            ("if amount > self.balance", "if False"),
            (
                "return self.balance",
                "if self.balance < 0:\n            raise ValueError\n        return self.balance",
            ),
            why="The balance was changed first and looked at afterwards. An error ends the method, but it undoes"
            " nothing of what the method has done.",
            look="Look at the balance after a payment that was refused",
            read=LESSON,
        ),
        edit(
            "Account.never-empty",
            "The last euro cannot be taken out",
            ("amount > self", "amount >= self"),
            why="An account with 5 euros has enough for 5 euros. The comparison refuses that too.",
            look="Account(5).withdraw(5)  # 0 are left",
            read=LESSON,
        ),
        edit(
            "Account.nothing-said",
            "withdraw does not say what is left",
            ("return self.balance", "return None"),
            why="A method that ends without return gives None back, like any function.",
            look="Account(5).withdraw(1)  # 4 are left",
            read=LESSON,
        ),
        edit(
            "Account.no-minus",
            "In the history, what was paid out looks like what was paid in",
            ("append(-amount)", "append(amount)"),
            why="Both were written down without a sign. What was paid out has a minus before it.",
            look="Look at the history after a deposit and a payment",
            read=LESSON,
        ),
    ),
}
