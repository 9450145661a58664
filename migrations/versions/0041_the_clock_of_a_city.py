"""The clock of a city

Papers and deadlines go by the days of the city. Whoever runs the service says with `flask contract clock` where it is
another clock than the one that people have who have not said.
"""

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    zone = sa.Column('time_zone', sa.String(60), nullable=False, server_default='Europe/Ljubljana')
    with op.batch_alter_table('contract') as batch_op:
        batch_op.add_column(zone)
    with op.batch_alter_table('contract') as batch_op:
        batch_op.alter_column('time_zone', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('contract') as batch_op:
        batch_op.drop_column('time_zone')
