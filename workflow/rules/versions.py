"""What one document holds that the one before did not: the difference of the lists that both were made from."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """Sections by their codes, in the order of the document; `changed` are those of which its readers see another text,
    `decided` those in another state. `remarks` says how many more there are, or fewer. `figures`, `appendices`, `bears`
    and `look` say whether those differ: the numbers of the charts, what follows the texts, the title page, and with
    what all of it was set."""

    changed: tuple[str, ...]
    entered: tuple[str, ...]
    left: tuple[str, ...]
    decided: tuple[str, ...]
    pictured: tuple[str, ...]
    remarks: int
    answered: bool
    figures: bool
    appendices: bool
    bears: bool
    look: bool


FIGURES = ("figures", "charts")
TITLE_PAGE = ("city", "title", "target", "target_year", "iteration", "bears", "draft", "sealed")


def difference(old: dict, new: dict) -> Difference:
    """From the older manifest to the newer one."""
    before, now = _sections(old), _sections(new)
    kept = [key for key in now if key in before]

    def differ(name: str) -> tuple[str, ...]:
        return tuple(
            now[key]["code"] for key in kept if before[key].get(name) != now[key].get(name)
        )

    return Difference(
        changed=tuple(now[key]["code"] for key in kept if not _reads_alike(before[key], now[key])),
        entered=tuple(now[key]["code"] for key in now if key not in before),
        left=tuple(before[key]["code"] for key in before if key not in now),
        decided=differ("stage"),
        pictured=differ("pictures"),
        remarks=new["remarks"]["count"] - old["remarks"]["count"],
        answered=old["remarks"]["sha256"] != new["remarks"]["sha256"],
        figures=any(old.get(name) != new.get(name) for name in FIGURES),
        appendices=old.get("appendices") != new.get("appendices"),
        bears=any(old.get(name) != new.get(name) for name in TITLE_PAGE),
        look=(old["template"], old["pack"]) != (new["template"], new["pack"]),
    )


def _reads_alike(before: dict, now: dict) -> bool:
    """Whether both are one text, or what their readers may see of them is; a text that shows all of itself, or is from
    an older list, has no hash of its own for that."""
    if before["sha256"] == now["sha256"]:
        return True
    return before.get("read", before["sha256"]) == now.get("read", now["sha256"])


def _sections(manifest: dict) -> dict[int, dict]:
    return {section["id"]: section for section in sections_of(manifest)}


def sections_of(content: dict) -> Iterator[dict]:
    """Every section that a document holds or a manifest lists, in order."""
    for component in content["components"]:
        for module in component["modules"]:
            yield from module["sections"]
