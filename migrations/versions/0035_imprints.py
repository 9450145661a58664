"""A city's documents bear its logo, its colour and the number of its grant"""

import sqlalchemy as sa
from alembic import op


revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'imprint',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contract_id', sa.Integer(), nullable=False),
        sa.Column('grant', sa.String(length=20), nullable=False),
        sa.Column('colour', sa.String(length=7), nullable=True),
        sa.Column('logo_id', sa.Integer(), nullable=True),
        sa.Column('logo_alt', sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_imprint_contract_id_contract')),
        sa.ForeignKeyConstraint(['logo_id'], ['picture.id'], name=op.f('fk_imprint_logo_id_picture')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_imprint')),
        sa.UniqueConstraint('contract_id', name=op.f('uq_imprint_contract_id')),
    )


def downgrade() -> None:
    op.drop_table('imprint')
