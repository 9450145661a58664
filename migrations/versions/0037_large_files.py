"""Large files of contracts that are brought wait to be read"""

import sqlalchemy as sa
from alembic import op

from workflow.db import UTCDateTime

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sheet') as batch:
        batch.add_column(sa.Column('file_name', sa.String(32)))
        batch.add_column(sa.Column('progress', sa.Integer, nullable=False, server_default='0'))
        batch.add_column(sa.Column('attempts', sa.Integer, nullable=False, server_default='0'))
        batch.add_column(sa.Column('heartbeat_at', UTCDateTime))
        batch.add_column(sa.Column('refused', sa.String(200)))
    with op.batch_alter_table('sheet') as batch:
        batch.alter_column('progress', server_default=None)
        batch.alter_column('attempts', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('sheet') as batch:
        for name in ('refused', 'heartbeat_at', 'attempts', 'progress', 'file_name'):
            batch.drop_column(name)
