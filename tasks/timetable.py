"""The only place that says how often the jobs look for work, whether or not anybody woke them."""

EVERY = {
    "mail.relay": 10,
    "mail.send_due": 15,
    "documents.sweep": 15,
    "imports.sweep": 15,
    "documents.tidy": 3600,
    "hooks.deliver": 15,
    "hooks.forget": 3600,
    "inbound.read": 5,
    "inbound.count_refused": 300,
    "inbound.forget": 3600,
    "audit.seal": 60,
    "reminders.give": 3600,
    "rounds.keep_time": 30,
    "guest_links.expire": 300,
    "operations.tick": 30,
    "operations.watch": 300,
}
"""Seconds. A call that nobody took up in that time is worth nothing: the next one does the same."""

BEAT = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in EVERY.items()
}

WOKEN = ("mail.relay", "documents.sweep", "imports.sweep", "hooks.deliver")
"""The jobs that a commit wakes."""
