"""A number that rises with every change that no event tells of"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'pulse',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('beats', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pulse')),
    )


def downgrade() -> None:
    op.drop_table('pulse')
