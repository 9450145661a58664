"""The only look at the broker that is not Celery's: whether it answers, and how many calls lie in it."""

from dataclasses import dataclass

import redis

PATIENCE_SECONDS = 1.0
"""How long a broker may take to answer; nothing but speed depends on it."""

QUEUE = "celery"

OK, UNREACHABLE, NOT_CONFIGURED = "ok", "unreachable", "not configured"


@dataclass(frozen=True, slots=True)
class Broker:
    """`calls` that wait to be taken up; they only wake jobs, what is to be done stands in rows."""

    state: str
    calls: int | None = None
    fault: str | None = None

    @property
    def up(self) -> bool:
        return self.state == OK


def look(address: str) -> Broker:
    """The broker at `redis://…` as it is now; never raises."""
    if not address.startswith(("redis://", "rediss://", "redis+socket://")):
        return Broker(NOT_CONFIGURED)
    address = address.replace("redis+socket://", "unix://", 1)
    patience = {
        "socket_timeout": PATIENCE_SECONDS,
        "socket_connect_timeout": PATIENCE_SECONDS,
        "retry": None,
    }
    try:
        with redis.Redis.from_url(address, **patience) as broker:
            return Broker(OK, calls=broker.llen(QUEUE))
    except (redis.RedisError, OSError, ValueError) as fault:
        return Broker(UNREACHABLE, fault=str(fault))
