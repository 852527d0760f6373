"""The server of the review page: on the loopback alone, for whoever has its token, and for no other page."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from extractor.errors import ExtractorError, UsageError
from extractor.reviewing.session import Session

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

_STATIC = Path(__file__).parent / "static"
_PAGE = Path(__file__).parent / "templates" / "review.html"
_LARGEST = 1_000_000  # bytes of a request
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Lets through what the page itself asks for, and refuses all else with 403.

    The ``Host`` must be the loopback address of this server, so that no name that somebody points at it reaches it; an
    ``Origin`` must be the page's own; and every request carries the token in a cookie, but for the first, which has it
    in its URL.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app, self._token = app, token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.cookie = f"extractor_review_{port}"  # cookies do not tell ports apart

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        from starlette.requests import Request

        if scope["type"] != "http":
            return
        await self._answered(Request(scope, receive))(scope, receive, send)

    def _answered(self, request: Request) -> ASGIApp:
        from starlette.responses import PlainTextResponse, RedirectResponse

        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if host not in self._hosts:
            return PlainTextResponse("This server answers to its loopback address alone.", 403, _HEADERS)
        if origin is not None and origin != f"http://{host}":
            return PlainTextResponse("Another page may not ask this server.", 403, _HEADERS)
        if request.url.path == "/" and self._is_token(request.query_params.get("token", "")):
            answer = RedirectResponse("/", 303, _HEADERS)  # so that the token stays in no history
            answer.set_cookie(self.cookie, self._token, httponly=True, samesite="strict")
            return answer
        if not self._is_token(request.cookies.get(self.cookie, "")):
            return PlainTextResponse("Open the page by the address that `extractor review` printed.", 403, _HEADERS)
        return self._app

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())


def app(session: Session, token: str, port: int) -> ASGIApp:
    """Return the application that serves a session at a port of the loopback."""
    return Guard(_pages(session), token, port)


def _pages(session: Session) -> Starlette:
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import HTMLResponse
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    async def page(_: Request) -> Response:
        return HTMLResponse(_PAGE.read_bytes())

    async def facts(_: Request) -> dict[str, Any]:
        return session.facts()

    async def article(request: Request) -> dict[str, Any]:
        return session.article(request.path_params["number"])

    async def act(request: Request) -> dict[str, Any]:
        return session.do(request.path_params["number"], await _body(request))

    async def undo(_: Request) -> dict[str, Any]:
        return session.step(back=True)

    async def redo(_: Request) -> dict[str, Any]:
        return session.step(back=False)

    routes = [
        Route("/", page),
        Mount("/static", StaticFiles(directory=_STATIC)),
        Route("/api/session", _json(facts)),
        Route("/api/articles/{number:int}", _json(article)),
        Route("/api/articles/{number:int}", _json(act), methods=["POST"]),
        Route("/api/undo", _json(undo), methods=["POST"]),
        Route("/api/redo", _json(redo), methods=["POST"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(_Headers)])


class _Headers:
    """Adds the headers that keep the page to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
            await send(message)

        await self._app(scope, receive, with_headers)


def _json(endpoint: Callable[[Request], Awaitable[dict[str, Any]]]) -> Callable[[Request], Awaitable[Response]]:
    """Answer with JSON in ASCII, which any text fits into; with one sentence where something cannot be done."""
    from starlette.responses import Response

    async def answer(request: Request) -> Response:
        try:
            status, told = 200, await endpoint(request)
        except IndexError:
            status, told = 404, {"error": "There is no such article; reload the page."}
        except UsageError as error:
            status, told = 200, {"error": str(error)}  # the page says so, and the browser needs no log of it
        except ExtractorError as error:
            status, told = 500, {"error": str(error)}
        return Response(json.dumps(told), status, media_type="application/json")

    return answer


async def _body(request: Request) -> Any:
    """Read JSON, which no form of another page can send."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise UsageError("An action is sent as application/json.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise UsageError("This action is too long.")
    try:
        return from_json(body)  # which bounds how deep it goes
    except ValueError:
        raise UsageError("An action is sent as JSON, and this is none.") from None
