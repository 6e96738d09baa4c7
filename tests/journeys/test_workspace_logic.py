"""The arithmetic of the workspace, and its undo, in the browser that runs it; no service is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

STATIC = Path(__file__).resolve().parents[2] / "static"
pytestmark = pytest.mark.journey


@pytest.fixture
def run(page: Page) -> Callable[[str], Any]:
    """``run(code)`` evaluates code that has ``times``, ``history`` and ``keys`` (the modules) at hand."""

    def serve(route: Route) -> None:
        path = route.request.url.split("localhost", 1)[1]
        if path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"), content_type="text/javascript")
        else:
            route.fulfill(body="<!DOCTYPE html><title>Modules</title>", content_type="text/html")

    page.route("**/*", serve)
    page.goto("http://localhost/")

    def evaluate(code: str) -> Any:
        return page.evaluate(
            """async (code) => {
              const [times, history, keys] = await Promise.all(
                ["times", "history", "keys"].map((name) => import(`/static/clips/workspace/${name}.js`)));
              return await new Function("times", "history", "keys", code)(times, history, keys);
            }""",
            code,
        )

    return evaluate


def test_a_time_belongs_to_the_last_frame_that_begins_at_or_before_it(run: Callable[[str], Any]) -> None:
    found = run(
        """
        const list = times.FrameList.fromGaps([1000, 40000, 20000, 60000], 150000);
        return {
          times: [...list.times], end: list.end, count: list.count,
          at: [-5, 1000, 40499, 40500, 40999, 41000, 60400, 60500, 121000, 9e9].map((us) => list.at(us)),
          nearest: [20000, 21001, 51001, 9e9].map((us) => list.nearest(us)),
          middles: [0, 1, 2, 3].map((frame) => list.within(frame)),
          clamped: [-3, 99].map((frame) => list.clamp(frame)),
          every: list.times.every(
            (time, frame) => list.at(time) === frame && list.at(list.until(frame) - 501) === frame),
        };
        """
    )
    assert found["times"] == [1000, 41000, 61000, 121000]
    assert (found["end"], found["count"]) == (150000, 4)
    # Half a millisecond before a frame is that frame already: a rounding error of the browser.
    assert found["at"] == [0, 0, 0, 1, 1, 1, 1, 2, 3, 3]
    assert found["nearest"] == [0, 1, 2, 3]
    assert found["middles"] == [21000, 51000, 91000, 135500]
    assert found["clamped"] == [0, 3]
    assert found["every"] is True


def test_a_lens_shows_frame_k_of_the_copy_as_frame_k_of_the_film(run: Callable[[str], Any]) -> None:
    found = run(
        """
        const film = times.FrameList.fromGaps([1445000, 40000, 30000], 1550000);
        const copy = times.FrameList.fromGaps([0, 40000, 30000], 105000);
        const lens = new times.Lens(film, copy);
        const own = new times.Lens(film), none = new times.Lens();
        return [
          [0, 39000, 40000, 71000].map((us) => lens.frameOf(us)),
          [0, 20000, 70000].map((us) => lens.toFilm(us)),
          [1445000, 1465000, 1515000].map((us) => lens.toMedia(us)),
          [own.toFilm(1490000), own.frameOf(1490000), none.toFilm(7), none.frameOf(7)],
        ];
        """
    )
    assert found == [[0, 0, 1, 2], [1445000, 1465000, 1515000], [0, 20000, 70000], [1490000, 1, 7, None]]


def test_times_are_said_as_people_say_them(run: Callable[[str], Any]) -> None:
    said = run(
        """
        return [
          times.clock(46133000), times.clock(46132999), times.clock(3723004000), times.clock(0, 0),
          times.shortClock(46133000), times.shortClock(600100000), times.length(7840000),
          times.spoken(46133000), times.spoken(61000000), times.spoken(121500000),
          times.left(4), times.left(33), times.left(130), times.left(null),
        ];
        """
    )
    assert said == [
        "00:46.133",
        "00:46.132",
        "1:02:03.004",
        "00:00",
        "0:46.1",
        "10:00.1",
        "7.8 s",
        "46.1 seconds",
        "1 minute 1 second",
        "2 minutes 1.5 seconds",
        "a few seconds left",
        "about 30 seconds left",
        "about 2 minutes left",
        "",
    ]


def test_a_ruler_never_crowds_its_labels(run: Callable[[str], Any]) -> None:
    crowded = run(
        """
        const wrong = [];
        for (const span of [1e5, 3e6, 6e7, 3.6e8, 1.08e10]) {
          const { step, lines } = times.ruler(5e5, 5e5 + span, 700, 80);
          const outside = lines.some((at) => at < 5e5 || at > 5e5 + span);
          if (step / span * 700 < 80 || !lines.length || outside) wrong.push(span);
        }
        return wrong;
        """
    )
    assert crowded == []


def test_undo_and_redo_go_back_and_forth_and_quick_changes_are_one(run: Callable[[str], Any]) -> None:
    found = run(
        """
        let now = 0, value = "";
        const told = [];
        const stack = new history.History({ within: 1000, now: () => now, limit: 3 });
        const set = (next, key) => {
          const before = value;
          value = next;
          stack.push({ label: next, key, undo: () => { value = before; }, redo: () => { value = next; } });
        };
        set("h", "note"); now += 500; set("he", "note"); now += 500; set("her", "note");
        told.push(stack.done.length);
        now += 2000; set("her smile", "note");
        told.push(stack.done.length, stack.undo(), value, stack.undo(), value, stack.undo());
        told.push(stack.redo(), value, stack.redo(), value, stack.redo());
        set("sealed", "note"); stack.seal(); set("apart", "note");
        told.push(stack.done.length, stack.undo(), value, stack.redoLabel);
        set("new", "other");
        told.push(stack.redoLabel, stack.done.length);
        return told;
        """
    )
    assert found == [
        1, 2, "her smile", "her", "her", "", "",
        "her", "her", "her smile", "her smile", "",
        3, "apart", "sealed", "apart",
        "", 3,
    ]  # fmt: skip


def test_every_key_is_in_the_list_once_and_does_what_it_says(run: Callable[[str], Any]) -> None:
    found = run(
        """
        const all = keys.KEYS.flatMap(([, rows]) => rows.flatMap((row) => row.slice(3)));
        const ask = (key, held = {}) => keys.actionOf(
          { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });
        return {
          twice: all.filter((key, index) => all.indexOf(key) !== index),
          asked: [
            ask(" "), ask("J"), ask("ArrowLeft"), ask("ArrowLeft", { shiftKey: true }), ask("?", { shiftKey: true }),
            ask("z", { ctrlKey: true }), ask("Z", { ctrlKey: true, shiftKey: true }), ask("z", { metaKey: true }),
            ask("z"), ask("I", { shiftKey: true }), ask("+", { shiftKey: true }), ask("i", { ctrlKey: true }),
            ask("q"),
          ],
        };
        """
    )
    assert found["twice"] == []
    assert found["asked"] == [
        "play", "back", "frame-back", "second-back", "keys", "undo", "redo", "undo", "start-earlier", "start-here",
        "picture-in", None, None,
    ]  # fmt: skip
