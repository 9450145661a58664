"""Makes pictures of the pages of the demo contract's PDF: `python -m scripts.pages FOLDER [--language sl] [--dpi 60]`.

One PNG a page, to be looked at page by page. Needs pdftoppm.
"""

import argparse
import subprocess
from pathlib import Path

from scripts import demo
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import AnnexKind, Audience, EditionKind


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--language", default="en")
    options.add_argument("--kind", type=EditionKind, default=EditionKind.READING)
    options.add_argument("--audience", type=Audience, default=Audience.CITY)
    options.add_argument("--dpi", type=int, default=60)
    asked = options.parse_args()
    changes = asked.kind is EditionKind.CHANGES
    edition = Edition(
        asked.audience,
        asked.language,
        kind=asked.kind,
        since=1 if changes else None,
        annexes=frozenset(AnnexKind),
    )
    with demo.contract(changed=changes) as contract:
        made = demo.printed(contract, edition)
    asked.folder.mkdir(parents=True, exist_ok=True)
    file = asked.folder / "contract.pdf"
    file.write_bytes(made.bytes)
    command = ["pdftoppm", "-r", str(asked.dpi), "-png", str(file), str(asked.folder / "page")]
    subprocess.run(command, check=True)
    print(f"{made.pages} pages in {asked.folder}")


if __name__ == "__main__":
    main()
