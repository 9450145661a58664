"""What helps to understand a failed test: the logs of the processes and pictures of the pages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest

from runner.settings import ROOT

from .browser import Visitors
from .processes import Child

PICTURES = ROOT / "test-results"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    if report.failed:
        values = getattr(item, "funcargs", {})
        for child in children(values):
            report.sections.append((f"log of {child.name}", child.tail()))
        for visitors in values.values():
            if isinstance(visitors, Visitors) and report.when == "call":
                name = re.sub(r"[^\w-]+", "-", item.nodeid.removeprefix("tests/"))
                report.sections.append(("pictures", "\n".join(visitors.photograph(PICTURES, name))))
    return report


def children(values: Mapping[str, object]) -> Iterator[Child]:
    """The processes among a test's fixtures, also those inside a stack of them."""
    for value in values.values():
        if isinstance(value, Child):
            yield value
        elif is_dataclass(value):
            yield from children({field.name: getattr(value, field.name) for field in fields(value)})
