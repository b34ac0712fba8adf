"""The JSON Schema of a record as it is published beside the models."""

import json
from pathlib import Path

from schemas.record import Record

PUBLISHED = Path(__file__).with_name("record.schema.json")


def record_schema() -> str:
    """The JSON Schema (draft 2020-12) of one line of output, as text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Record.model_json_schema(
        by_alias=True, mode="serialization"
    )
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
