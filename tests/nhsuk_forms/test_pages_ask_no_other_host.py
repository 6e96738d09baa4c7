"""The content security policy forbids it; this says so before a browser does, file by file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in ROOT.glob("**/templates/**/*") if path.is_file() and ".venv" not in path.parts)
STYLES = sorted((ROOT / "static").rglob("*.css"))
SCRIPTS = sorted([*(ROOT / "static").rglob("*.js"), *(ROOT / "static").rglob("*.mjs")])
OWN_SCRIPTS = [path for path in SCRIPTS if "vendor" not in path.parts]

LOADS = re.compile(
    r"<(?P<tag>link|script|img|source|video|audio|iframe|embed|object|form|use|image|track|base)\b"
    r"(?:\"[^\"]*\"|'[^']*'|[^'\">])*?\s(?:src|href|srcset|action|formaction|data|poster|xlink:href)\s*=\s*[\"']?\s*"
    r"(?P<url>(?:[a-z][a-z0-9+.-]*:)?//[^\"'\s>]*)",
    re.IGNORECASE,
)
HANDLER = re.compile(r"<[a-z][^<>]*?\son[a-z]+\s*=", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|<[a-z](?:\"[^\"]*\"|'[^']*'|[^'\">])*?\sstyle\s*=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(
    r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*\btype\s*=\s*[\"']application/json)[^>]*>", re.IGNORECASE
)
SCRIPT_URL = re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*(?:javascript|data):", re.IGNORECASE)
CSS_LOADS = re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])\s*(?P<url>[^\"')\s]+)", re.IGNORECASE)
JS_LOADS = re.compile(
    r"(?:\bimport\s*\(?|\bfrom|\bfetch\s*\(|\bimportScripts\s*\(|\bnew\s+(?:Worker|WebSocket|EventSource|SharedWorker)\s*\()"
    r"\s*[\"'`](?P<url>[^\"'`]*)[\"'`]"
)
IMPORTS = re.compile(
    r"^\s*(?:import\s*|(?:import|export)\s+[\w$*{][\w$*{},\s]*?\bfrom\s*)[\"'](?P<module>[^\"']+)[\"']", re.MULTILINE
)
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


def uncommented(text: str) -> str:
    """A template without what Django leaves out."""
    text = re.sub(r"{%\s*comment.*?%}.*?{%\s*endcomment\s*%}", "", text, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", text)


def faults_of_template(text: str) -> Iterator[str]:
    text = uncommented(text)
    for match in LOADS.finditer(text):
        yield f"asks another host: {match['url']}"
    for name, pattern in (
        ("an inline handler", HANDLER),
        ("an inline style", INLINE_STYLE),
        ("an inline script", INLINE_SCRIPT),
        ("an address that is a script or data", SCRIPT_URL),
    ):
        for match in pattern.finditer(text):
            yield f"{name}: {match[0][:80]}"


def test_there_is_something_to_look_at():
    assert len(TEMPLATES) > 40
    assert STYLES
    assert SCRIPTS


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_asks_no_other_host_and_has_nothing_inline(path: Path):
    assert not list(faults_of_template(path.read_text()))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_stylesheet_loads_only_what_stands_beside_it(path: Path):
    for match in CSS_LOADS.finditer(path.read_text()):
        url = match["url"]
        assert not ELSEWHERE.match(url), f"asks another host: {url}"
        assert not url.startswith(("/", "data:")), f"not relative, or data that the policy refuses: {url}"
        assert (path.parent / url.split("#")[0]).is_file(), f"{url} is not there"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_loads_only_what_stands_beside_it(path: Path):
    text = path.read_text()
    assert "sourceMappingURL" not in text, "collectstatic would look for the map"
    for match in JS_LOADS.finditer(text):
        assert not ELSEWHERE.match(match["url"]), f"asks another host: {match['url']}"


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_of_ours_imports_relative_modules_that_are_there_and_evaluates_nothing(path: Path):
    text = path.read_text()
    for match in IMPORTS.finditer(text):
        assert match["module"].startswith("."), f"{match['module']} needs an import map, which the policy forbids"
        assert (path.parent / match["module"]).is_file(), f"{match['module']} is not there"
    assert not re.search(r"\beval\s*\(|\bnew\s+Function\s*\(|\.setAttribute\(\s*[\"']style[\"']", text)


def test_the_look_at_scripts_sees_imports_in_every_form():
    text = """
import "./a.js";
import def from './b.js';
import { one,
  two as three } from "./c.js";
import * as all from "./d.js";
export { x } from "./e.js";
export function f(a) { throw new Error("from nowhere"); }
"""
    assert [match["module"] for match in IMPORTS.finditer(text)] == ["./a.js", "./b.js", "./c.js", "./d.js", "./e.js"]
    assert IMPORTS.search((ROOT / "static/js/frame.js").read_text())


@pytest.mark.parametrize(
    "bad",
    [
        '<link rel="stylesheet" href="https://fonts.example/x.css">',
        "<img alt='>' src='//cdn.example/x.png'>",
        '<script src="http://cdn.example/x.js"></script>',
        '<form method="post" action="https://evil.example/">',
        "<p onclick='x()'>",
        '<p class="a" style="color:red">',
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        '<script type="module">import "./x.js"</script>',
        '<a href="javascript:void 0">',
    ],
)
def test_the_look_at_templates_sees(bad: str):
    assert list(faults_of_template(bad))


@pytest.mark.parametrize(
    "good",
    [
        '<a href="https://www.nhs.uk/">a link is asked for by a person, not by the page</a>',
        "{% comment %}<style>{% endcomment %}{# <p onclick='x'> #}",
        '<script type="module" src="{% static \'x.js\' %}"></script>',
        '<script type="application/json" id="data">{}</script>',
        '<p data-style="x" class="nhsuk-style">style = on = x</p>',
    ],
)
def test_the_look_at_templates_does_not_see_what_is_not_there(good: str):
    assert not list(faults_of_template(good))
