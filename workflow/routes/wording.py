"""The words of the error pages: for each HTTP status what happened and what one can do."""

from flask_babel import lazy_gettext as _l

Words = tuple[str, str]
"""A title and one or two sentences."""

WORDS: dict[int, Words] = {
    400: (
        _l("This request cannot be understood"),
        _l(
            "Something in the address or in the form is not as it should be. Please go back and try again."
        ),
    ),
    401: (
        _l("Please sign in"),
        _l("This is for people who are signed in."),
    ),
    403: (
        _l("This is not yours to see or do"),
        _l("If you think it should be, ask a coordinator of the contract."),
    ),
    404: (
        _l("There is nothing at this address"),
        _l("It may have been mistyped, it may have moved, or it may not be meant for you."),
    ),
    405: (
        _l("This cannot be done at this address"),
        _l(
            "A page was asked for in a way that it does not know. Please use its buttons and links."
        ),
    ),
    409: (
        _l("Not at this moment"),
        _l("Something has changed in the meantime. Look at what is there now, then try again."),
    ),
    410: (
        _l("This link no longer works"),
        _l("It was used already, or it is too old. Ask for a new one."),
    ),
    413: (
        _l("This is too large"),
        _l("What you sent is larger than 4 MB. Please make it smaller or split it."),
    ),
    415: (
        _l("This kind of content is not taken"),
        _l("Please send it in the form that the page or the description of the interface names."),
    ),
    422: (
        _l("This cannot be taken"),
        _l(
            "Something that was sent is missing or not as it should be. Please go back and look at it again."
        ),
    ),
    429: (
        _l("Too many attempts"),
        _l("Please wait a few minutes, then try again."),
    ),
    500: (
        _l("Something went wrong on our side"),
        _l(
            "Nothing was changed. It is written down, and somebody will look at it. Please try again."
        ),
    ),
    503: (
        _l("Not available right now"),
        _l("Please try again in a moment."),
    ),
}

CSRF: Words = (
    _l("This form is too old"),
    _l(
        "It was opened before you signed in, or in another session. Go back, copy what you wrote, load the page again "
        "and send it once more."
    ),
)
FASTER: Words = (
    _l("Somebody else was a moment faster"),
    _l(
        "Nothing of yours was changed. Look at what is there now, then do it again if you still want to."
    ),
)
UNREADABLE: Words = (
    _l("This request cannot be understood"),
    _l("It holds a number or a character that cannot be kept. Please check it and try again."),
)
UNREACHABLE: Words = (
    _l("Not available right now"),
    _l(
        "The store of all texts does not answer. Nothing was changed. Please try again in a moment."
    ),
)
