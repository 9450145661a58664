"""Floor 3: the verbs, one module per noun.

A verb asks the policy first and records its event last; it never commits.
"""
