import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from nhsuk_forms.fields import TimeInputField
from tests.nhsuk_forms.sample import outcome


def clean(text: str) -> datetime.time | None:
    return TimeInputField(required=False).clean(text)


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_day_in_every_usual_spelling(hour: int, minute: int):
    time = datetime.time(hour, minute)
    half, on_the_clock = ("pm" if hour >= 12 else "am"), (hour - 1) % 12 + 1
    for text in (
        f"{hour:02}:{minute:02}",
        f"{hour}.{minute:02}",
        f"{hour:02}{minute:02}",
        f"{on_the_clock}:{minute:02}{half}",
        f"{on_the_clock}.{minute:02} {half.upper()}",
        TimeInputField().prepare_value(time),
    ):
        assert clean(text) == time, text


@pytest.mark.parametrize(
    ("text", "time"), [("2pm", (14, 0)), ("noon", (12, 0)), ("Midnight", (0, 0)), ("12am", (0, 0))]
)
def test_words_and_bare_hours_with_a_half_of_the_day(text: str, time: tuple[int, int]):
    assert clean(text) == datetime.time(*time)


@pytest.mark.parametrize("text", ["9", "25:00", "9:75", "13pm", "0am", "half nine", "9:5", "12:00:00", "-1:00"])
def test_what_could_be_two_times_or_none_is_asked_again(text: str):
    with pytest.raises(ValidationError) as caught:
        clean(text)
    assert caught.value.messages == ["Time must be a time, like 9:30am or 14:15"]


@given(st.text())
def test_whatever_is_typed_is_a_time_or_nothing_or_a_kind_message(text: str):
    value, refusal = outcome(TimeInputField(required=False), text)
    if refusal:
        assert "like 9:30am" in refusal.messages[0]
    else:
        assert isinstance(value, datetime.time) or not text.strip()
