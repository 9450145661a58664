"""What people fill in: lengths are limited, messages stand beside the field, nothing typed is lost."""

from .refusals import Form, tell

__all__ = ["Form", "tell"]
