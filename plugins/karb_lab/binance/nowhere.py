"""What is answered where nothing is."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler


@web.middleware
async def unknown(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What is not there is answered by Binance's front, not by its engine: a page, not JSON."""
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as nowhere:
        return web.Response(text="<html><h2>404 Not found</h2></html>", status=nowhere.status, content_type="text/html")
