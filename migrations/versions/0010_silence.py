"""A kind of reminder: an organisation that was asked has not been heard"""

from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

KINDS = """
    round_closing section_due position_awaited signature_awaited question_due answers_due
""".split()


def allow(values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table('reminder') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_reminder_reminderkind'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_reminder_reminderkind'), f'kind IN ({listed})'
        )


def upgrade() -> None:
    allow([*KINDS, 'voice_awaited'])


def downgrade() -> None:
    said = "(SELECT id FROM reminder WHERE kind = 'voice_awaited')"
    events = f'(SELECT id FROM event WHERE reminder_id IN {said})'
    op.execute(f'DELETE FROM notification WHERE event_id IN {events}')
    op.execute(f'DELETE FROM event WHERE reminder_id IN {said}')
    op.execute("DELETE FROM reminder WHERE kind = 'voice_awaited'")
    allow(KINDS)
