"""Documents whose files were taken away"""

from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

BEFORE = ('queued', 'running', 'done', 'failed', 'cancelled')


def upgrade() -> None:
    allow((*BEFORE, 'gone'))


def downgrade() -> None:
    op.execute("UPDATE document SET state = 'cancelled' WHERE state = 'gone'")
    allow(BEFORE)


def allow(words: tuple[str, ...]) -> None:
    listed = ', '.join(f"'{word}'" for word in words)
    with op.batch_alter_table('document') as batch:
        batch.drop_constraint(batch.f('ck_document_buildstate'), type_='check')
        batch.create_check_constraint(batch.f('ck_document_buildstate'), f'state IN ({listed})')
