"""What sizes of a known part of the capital may have wrong beside the shares of the pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from karb_core.ports import Concern, FileView, SizeFacts
from karb_core.texts.text import Words


def beyond_every_share(sizes: Mapping[str, SizeFacts], file: FileView) -> Iterator[Concern]:
    """An entry larger than the share of each pair can never be made. Counted near legs only: in doubt nothing is said."""
    for size in sizes.values():
        near = size.counts == "near_leg" and size.of == "capital"
        if near and file.pairs and all(size.size > pair.share for pair in file.pairs.values()):
            yield Concern(
                size.path,
                Words(
                    "an entry of this size is larger than every pair's share: it can never fire",
                    "이 크기의 진입은 모든 페어의 몫보다 큽니다: 발동할 수 없습니다",
                ),
                Words("make the entry smaller, or a pair's share larger", "진입을 줄이거나 페어의 몫을 키우세요"),
                code="K402",
            )
            return
