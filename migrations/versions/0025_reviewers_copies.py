"""Copies for reviewers"""

from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    allow(('reading', 'review'))


def downgrade() -> None:
    op.execute("UPDATE document SET kind = 'reading'")
    allow(('reading',))


def allow(words: tuple[str, ...]) -> None:
    listed = ', '.join(f"'{word}'" for word in words)
    with op.batch_alter_table('document') as batch:
        batch.drop_constraint(batch.f('ck_document_editionkind'), type_='check')
        batch.create_check_constraint(batch.f('ck_document_editionkind'), f'kind IN ({listed})')
