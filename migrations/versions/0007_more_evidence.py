"""More evidence that the database refuses to rewrite: positions, manifests, steps of signatories, changes of rounds"""

from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

EVIDENCE = ('position', 'manifest', 'signatory_entry', 'round_entry', 'seal')


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        for table in EVIDENCE:
            op.execute(
                f'CREATE TRIGGER {table}_is_evidence BEFORE UPDATE OR DELETE ON {table} '
                'FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()'
            )
        return
    # Adding a column made the table of decisions anew, without its triggers.
    for table in (*EVIDENCE, 'decision'):
        for act in ('UPDATE', 'DELETE'):
            op.execute(
                f'CREATE TRIGGER {table}_is_evidence_{act.lower()} BEFORE {act} ON {table} '
                f"BEGIN SELECT RAISE(ABORT, '{table} is evidence and is never rewritten'); END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        for table in EVIDENCE:
            op.execute(f'DROP TRIGGER {table}_is_evidence ON {table}')
        return
    for table in EVIDENCE:
        for act in ('update', 'delete'):
            op.execute(f'DROP TRIGGER {table}_is_evidence_{act}')
