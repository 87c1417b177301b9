"""What is answered where nothing is."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from karb_lab.korean.refused import Refused


@web.middleware
async def unknown(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        refused = Refused.no_code()
        return web.Response(text=refused.body(), status=refused.status.value, content_type="application/json")
