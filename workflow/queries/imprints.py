"""What a city's documents bear besides their texts, for its page and for the documents."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import Contract, Imprint
from .compiled import Bears, Pictured


def of(contract: Contract) -> Imprint | None:
    return db.session.scalars(
        select(Imprint)
        .where(Imprint.contract_id == contract.id)
        .options(joinedload(Imprint.logo))
        .execution_options(populate_existing=True)
    ).first()


def read(contract: Contract) -> Bears:
    """As a document bears it."""
    found = of(contract)
    if found is None:
        return Bears()
    logo = found.logo
    return Bears(
        grant=found.grant,
        colour=found.colour,
        logo=Pictured(logo.name, logo.sha256, logo.ending, logo.width, logo.height)
        if logo
        else None,
        logo_alt=found.logo_alt,
    )
