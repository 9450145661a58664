"""Floor 4, the clock's edge: jobs that find rows with an empty timestamp, do the work and fill it.

A job takes no argument beyond an id and may run twice, late, or after the broker was emptied.
"""
