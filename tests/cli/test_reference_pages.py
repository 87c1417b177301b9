"""The generated pages of the reference are current and name everything."""

from __future__ import annotations

import pytest

from karb_core.cli.reference_pages import pages
from karb_core.plugin.catalogue import Catalogue
from karb_core.texts.codes import CODES
from tests.cli.golden import assert_golden
from tests.cli.shipped import REFERENCE


@pytest.mark.parametrize("name", ["components.md", "components.ko.md", "codes.md", "codes.ko.md"])
def test_is_what_karb_would_write(home, name):
    assert_golden(REFERENCE / name, pages(list(Catalogue.installed().offers()))[name])


@pytest.mark.parametrize("name", ["components.md", "components.ko.md"])
def test_every_component_and_every_parameter_is_there(home, name):
    text = (REFERENCE / name).read_text("utf-8")
    for offer in Catalogue.installed().offers():
        part = text.split(f"### {offer.use}\n")[1].split("\n### ")[0]
        for key, field in offer.params.model_fields.items():
            assert f"| `{field.alias or key}` | " in part, (offer.use, key)


def test_every_code_is_there():
    for name in ("codes.md", "codes.ko.md"):
        headings = [line[3:] for line in (REFERENCE / name).read_text("utf-8").split("\n") if line.startswith("## ")]
        assert headings == list(CODES)
