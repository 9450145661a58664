"""A wish to hear may be about a contract, a sector or a thread too, and has a rhythm; a notice knows its own"""

import sqlalchemy as sa
from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

NEW = ('contract', 'sector', 'thread')
ONE_PLACE = ' + '.join(
    f'CASE WHEN {scope}_id IS NULL THEN 0 ELSE 1 END'
    for scope in ('thread', 'section', 'sector', 'contract')
)
PROMPT = "reason IN ('invited', 'assigned', 'delegate')"
OWN = '(SELECT rhythm FROM person WHERE person.id = notification.person_id)'


def upgrade() -> None:
    with op.batch_alter_table('subscription') as batch_op:
        batch_op.alter_column('section_id', existing_type=sa.Integer(), nullable=True)
        for scope in NEW:
            batch_op.add_column(sa.Column(f'{scope}_id', sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f'fk_subscription_{scope}_id_{scope}'), scope, [f'{scope}_id'], ['id']
            )
            batch_op.create_index(batch_op.f(f'ix_subscription_{scope}_id'), [f'{scope}_id'])
            batch_op.create_unique_constraint(
                batch_op.f(f'uq_subscription_person_id_{scope}_id'), ['person_id', f'{scope}_id']
            )
        batch_op.add_column(
            sa.Column('wish', sa.String(32), nullable=False, server_default='follow')
        )
    op.execute("UPDATE subscription SET wish = 'mute' WHERE muted")
    with op.batch_alter_table('subscription') as batch_op:
        batch_op.drop_column('muted')
        batch_op.alter_column('wish', existing_type=sa.String(32), server_default=None)
        batch_op.create_check_constraint(
            batch_op.f('ck_subscription_wish'),
            "wish IN ('immediate', 'daily', 'weekly', 'follow', 'mute')",
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_subscription_one_place'), f'{ONE_PLACE} = 1'
        )
    with op.batch_alter_table('notification') as batch_op:
        batch_op.add_column(
            sa.Column('rhythm', sa.String(32), nullable=False, server_default='off')
        )
    op.execute(
        f"UPDATE notification SET rhythm = CASE WHEN {PROMPT} THEN 'immediate' ELSE {OWN} END "
        'WHERE due_at IS NOT NULL'
    )
    with op.batch_alter_table('notification') as batch_op:
        batch_op.alter_column('rhythm', existing_type=sa.String(32), server_default=None)
        batch_op.create_check_constraint(
            batch_op.f('ck_notification_rhythm'),
            "rhythm IN ('immediate', 'daily', 'weekly', 'off')",
        )


def downgrade() -> None:
    with op.batch_alter_table('notification') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_notification_rhythm'), type_='check')
        batch_op.drop_column('rhythm')
    op.execute('DELETE FROM subscription WHERE section_id IS NULL')
    with op.batch_alter_table('subscription') as batch_op:
        batch_op.add_column(
            sa.Column('muted', sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute("UPDATE subscription SET muted = (wish = 'mute')")
    with op.batch_alter_table('subscription') as batch_op:
        batch_op.alter_column('muted', existing_type=sa.Boolean(), server_default=None)
        batch_op.drop_constraint(batch_op.f('ck_subscription_one_place'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_subscription_wish'), type_='check')
        batch_op.drop_column('wish')
        for scope in NEW:
            batch_op.drop_constraint(
                batch_op.f(f'uq_subscription_person_id_{scope}_id'), type_='unique'
            )
            batch_op.drop_index(batch_op.f(f'ix_subscription_{scope}_id'))
            batch_op.drop_constraint(
                batch_op.f(f'fk_subscription_{scope}_id_{scope}'), type_='foreignkey'
            )
            batch_op.drop_column(f'{scope}_id')
        batch_op.alter_column('section_id', existing_type=sa.Integer(), nullable=False)
