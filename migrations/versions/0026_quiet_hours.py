"""A person may have quiet hours, in which nothing is sent at once"""

import sqlalchemy as sa
from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

HOURS = ('quiet_from', 'quiet_until')


def upgrade() -> None:
    with op.batch_alter_table('person') as batch_op:
        for name in HOURS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_check_constraint(
            batch_op.f('ck_person_quiet_hours'),
            'quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23',
        )
    with op.batch_alter_table('person') as batch_op:
        for name in HOURS:
            batch_op.alter_column(name, existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('person') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_person_quiet_hours'), type_='check')
        for name in HOURS:
            batch_op.drop_column(name)
