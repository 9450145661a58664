"""Floor 1: the rules of the house in pure Python. Nothing here knows Flask, SQLAlchemy or the clock."""
