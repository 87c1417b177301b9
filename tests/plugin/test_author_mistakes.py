"""Each mistake a plugin's author can make is answered by one sentence, in both languages."""

from __future__ import annotations

import re
import sys

import pytest

from karb_core import __version__
from karb_core.plugin.catalogue import Catalogue
from karb_core.plugin.offer import PluginProblem
from karb_core.texts.text import render
from tests.plugin.site import GOOD, HEAD, Site, hook

FIELD = 'limit: PositiveRatio = rule("the most it lets pass", ko="허용하는 최대 비율", example="20%", tighter="lower")'
HOOKS = "karb_feeds, karb_fx_sources, karb_signals, karb_sizings, karb_risk_gates, karb_executors, karb_notifiers"
NO_COMPONENT = "plugin 'mine' registers no component: is @karb_core.plugin.hookimpl missing?"
DECLARE = "declare it with rule(...), assumption(...), wiring(...) or tech(default, ...)"
BAD_NAME = "Cap.name must be a short lower-case name, got "
NO_LIST = "karb_risk_gates must return a list of component classes, got "
OURS = "outsider-mine 0.1.0: "
IN_CLASS = "  (outsider_mine/__init__.py:10)"
IN_HOOK = "  (outsider_mine/__init__.py:25)"


def declared(field: str) -> str:
    """A plugin whose only rule is declared like this."""
    return GOOD.replace(FIELD, field)


MISTAKES = {
    "no hookimpl": (HEAD + "\n\ndef karb_risk_gates():\n    return [Cap]\n", NO_COMPONENT),
    "nothing": ("", NO_COMPONENT),
    "misspelt hook": (
        hook("return [Cap]", "karb_riskgates"),
        "plugin 'mine': no hook 'karb_riskgates'; did you mean 'karb_risk_gates'?",
    ),
    "no such hook": (hook("return [Cap]", "on_start"), f"plugin 'mine': no hook 'on_start'; the hooks are: {HOOKS}"),
    "argument the spec lacks": (
        hook("return [Cap]", arguments="pairs, api, account"),
        OURS + "the hook does not take these arguments: account, pairs",
    ),
    "keyword only": (
        hook("return [Cap]", arguments="*, api"),
        OURS + "TypeError: karb_risk_gates() missing 1 required keyword-only argument: 'api'",
    ),
    "wrapper": (
        HEAD + "\n\n@hookimpl(wrapper=True)\ndef karb_risk_gates():\n    return (yield)\n",
        "plugin 'mine': karb_risk_gates cannot be a wrapper: a hook hands over classes, and nothing is wrapped",
    ),
    "returned a str": (hook("return 'oops'"), NO_LIST + "'oops'"),
    "returned None": (hook("return None"), NO_COMPONENT),
    "returned nothing in a list": (hook("return []"), NO_COMPONENT),
    "returned an instance": (hook("return Cap(None)"), NO_LIST + "<outsider_mine.Cap object>"),
    "returned an instance in a list": (hook("return [Cap(None)]"), NO_LIST + "<outsider_mine.Cap object>"),
    "returned a bare class": (hook("return Cap"), NO_LIST + "<class 'outsider_mine.Cap'>"),
    "returned names": (hook("return {'cap': Cap}"), NO_LIST + "'cap'"),
    "asynchronous": (
        HEAD + "\n\n@hookimpl\nasync def karb_risk_gates():\n    return [Cap]\n",
        NO_LIST + "<coroutine object karb_risk_gates>",
    ),
    "raised in the hook": (
        hook("raise RuntimeError('boom while listing\\ncomponents')"),
        OURS + "RuntimeError: boom while listing components" + IN_HOOK,
    ),
    "raised without a word": (hook("raise ValueError"), OURS + "ValueError" + IN_HOOK),
    "raised after one class": (
        hook("yield Cap\nraise RuntimeError('late')"),
        OURS + "RuntimeError: late  (outsider_mine/__init__.py:26)",
    ),
    "SystemExit in the hook": (hook("raise SystemExit(3)"), OURS + "SystemExit: 3" + IN_HOOK),
    "missing dependency": (
        '"""Mine."""\nimport not_installed_dependency\n',
        OURS + "ModuleNotFoundError: No module named 'not_installed_dependency'  (outsider_mine/__init__.py:2)",
    ),
    "SystemExit at import": (
        "import sys\n\nsys.exit('bye')\n",
        OURS + "SystemExit: bye  (outsider_mine/__init__.py:3)",
    ),
    "raised at import": ("x = 1 / 0\n", OURS + "ZeroDivisionError: division by zero  (outsider_mine/__init__.py:1)"),
    "braces in its message": (
        "raise KeyError('{source}')\n",
        OURS + "KeyError: '{source}'  (outsider_mine/__init__.py:1)",
    ),
    "syntax error": ("x = 1\n\ndef f(:\n", OURS + "SyntaxError: invalid syntax  (outsider_mine/__init__.py:3)"),
    "no Params": (
        GOOD.replace("    Params = CapParams\n", ""),
        "Cap.Params must be a class derived from karb_core.rules.params.Params",
    ),
    "other Params": (
        GOOD.replace("Params = CapParams", "Params = dict"),
        "Cap.Params must be a class derived from karb_core.rules.params.Params",
    ),
    "an instance as Params": (
        GOOD.replace("Params = CapParams", "Params = 'CapParams'"),
        "Cap.Params must be a class derived from karb_core.rules.params.Params",
    ),
    "rule(default=...)": (
        declared('limit: PositiveRatio = rule("the most it lets pass", default="20%")'),
        OURS + "TypeError: a rule has no default: it belongs to the strategy's owner  (outsider_mine/__init__.py:11)",
    ),
    "plain value": (
        declared('limit: PositiveRatio = Decimal("0.2")'),
        OURS + "TypeError: CapParams.limit: " + DECLARE + IN_CLASS,
    ),
    "default in a subclass": (
        GOOD.replace("class Cap:", 'class Lax(CapParams):\n    limit: PositiveRatio = "20%"\n\n\nclass Cap:'),
        OURS + "TypeError: Lax.limit: " + DECLARE + "  (outsider_mine/__init__.py:14)",
    ),
    "default before it is read": (
        declared(
            FIELD + '\n\n    from pydantic import model_validator\n\n    @model_validator(mode="before")\n'
            '    def fill(cls, data):\n        return {"limit": "20%"} | data'
        ),
        OURS + "TypeError: CapParams.fill: a validator that runs before could give a rule a value" + IN_CLASS,
    ),
    "rule in binary float": (
        declared('limit: float = rule("the most it lets pass")'),
        OURS + "TypeError: CapParams.limit: use Decimal, Ratio or Money, not binary float" + IN_CLASS,
    ),
    "rule without a description": (
        declared('limit: PositiveRatio = rule("")'),
        OURS + "TypeError: CapParams.limit: needs a description: the owner reads it  (outsider_mine/__init__.py:10)",
    ),
    "bad component name": (GOOD.replace('"cap"', '"Cap Gate"'), BAD_NAME + "'Cap Gate'"),
    "point in the name": (GOOD.replace('"cap"', '"cap.hard"'), BAD_NAME + "'cap.hard'"),
    "no component name": (GOOD.replace('    name = "cap"\n', ""), BAD_NAME + "None"),
    "two of one name": (hook("return [Cap, type('Other', (Cap,), {})]"), "two components are called 'mine.cap'"),
    "one name in two ports": (
        hook("return [Cap]") + "\n\n@hookimpl\ndef karb_signals():\n    return [Cap]\n",
        "two components are called 'mine.cap'",
    ),
    "a place where no gate stands": (
        GOOD.replace('name = "cap"', 'name = "cap"\n    stands = {"entry", "door"}'),
        "Cap.stands must be a set of: entry, exit; got ['door', 'entry']",
    ),
    "a mode that is none": (
        GOOD.replace('name = "cap"', 'name = "cap"\n    modes = "live"'),
        "Cap.modes must be a set of: backtest, paper, live; got 'live'",
    ),
    "extras that are no names": (
        GOOD.replace('name = "cap"', 'name = "cap"\n    extras = 5'),
        "Cap.extras must be a set of: names; got 5",
    ),
    "bad stage": (
        GOOD.replace('name = "cap"', 'name = "cap"\n    stage = ["beta"]'),
        "Cap.stage must be one of stable, experimental, deprecated, announced",
    ),
}


def problem(name: str) -> PluginProblem:
    found = Catalogue.installed().plugin(name)
    assert isinstance(found, PluginProblem), found
    return found


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_answered_by_one_sentence(site: Site, mistake: str) -> None:
    source, sentence = MISTAKES[mistake]
    site.install("mine", source)
    said = problem("mine").said
    assert render(said) == sentence
    korean = render(said, "ko")
    assert "\n" not in korean
    is_pythons_own = sentence.startswith(OURS) and "does not take" not in sentence
    assert is_pythons_own or re.search("[가-힣]", korean)


def test_the_sentence_is_the_same_in_every_run(site: Site) -> None:
    site.install("mine", hook("return [object()]"))
    assert render(problem("mine").said) == NO_LIST + "<object object>" == render(problem("mine").said)


def test_the_place_is_in_the_plugins_own_files(site: Site) -> None:
    """Also where the mistake stands in a file that the hook imports, and is found deep inside karb."""
    gate = declared('limit: float = rule("the most it lets pass")')
    lazy = (
        "from karb_core.plugin import hookimpl\n\n\n@hookimpl\n"
        "def karb_risk_gates():\n    from outsider_mine.gate import Cap\n\n    return [Cap]\n"
    )
    site.install("mine", lazy, files={"gate.py": gate})
    assert render(problem("mine").said).endswith("not binary float  (outsider_mine/gate.py:10)")


def test_an_entry_point_whose_module_is_gone(site: Site) -> None:
    site.install("mine", GOOD)
    (site.folder / "outsider_mine" / "__init__.py").unlink()
    (site.folder / "outsider_mine").rmdir()
    assert render(problem("mine").said) == OURS + "ModuleNotFoundError: No module named 'outsider_mine'"


def test_interrupting_is_never_taken_for_a_plugins_mistake(site: Site) -> None:
    site.install("mine", "raise KeyboardInterrupt\n")
    site.install("hooked", hook("raise KeyboardInterrupt"))
    for name in ("mine", "hooked"):
        with pytest.raises(KeyboardInterrupt):
            Catalogue.installed().plugin(name)


@pytest.mark.parametrize("name", ["Mine", "my-gate", "7gates", "m" * 41, "게이트"])
def test_a_bad_entry_point_name_is_refused_before_any_import(site: Site, name: str) -> None:
    site.install(name, GOOD, package="outsider_named")
    sentence = f"'{name}' is no plugin name: lower-case letters, digits and _, beginning with a letter"
    assert render(problem(name).said) == sentence
    assert "소문자" in render(problem(name).said, "ko")
    assert "outsider_named" not in sys.modules


def test_two_packages_one_plugin(site: Site) -> None:
    site.install("mine", GOOD, package="outsider_one")
    site.install("mine", GOOD, package="outsider_two", version="2.0")
    said = problem("mine").said
    both = re.fullmatch(r"two packages provide a plugin called 'mine': (.*), (.*); uninstall one", render(said))
    assert both is not None
    assert set(both.groups()) == {"outsider-one 0.1.0 (outsider_one)", "outsider-two 2.0 (outsider_two)"}
    assert "하나를 제거하세요" in render(said, "ko")
    assert {"outsider_one", "outsider_two"}.isdisjoint(sys.modules)


@pytest.mark.parametrize("need", [">=2000", "==0.0.1", f"<{__version__}", f"!={__version__}"])
def test_a_plugin_for_another_karb_is_refused_before_any_import(site: Site, need: str) -> None:
    site.install("mine", GOOD, requires=("not a requirement at all ;;", "karb-extras>=9", f"Karb{need}"))
    assert render(problem("mine").said) == f"outsider-mine 0.1.0 needs karb {need}, this is {__version__}"
    assert "필요합니다" in render(problem("mine").said, "ko")
    assert "outsider_mine" not in sys.modules


@pytest.mark.parametrize(
    "needs",
    [
        (),
        ("karb",),
        (f"karb>={__version__},<2000",),
        (f"karb[live]>={__version__}",),
        ("karb>=2000; python_version < '3'",),
        ("karb>=2000; extra == 'next'",),
    ],
)
def test_a_plugin_for_this_karb_is_taken(site: Site, needs: tuple[str, ...]) -> None:
    site.install("mine", GOOD, requires=needs)
    assert [offer.use for offer in Catalogue.installed().offers(["mine"])] == ["mine.cap"]
