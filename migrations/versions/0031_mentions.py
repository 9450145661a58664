"""People who are mentioned in a remark, and a reason to hear of something: one was named there"""

import sqlalchemy as sa
from alembic import op


revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

REASONS = """
    invited author in_thread owner assigned judge pen coordinator follower voice requester
    delegate member positioned told moderator chain participant
""".split()


def allow(values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table('notification') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_notification_reason'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_notification_reason'), f'reason IN ({listed})'
        )


def upgrade() -> None:
    op.add_column('comment', sa.Column('named', sa.JSON(), nullable=True))
    allow([*REASONS, 'mentioned'])


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE reason = 'mentioned'")
    allow(REASONS)
    with op.batch_alter_table('comment') as batch_op:
        batch_op.drop_column('named')
