"""The demo city: the public figures of a real plan, with invented texts, people, organisations and remarks.

Everything is written as history: rows and a truthful ledger, but no letter is owed to anybody for it.
"""
