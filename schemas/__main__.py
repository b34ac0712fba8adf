"""`python -m schemas` writes the published JSON Schema of a record anew."""

from schemas.publication import PUBLISHED, record_schema

if __name__ == "__main__":
    PUBLISHED.write_text(record_schema(), encoding="utf-8")
