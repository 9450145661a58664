"""A reason to hear of something: one takes part in the contract"""

from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

REASONS = """
    invited author in_thread owner assigned judge pen coordinator follower voice requester
    delegate member positioned told moderator chain
""".split()


def allow(values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table('notification') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_notification_reason'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_notification_reason'), f'reason IN ({listed})'
        )


def upgrade() -> None:
    allow([*REASONS, 'participant'])


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE reason = 'participant'")
    allow(REASONS)
