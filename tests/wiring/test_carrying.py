"""A process of a crew carries out what it is asked, over the data that whoever asks has read too; one that is not asked goes."""

from __future__ import annotations

from dataclasses import replace
from multiprocessing import active_children

import pytest

from karb_core.errors import KarbError
from karb_core.history.span import Span
from karb_core.ports import PointResult
from karb_core.wiring.carrying import Stretch, carried, hold
from karb_core.wiring.crew import Crew
from karb_core.wiring.points import OpenPoints
from tests.wiring.test_points import LATER, POINTS, QUIET, ns_of, opened


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> OpenPoints:
    return opened(tmp_path_factory.mktemp("crew"))


def as_it_is(result: PointResult) -> PointResult:
    return result


def test_it_reads_for_itself_and_carries_out_the_whole_and_a_stretch_of_it(points: OpenPoints) -> None:
    whole = points.carrier
    hold(whole.document, whole.dataset, whole.span)
    for asked in (points, points.within(ns_of(QUIET), ns_of(LATER)), points):
        _, done = carried(Stretch.of(asked.carrier), [(7, POINTS[1])], as_it_is)
        assert done == [(7, asked.carrier.result(POINTS[1]))]


def test_data_that_are_not_those_of_whoever_asks_are_refused(points: OpenPoints) -> None:
    whole = points.carrier
    hold(whole.document, whole.dataset, whole.span)
    with pytest.raises(KarbError) as raised:
        carried(replace(Stretch.of(whole), digest="sha256:other"), [(0, POINTS[1])], as_it_is)
    assert str(raised.value.said.key) == "points.changed"


def test_data_that_cannot_be_read_are_for_whoever_asks_to_tell(points: OpenPoints) -> None:
    whole = points.carrier
    hold(whole.document, whole.dataset, Span(1, 2))
    with pytest.raises(KarbError):
        carried(Stretch.of(whole), [(0, POINTS[1])], as_it_is)


def test_one_that_was_begun_and_is_not_asked_is_not_left_behind(points: OpenPoints) -> None:
    before = set(active_children())
    crew = Crew(points.document, points.carrier.dataset, points.carrier.span)
    crew.begin(2)
    assert len(set(active_children()) - before) == 1
    crew.dismiss()
    assert set(active_children()) <= before
    crew.begin(1)
    assert set(active_children()) <= before
