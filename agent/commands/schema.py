"""`perfclaims schema`: the JSON Schema of a record."""

import typer


def schema() -> None:
    """Show the JSON Schema of a record."""
    from importlib.resources import files

    typer.echo(files("schemas").joinpath("record.schema.json").read_text(encoding="utf-8"), nl=False)
