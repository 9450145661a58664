"""Indexes that answer how much is said, open and held without reading the remarks"""

from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

COUNTED = """
    section_id withdrawn_at moderation visibility kind answered_at contested_at disposition carried_out_by_id author_id
    organisation_id created_at
""".split()


def upgrade() -> None:
    op.create_index('ix_thread_counted', 'thread', COUNTED)
    op.drop_index('ix_thread_open', 'thread')
    op.create_index('ix_comment_moderation', 'comment', ['moderation'])


def downgrade() -> None:
    op.drop_index('ix_comment_moderation', 'comment')
    op.create_index('ix_thread_open', 'thread', ['section_id', 'answered_at', 'withdrawn_at'])
    op.drop_index('ix_thread_counted', 'thread')
