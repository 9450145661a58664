"""The only place that says how a value is written down so that its hash is the same for everybody."""

import hashlib
import json


def canonical(value) -> bytes:
    """The value as canonical JSON: sorted keys, no spaces, UTF-8, moments as ISO in UTC."""
    text = json.dumps(
        value,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        default=lambda moment: moment.isoformat(),
    )
    return text.encode()


def digest(value) -> str:
    """The SHA-256 of the value's canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()
