"""What the municipality says of itself on respondents' pages, and what people say about accessibility."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accessibility_feedback",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_feedback")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "logo",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_logo")),
    )
    op.create_table(
        "municipality_setting",
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_municipality_setting")),
    )


def downgrade() -> None:
    op.drop_table("municipality_setting")
    op.drop_table("logo")
    op.drop_table("accessibility_feedback")
