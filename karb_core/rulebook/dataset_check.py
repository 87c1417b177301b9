"""Reads a dataset file and says everything that is wrong with it, at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from karb_core.errors import DataUnusable, StrategyInvalid
from karb_core.history.dataset import Dataset
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_build import build
from karb_core.rulebook.dataset_file import FORMAT, GeneratedDataset, RecordedDataset
from karb_core.rulebook.dataset_review import review_dataset
from karb_core.rulebook.dispatch import Seat, dispatch
from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.mistaken import findings_in, in_order, newer_format, unsaid
from karb_core.rulebook.reader import Document, read
from karb_core.rulebook.source import Source, read_source
from karb_core.rules.mistakes import read_block
from karb_core.texts.text import Text


@dataclass(frozen=True, slots=True)
class CheckedDataset:
    """The dataset, if nothing is wrong with the file, and what was found, in the order of the file."""

    source: Source
    dataset: Dataset | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.is_error)


def dataset_source(path: str) -> Source:
    """The text of a dataset file. Errors: UsageMistake where there is no such file; DataUnusable where it is no text
    that karb can read: most often the data themselves were named."""
    try:
        return read_source(path)
    except StrategyInvalid as e:
        if isinstance(e.said, Text) and e.said.key in ("file.binary", "file.large", "file.empty"):
            raise DataUnusable(Text("dataset.not_yaml", {"path": path}), Text("dataset.not_yaml.help")) from e
        raise DataUnusable(e.said, e.help) from e


def dataset_of(path: str, catalogue: Catalogue) -> Dataset:
    """The dataset of a file without errors. Errors: DataUnusable for the first one, and as `dataset_source`."""
    checked = check_dataset(dataset_source(path), catalogue)
    if checked.dataset is not None:
        return checked.dataset
    first = checked.errors[0]
    args = {"file": path, "line": first.mark.line, "column": first.mark.column, "said": first.said}
    raise DataUnusable(Text("dataset.errors", {**args, "count": len(checked.errors)}), first.help)


def check_dataset(source: Source, catalogue: Catalogue) -> CheckedDataset:
    """Never raises for what a person wrote, and opens none of the files that it names."""
    document = read(source)
    if document.data is None:
        return CheckedDataset(source, None, in_order(document.findings))
    other = _other_file(document)
    if other is not None:
        return CheckedDataset(source, None, in_order([*document.findings, other]))
    return _check(document, catalogue)


def _other_file(document: Document) -> Finding | None:
    """Where it is no dataset of this format at all, that alone is said."""
    data = document.data
    if not isinstance(data, dict):
        return Finding("K201", Text("dataset.shape"), Mark(1, 1), Text("dataset.not_yaml.help"))
    if "dataset" not in data and "signal" in data:
        return Finding("K508", Text("dataset.strategy"), document.key_mark(("signal",)), Text("dataset.strategy.help"))
    return newer_format(document, FORMAT)


def _check(document: Document, catalogue: Catalogue) -> CheckedDataset:
    findings, seats = list(document.findings), list[Seat]()
    model = GeneratedDataset if "generate" in document.data else RecordedDataset
    file = read_block(model, document.data)
    if isinstance(file, list):
        findings += findings_in(document, model, file)
    dispatched = dispatch(document, model, catalogue)
    findings += dispatched.findings
    seats += dispatched.seats
    findings += unsaid(document, findings)
    if isinstance(file, RecordedDataset | GeneratedDataset) and not any(f.is_error for f in findings):
        findings += review_dataset(document, file, seats)
        if not any(f.is_error for f in findings):
            folder = Path(document.source.name).parent
            return CheckedDataset(document.source, build(document, file, seats, folder), in_order(findings))
    return CheckedDataset(document.source, None, in_order(findings))
