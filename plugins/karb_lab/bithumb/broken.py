"""A fault in Bithumb's words. Source: Bithumb's page of errors, API 2.x."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from karb_lab.bithumb.limits import too_many
from karb_lab.bithumb.placing import BAD
from karb_lab.faults import Fault
from karb_lab.korean.refused import Refused

_STATUS = {
    "order_not_found": HTTPStatus.NOT_FOUND,
    "deposit_not_found": HTTPStatus.NOT_FOUND,
    "order_not_ready": HTTPStatus.UNPROCESSABLE_ENTITY,
    "blocked_member_id": HTTPStatus.FORBIDDEN,
    **dict.fromkeys(
        (
            "jwt_verification",
            "invalid_query_payload",
            "invalid_access_key",
            "NotAllowIP",
            "out_of_scope",
            "expired_jwt",
        ),
        HTTPStatus.UNAUTHORIZED,
    ),
}


def broken(fault: Fault) -> web.Response:
    """Edge: where there is maintenance, a page and not JSON; a ban is told as too many calls are."""
    if fault.kind == "maintenance":
        unavailable = HTTPStatus.SERVICE_UNAVAILABLE.value
        return web.Response(text="<html><h1>점검 중입니다.</h1></html>", status=unavailable, content_type="text/html")
    refused = _refused(fault)
    return web.Response(text=refused.body(), status=refused.status.value, content_type="application/json")


def _refused(fault: Fault) -> Refused:
    match fault.kind:
        case "banned" | "too_many":
            return too_many()
        case "reject":
            name = fault.code or BAD
            return Refused(
                _STATUS.get(name, HTTPStatus.BAD_REQUEST), name, fault.message or "요청이 올바르지 않습니다."
            )
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return Refused(status, fault.code or status.value, fault.message or "서버 오류입니다.")
