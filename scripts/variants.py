"""Builds every variant of the demo contract's PDF and has each checked: `python -m scripts.variants [--language de] …`.

Kind, annexes and language in all combinations, the whole and each sort of part, each audience, with logo and colour. An
independent validator looks for what PDF/UA-1 and PDF/A-2a forbid. Prints a table; ends with 1 where a fault was found.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import replace

import page as validator
import pikepdf
from flask import current_app
from sqlalchemy import select

from scripts import demo
from tests import builders
from tests.support.pictures import drawn
from workflow.db import db, transaction
from workflow.models import Component, Contract, Module, Section
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import AnnexKind, Audience, EditionKind, Role, Scope
from workflow.services import imprints

PROFILES = {
    "UA-1": validator.ValidationProfile.PDF_UA_1,
    "A-2a": validator.ValidationProfile.PDF_A_2A,
}


def editions(contract: Contract, languages: list[str]) -> Iterator[Edition]:
    several = [frozenset(), *(frozenset({annex}) for annex in AnnexKind), frozenset(AnnexKind)]
    for language in languages:
        plain = Edition(Audience.CITY, language)
        for kind in EditionKind:
            since = 1 if kind is EditionKind.CHANGES else None
            for annexes in several:
                yield replace(plain, kind=kind, since=since, annexes=annexes).whole
        for audience in (Audience.PUBLIC, Audience.PARTICIPANTS):
            yield replace(plain, audience=audience, annexes=frozenset(AnnexKind))
        for scope, place in parts(contract).items():
            yield replace(plain, scope=scope, place=place)


def parts(contract: Contract) -> dict[Scope, int]:
    """One part of each sort, the one with the first written section."""
    section = db.session.scalars(
        select(Section)
        .join(Module)
        .join(Component)
        .where(Section.contract_id == contract.id, Section.current_id.is_not(None))
        .order_by(Component.position.desc(), Section.position)
    ).first()
    module = db.session.get(Module, section.module_id)
    return {
        Scope.COMPONENT: module.component_id,
        Scope.MODULE: module.id,
        Scope.SECTION: section.id,
    }


def named(edition: Edition) -> str:
    annexes = (
        "all annexes"
        if edition.annexes == frozenset(AnnexKind)
        else ", ".join(sorted(edition.annexes))
    )
    return f"{edition.language}  {edition.kind}, {edition.scope}, for {edition.audience}, {annexes or 'no annex'}"


def checked(contract: Contract, edition: Edition) -> tuple[str, bool]:
    """A line of the table, and whether the variant is clean."""
    made = demo.printed(contract, edition)
    faults = {
        name: validator.validate_pdf_bytes(made.bytes, profile=profile).failures
        for name, profile in PROFILES.items()
    }
    with pikepdf.open(io.BytesIO(made.bytes)) as pdf:
        language = str(pdf.Root.Lang)
    promised = made.standards == ("ua-1", "a-2a")
    clean = promised and language == edition.language and not any(faults.values())
    found = "  ".join(f"{name} {len(several)}" for name, several in faults.items())
    warned = " ".join(f"{one.kind}:{len(one.details)}" for one in made.warnings)
    verdict = "clean" if clean else "NOT CLEAN"
    line = f"{named(edition):<78} {made.pages:>4} pages  {found}  {language}  {verdict}  {warned}"
    details = [
        f"    {name}: {one}" for name, several in faults.items() for one in list(several)[:3]
    ]
    return "\n".join([line.rstrip(), *details]), clean


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--language", action="append", help="only this one; may be repeated")
    asked = options.parse_args()
    every = dirty = 0
    with demo.contract(changed=True) as contract:
        with transaction():
            by = builders.person(Role.COORDINATOR, contract=contract)
            imprints.change(
                contract, by=by, grant="101036519", colour="#7a1f1f", alt="A logo", logo=drawn()
            )
        languages = asked.language or list(current_app.config["DOCUMENT_LANGUAGES"])
        for edition in dict.fromkeys(editions(contract, languages)):
            line, clean = checked(contract, edition)
            print(line, flush=True)
            every, dirty = every + 1, dirty + (not clean)
    print(f"{every} variants, {every - dirty} clean, {dirty} not clean")
    sys.exit(dirty > 0)


if __name__ == "__main__":
    main()
