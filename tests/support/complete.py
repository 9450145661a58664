"""With CI=true a test that did not run counts as a failure: what is skipped is not known to work."""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest
from _pytest.terminal import TerminalReporter

Thing = TypeVar("Thing")


class Complete:
    """A pytest plugin for the process that prints the summary."""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and left_out(session.config):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if count := left_out(terminalreporter.config):
            terminalreporter.section("CI=true and not everything ran", red=True)
            terminalreporter.line(f"{count} tests were skipped or expected to fail; see above.")


def left_out(config: pytest.Config) -> int:
    reporter: TerminalReporter = config.pluginmanager.get_plugin("terminalreporter")
    kinds = ("skipped", "xfailed", "xpassed")
    return sum(len(reporter.stats.get(kind, [])) for kind in kinds)


def wanted() -> bool:
    return os.environ.get("CI") == "true"


def many(examples: int) -> int:
    """So many random examples with CI=true, and a third of them for whoever waits for the answer."""
    return examples if wanted() else max(1, examples // 3)


def share(things: Sequence[Thing], turn: int, *, of: int) -> Sequence[Thing]:
    """All of them with CI=true; else one of `of` shares, another at each turn, so that all turns together take each."""
    return things if wanted() else things[turn % of :: of]
