"""`flask …` commands: the operator's edge."""

from flask import Flask

from . import audit, bounces, contracts, demo, documents, listening, mail, mailboxes


def register(app: Flask) -> None:
    app.cli.add_command(audit.audit)
    app.cli.add_command(contracts.contract)
    app.cli.add_command(contracts.admin)
    app.cli.add_command(demo.demo)
    app.cli.add_command(documents.documents)
    app.cli.add_command(mail.mail)
    for command in (listening.listen, mailboxes.import_, *bounces.COMMANDS):
        mail.mail.add_command(command)
