"""The web app: its pages, its scripts and its JSON API."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.resources import files
from itertools import islice
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from agent.door import summarize_paper
from agent.errors import InputError, PerfclaimsError
from agent.exports import Export, export_for
from agent.model.request import DEFAULT_MODEL
from agent.pasted import read_pasted
from agent.report import line
from agent.report.page import environment, report_frame, style_sheet, view_script
from agent.report.reading import read_records
from agent.settings import Settings
from agent.web.guard import LOOPBACK, Guard
from agent.web.jobs import Job, Jobs, without_key
from agent.web.openapi import description

LARGEST_PASTE = 1 << 20
"""Bytes of one pasted abstract with its title."""
LARGEST_FEED = 64 << 20
"""Bytes of a feed, as they are sent."""
LINES_AT_ONCE = 1_000
LONGEST_NAME = 120
FORMATS = {"jsonl": "application/jsonl", "csv": "text/csv", "md": "text/markdown", "html": "text/html"}
"""The formats that records are downloaded in."""


def make_app(settings: Settings, hosts: frozenset[str] = LOOPBACK, largest_feed: int = LARGEST_FEED) -> Starlette:
    """The app; it answers requests for these `hosts` alone, and takes feeds of at most `largest_feed` bytes."""
    site = _Site(settings, largest_feed)
    routes = [
        Route("/", site.home),
        Route("/jobs/{id}", site.job_page),
        Route("/style.css", _style),
        Route("/{name:str}.js", _script),
        Route("/api/openapi.json", _openapi),
        Route("/api/record.schema.json", _record_schema),
        Route("/api/summarize", site.summarize, methods=["POST"]),
        Route("/api/jobs", site.take_feed, methods=["POST"]),
        Route("/api/jobs/{id}", site.job_status),
        Route("/api/jobs/{id}", site.forget_job, methods=["DELETE"]),
        Route("/api/jobs/{id}/lines", site.job_lines),
        Route("/api/jobs/{id}/records.{format}", site.download),
    ]
    handlers = {HTTPException: _refused, InputError: _unusable}
    guard = [Middleware(Guard, hosts=hosts)]
    return Starlette(routes=routes, middleware=guard, exception_handlers=handlers, lifespan=site.lifespan)


class _Site:
    def __init__(self, settings: Settings, largest_feed: int) -> None:
        # Which engine it is has been settled and said at the start; no answer needs to say it again.
        self._settings = replace(settings, engine="llm" if settings.asks_a_model else "rules")
        self._largest = largest_feed
        self._jobs = Jobs(self._settings)

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        yield
        await to_thread.run_sync(self._jobs.close)

    async def home(self, request: Request) -> Response:
        return self._page("home.html", largest=self._largest >> 20)

    async def job_page(self, request: Request) -> Response:
        job = self._jobs.get(request.path_params["id"])
        if job is None:
            return self._page("missing.html", status=404)
        return self._page("job.html", job=job, formats=tuple(FORMATS))

    async def summarize(self, request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise HTTPException(415, 'the body is JSON, as {"abstract": "…"}, with content-type application/json')
        given = _fields(await _body(request, LARGEST_PASTE))
        try:
            answered = await to_thread.run_sync(self._summarized, given["abstract"], given["title"])
        except InputError:
            raise
        except PerfclaimsError as error:
            raise HTTPException(502, without_key(str(error), self._settings)) from error
        record, shown = answered
        wanted = shown if "application/vnd.perfclaims.line" in request.headers.get("accept", "") else record
        return Response(wanted, media_type="application/json")

    async def take_feed(self, request: Request) -> Response:
        name = " ".join(request.query_params.get("name", "").split())[:LONGEST_NAME] or "the feed"
        _refuse_announced(request, self._largest)
        job = self._jobs.new(name)
        try:
            await _receive(request, job.feed, self._largest)
        except BaseException:
            self._jobs.forget(job)
            raise
        self._jobs.start(job)
        return JSONResponse(job.status(), status_code=202, headers={"Location": f"/api/jobs/{job.id}"})

    async def job_status(self, request: Request) -> Response:
        return JSONResponse(self._job(request).status())

    async def forget_job(self, request: Request) -> Response:
        self._jobs.forget(self._job(request))
        return Response(status_code=204)

    async def job_lines(self, request: Request) -> Response:
        first = request.query_params.get("from", "0")
        if not (first.isascii() and first.isdigit() and len(first) < 10):
            raise HTTPException(400, f"from is {first[:20]!r}, not the number of a line")
        text = await to_thread.run_sync(self._job(request).lines_from, int(first), LINES_AT_ONCE)
        return PlainTextResponse(text, media_type="application/jsonl")

    async def download(self, request: Request) -> Response:
        job, form = self._job(request), request.path_params["format"]
        if form not in FORMATS:
            raise HTTPException(404, f"no format {form[:20]!r}; there are {', '.join(FORMATS)}")
        wide = form == "csv" and request.query_params.get("wide", "") in ("1", "true")
        export = _export(job, form, wide=wide)
        named = {"Content-Disposition": f'attachment; filename="claims.{form}"'}
        return StreamingResponse(_texts(job, export), media_type=FORMATS[form], headers=named)

    def _job(self, request: Request) -> Job:
        job = self._jobs.get(request.path_params["id"])
        if job is None:
            raise HTTPException(404, "no such feed; those of an earlier start are gone, so give it again")
        return job

    def _summarized(self, abstract: str, title: str) -> tuple[str, str]:
        paper = read_pasted(abstract.encode("utf-8", "surrogatepass"), title, _unheard)
        record = summarize_paper(paper, self._settings, _unheard)
        return record.to_json(), line(record)

    def _page(self, template: str, status: int = 200, **shown: object) -> Response:
        asks = self._settings.asks_a_model
        engine = f"model {self._settings.model or DEFAULT_MODEL}" if asks else "local rules, no model"
        page = environment("agent.web").get_template(template).render(engine=engine, **shown)
        return HTMLResponse(page, status_code=status)


async def _body(request: Request, largest: int) -> bytes:
    _refuse_announced(request, largest)
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            raise _too_large(largest)
    return body


async def _receive(request: Request, path: Path, largest: int) -> None:
    size = 0
    try:
        with path.open("wb") as file:
            async for piece in request.stream():
                size += len(piece)
                if size > largest:
                    raise _too_large(largest)
                file.write(piece)
    except ClientDisconnect as error:
        raise HTTPException(400, "the feed broke off on its way") from error


def _refuse_announced(request: Request, largest: int) -> None:
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > largest:
        raise _too_large(largest)


def _too_large(largest: int) -> HTTPException:
    return HTTPException(413, f"a body of over {largest:,} bytes is not taken")


def _fields(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"the body is not JSON ({type(error).__name__})") from error
    fields = {name: given.get(name, "") for name in ("abstract", "title")} if isinstance(given, dict) else {}
    if not fields or not all(isinstance(value, str) for value in fields.values()):
        raise HTTPException(400, "the body is an object with the texts `abstract` and, if you have it, `title`")
    return fields


def _export(job: Job, form: str, *, wide: bool) -> Export:
    if form == "html":
        return Export(line, *report_frame(job.name))
    return export_for(Path(f"claims.{form}"), wide=wide)


def _texts(job: Job, export: Export) -> Iterator[str]:
    yield export.head
    if there := len(job.offsets) - 1:
        yield from map(export.row, islice(read_records(job.records), there))
    yield export.tail


async def _style(request: Request) -> Response:
    return Response(style_sheet() + _own("style.css"), media_type="text/css")


async def _script(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ("home", "job"):
        raise HTTPException(404, "no such script")
    script = view_script(_own(f"scripts/{name}.js"))
    return Response(script, media_type="text/javascript")


async def _openapi(request: Request) -> Response:
    return JSONResponse(description(tuple(FORMATS)))


async def _record_schema(request: Request) -> Response:
    schema = files("schemas").joinpath("record.schema.json").read_text(encoding="utf-8")
    return Response(schema, media_type="application/schema+json")


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


async def _unusable(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=400)


def _own(name: str) -> str:
    return files("agent.web").joinpath(name).read_text(encoding="utf-8")


def _unheard(message: str) -> None:
    """What is said of a run as a whole has been said on the terminal at the start."""
