"""Mail that was given up is found without looking at all mail"""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None

FAILED = sa.text("outcome = 'failed'")


def upgrade() -> None:
    op.create_index(
        'ix_inbound_failed',
        'inbound',
        ['handled_at'],
        postgresql_where=FAILED,
        sqlite_where=FAILED,
    )


def downgrade() -> None:
    op.drop_index('ix_inbound_failed', table_name='inbound')
