"""What changed since a frozen text, as a document"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('document') as batch:
        batch.add_column(sa.Column('since', sa.Integer()))
    allow(('reading', 'review', 'changes'))


def downgrade() -> None:
    op.execute(
        "UPDATE document SET state = 'cancelled', file_key = NULL, kind = 'reading' WHERE kind = 'changes'"
    )
    allow(('reading', 'review'))
    with op.batch_alter_table('document') as batch:
        batch.drop_column('since')


def allow(words: tuple[str, ...]) -> None:
    listed = ', '.join(f"'{word}'" for word in words)
    with op.batch_alter_table('document') as batch:
        batch.drop_constraint(batch.f('ck_document_editionkind'), type_='check')
        batch.create_check_constraint(batch.f('ck_document_editionkind'), f'kind IN ({listed})')
