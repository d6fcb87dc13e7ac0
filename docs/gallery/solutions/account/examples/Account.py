# Ways in which students write Account. Each cell is a notebook cell; its heading says what graders should find.

# %% right the balance is worked out
class Account:
    def __init__(self, balance=0):
        self.first, self.all = balance, []

    @property
    def balance(self):
        return self.first + sum(self.all)

    def deposit(self, amount):
        self.all.append(amount)

    def withdraw(self, amount):
        if self.balance - amount < 0:
            raise ValueError(amount)
        self.deposit(-amount)
        return self.balance

    def history(self):
        return list(self.all)

# %% Account.overdrawn nothing is looked at
class Account:
    def __init__(self, balance=0):
        self.balance = balance
        self.moves = []

    def deposit(self, amount):
        self.balance = self.balance + amount
        self.moves = self.moves + [amount]

    def withdraw(self, amount):
        self.balance = self.balance - amount
        self.moves = self.moves + [-amount]
        return self.balance

    def history(self):
        return self.moves

# %% Account.nothing-said no return
class Account:
    def __init__(self, balance=0):
        self.balance = balance
        self.moves = []

    def deposit(self, amount):
        self.balance += amount
        self.moves.append(amount)

    def withdraw(self, amount):
        if amount > self.balance:
            raise ValueError
        self.balance -= amount
        self.moves.append(-amount)

    def history(self):
        return self.moves

# %% Account.never-empty not the last one
class Account:
    def __init__(self, balance=0):
        self.balance = balance
        self.moves = []

    def deposit(self, amount):
        self.balance += amount
        self.moves.append(amount)

    def withdraw(self, amount):
        if amount < self.balance:
            self.balance -= amount
            self.moves.append(-amount)
            return self.balance
        raise ValueError

    def history(self):
        return self.moves
