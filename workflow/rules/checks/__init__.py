"""Consistency checks over plain data: each check names what it found and where, none of them decides."""
