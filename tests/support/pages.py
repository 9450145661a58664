"""Pages as they can be compared: without the words that are new each time."""

import re

from flask.testing import FlaskClient

ONCE = re.compile(r'(name="(?:csrf_token|token)"[^>]* value="|nonce="|data-token value=")[^"]*')


def steady(html: str) -> str:
    """The page without its tokens and its nonce."""
    return ONCE.sub(r"\1", html)


def drawn(client: FlaskClient, address: str) -> str:
    """What the client is shown there, as `steady` leaves it."""
    return steady(client.get(address).text)
