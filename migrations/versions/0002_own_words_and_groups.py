"""What respondents write in their own words, and the group they say they belong to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=80), nullable=False),
        sa.Column("collection_id", sa.String(length=80), nullable=False),
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id", "collection_id"],
            ["collection.round_id", "collection.id"],
            name=op.f("fk_comment_round_id_collection_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_table(
        "own_group_tally",
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_key", sa.String(length=16), nullable=False),
        sa.Column("closed_cells", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_own_group_tally_link_id")),
        sa.PrimaryKeyConstraint("link_id", "version", "group_key", name=op.f("pk_own_group_tally")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sealed_text",
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_sealed_text_link_id")),
        sa.PrimaryKeyConstraint("link_id", "version", "id", name=op.f("pk_sealed_text")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        # As for the tables of the first schema: no samples of destroyed values in the catalogue.
        for table, column in (("sealed_text", "id"), ("sealed_text", "box"), ("own_group_tally", "closed_cells")):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("sealed_text")
    op.drop_table("own_group_tally")
    op.drop_table("comment")
