"""Points drawn by Optuna: later ones where earlier ones came out well."""

from __future__ import annotations

from typing import Any

from karb_core.errors import PluginUnusable
from karb_core.texts.text import Words
from karb_research.axes import Grid, Place
from karb_research.sampling import Told
from karb_research.sweep_file import Optuna


class OptunaSampling:
    """The tree-structured Parzen estimator over the levels' places. The same seed draws the same points however many
    cores there are: so many are drawn at once as the study says, and told in the order in which they were drawn.

    Source: J. Bergstra and others, Algorithms for Hyper-Parameter Optimization (2011), as Optuna carries it out.
    Edge: a point may be drawn again; it counts as one of those asked for, and is carried out once.
    """

    def __init__(self, asked: Optuna, grid: Grid) -> None:
        optuna = _optuna()
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._optuna, self._asked, self._grid = optuna, asked, grid
        self._study = optuna.create_study(
            direction="maximize" if asked.towards == "highest" else "minimize",
            sampler=optuna.samplers.TPESampler(seed=asked.seed),
        )
        self._left = self.most = asked.points
        self._trials: list[Any] = []

    def ask(self) -> list[Place]:
        count = min(self._asked.at_once, self._left)
        self._left -= count
        self._trials = [self._study.ask() for _ in range(count)]
        return [
            tuple(trial.suggest_int(axis.name, 0, len(axis.levels) - 1) for axis in self._grid.axes)
            for trial in self._trials
        ]

    def tell(self, told: Told) -> None:
        for trial, (_, figures) in zip(self._trials, told, strict=True):
            value = None if figures is None else figures.judged.measure(self._asked.measure)
            if value is None:
                self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
            else:
                self._study.tell(trial, float(value))


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as e:
        said = Words("Optuna is not installed", "Optuna가 설치되어 있지 않습니다")
        raise PluginUnusable(
            said, Words("pip install 'karb[optuna]'", "pip install 'karb[optuna]' 로 설치하세요")
        ) from e
    return optuna
