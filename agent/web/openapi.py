"""The description of the JSON API, in OpenAPI 3.1."""

from importlib.metadata import version
from typing import Any

RECORD = {"$ref": "/api/record.schema.json"}
_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
_JOB_FIELDS: dict[str, Any] = {
    "id": _TEXT,
    "name": _TEXT,
    "state": {"enum": ["waiting", "running", "done", "failed", "stopped"]},
    "total": {"type": ["integer", "null"], "description": "papers of the feed; null until it has been read"},
    "done": {**_COUNT, "description": "papers that have their record, or have failed"},
    "message": {**_TEXT, "description": "why it failed"},
    "notices": {"type": "array", "items": _TEXT, "description": "what could not be used, by line"},
    **dict.fromkeys(("records", "by_rules", "from_cache", "fallen_back", "dropped", "failed", "skipped"), _COUNT),
    **dict.fromkeys(("input_tokens", "output_tokens"), _COUNT),
}
_ID = {"name": "id", "in": "path", "required": True, "schema": _TEXT}


def description(formats: tuple[str, ...]) -> dict[str, Any]:
    """The description; `formats` are the suffixes that records are downloaded as."""
    of_job = {"parameters": [_ID]}
    paste = _object({"abstract": _TEXT, "title": _TEXT}, ["abstract"])
    download = {"name": "format", "in": "path", "required": True, "schema": {"enum": list(formats)}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "perfclaims", "version": version("perfclaims")},
        "paths": {
            "/api/summarize": {
                "post": {
                    "summary": "The record of one abstract",
                    "requestBody": _json(paste) | {"required": True},
                    "responses": _answers(RECORD, 400, 413, 415, 502),
                }
            },
            "/api/jobs": {
                "post": {
                    "summary": "Give a feed, in any format that `perfclaims batch` reads, as the body",
                    "parameters": [{"name": "name", "in": "query", "schema": _TEXT}],
                    "requestBody": {"required": True, "content": {"application/octet-stream": {}}},
                    "responses": _answers({"$ref": "#/components/schemas/Job"}, 400, 413, status=202),
                }
            },
            "/api/jobs/{id}": of_job
            | {
                "get": {"summary": "How far a feed is", "responses": _answers(_ref("Job"), 404)},
                "delete": {
                    "summary": "Stop a feed and remove its records",
                    "responses": {"204": {"description": "gone"}} | _errors(404),
                },
            },
            "/api/jobs/{id}/records.{format}": {
                "parameters": [_ID, download],
                "get": {
                    "summary": "The records so far",
                    "parameters": [{"name": "wide", "in": "query", "schema": {"type": "boolean"}}],
                    "responses": {"200": {"description": "a file"}} | _errors(404),
                },
            },
        },
        "components": {
            "schemas": {"Job": _object(_JOB_FIELDS, list(_JOB_FIELDS)), "Error": _object({"error": _TEXT}, ["error"])}
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _answers(schema: dict[str, Any], *errors: int, status: int = 200) -> dict[str, Any]:
    return {str(status): {"description": "done"} | _json(schema)} | _errors(*errors)


def _errors(*statuses: int) -> dict[str, Any]:
    return {str(status): {"description": "refused, and why"} | _json(_ref("Error")) for status in statuses}
