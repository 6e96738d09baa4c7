"""The import arrows, and the rules of the house that a machine can hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)

# An app imports only from the apps named here: those to its left.
ARROWS: dict[str, set[str]] = {
    "nhsuk_forms": set(),
    "audit": set(),
    "accounts": {"nhsuk_forms", "audit"},
    "outbox": {"nhsuk_forms", "audit", "accounts"},
    "families": {"nhsuk_forms", "audit", "accounts", "outbox"},
    "outcomes": {"nhsuk_forms", "audit", "accounts", "outbox", "families"},
    # Beside one another: neither knows the other.
    "referrals": {"nhsuk_forms", "audit", "accounts", "outbox", "families", "outcomes"},
    "sessions": {"nhsuk_forms", "audit", "accounts", "outbox", "families", "outcomes"},
    "clips": {"nhsuk_forms", "audit", "accounts", "outbox", "families", "outcomes", "referrals", "sessions"},
    "desk": {"nhsuk_forms", "audit", "accounts", "outbox", "families", "outcomes", "referrals", "sessions", "clips"},
}
LABELS = {"sessions": "vig_sessions"}

# Models that a view may read without asking who reads: the service's own words, no family's.
NOT_SENSITIVE = {
    "ConsentLength",
    "DeclineReason",
    "GuideText",
    "IntakeRules",
    "Reason",
    "Reference",  # nothing but the text of it
    "ServiceArea",
    "Signpost",
    "ConsentWording",
    "DutyRules",
    "DutyShift",
    "Measure",
    "MeasureVersion",
    "NamePart",  # names without people
    "NoteTemplate",
    "NoteTemplateSection",
    "Principle",
    "RetentionRule",
    "Pathway",
    "PathwayStage",
    "ClosureReason",
    "CaseLimits",
}


def python_files(folder: str) -> list[Path]:
    return [path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module imported anywhere in a file, inside functions too, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: import from the app's name, not relatively"
            yield node.module or "", node.lineno


@pytest.mark.parametrize("app", sorted(ARROWS))
def test_an_app_imports_only_from_the_apps_to_its_left(app: str) -> None:
    wrong = []
    for path in python_files(app):
        for module, line in imports(path):
            top = module.split(".")[0]
            if top in ARROWS and top != app and top not in ARROWS[app]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
            if top in {"vig_service", "tests", "benchmarks"}:
                wrong.append(
                    f"{path.relative_to(ROOT)}:{line} imports {module}: wiring and tests know the apps, not the reverse"
                )
    assert not wrong, "\n".join(wrong)


def test_every_app_of_the_project_stands_in_the_arrows() -> None:
    ours = {Path(config.path).name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    assert ours == set(ARROWS)


def test_the_diary_keeps_its_own_label() -> None:
    assert apps.get_app_config("vig_sessions").name == "sessions"


def test_work_on_files_knows_no_django() -> None:
    """clips/media runs, and is timed, without Django, a database or an environment."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in python_files("clips/media")
        for module, line in imports(path)
        if module.split(".")[0] == "django" or (module.startswith("clips.") and not module.startswith("clips.media"))
    ]
    assert not wrong, "\n".join(wrong)


def test_a_helper_lives_with_its_noun() -> None:
    vague = {"core", "utils", "helpers", "common", "misc"}
    found = [path.relative_to(ROOT) for app in ARROWS for path in python_files(app) if vague & {*path.parts, path.stem}]
    assert not found


# --- Sensitive models only through visible_to -----------------------------------------------------------


def sensitive_models() -> dict[str, type]:
    names: dict[str, type] = {}
    for app in ("outbox", "families", "outcomes", "referrals", "vig_sessions", "clips"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__ not in NOT_SENSITIVE and not model.__name__.startswith("Historical"):
                names[model.__name__] = model
    return names


def view_files() -> list[Path]:
    return [
        path
        for app in ARROWS
        for path in python_files(app)
        if path.stem == "views" or "views" in path.relative_to(ROOT).parts
    ]


def unguarded_reads(tree: ast.AST, sensitive: set[str]) -> Iterator[tuple[int, str]]:
    """Where a view touches a sensitive model's manager other than by ``visible_to`` or ``playable_by``.

    Catches ``Model.objects.get(…)``, ``Model._default_manager``, ``get_object_or_404(Model, …)``, a generic
    view's ``model = Model``, and a manager taken aside (``rows = Model.objects``).
    """
    guarded = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"visible_to", "playable_by"}
            and isinstance(node.value, ast.Attribute)
        ):
            guarded.add(id(node.value))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"objects", "_default_manager", "_base_manager", "history"}
            and isinstance(node.value, ast.Name)
            and node.value.id in sensitive
            and id(node) not in guarded
        ):
            yield node.lineno, f"{node.value.id}.{node.attr} without visible_to"
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"get_object_or_404", "get_list_or_404", "aget_object_or_404"} and node.args:
                first = node.args[0]
                if isinstance(first, ast.Name) and first.id in sensitive:
                    yield node.lineno, f"{name}({first.id}, …) without visible_to"
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                if (
                    isinstance(statement, ast.Assign)
                    and any(getattr(target, "id", "") == "model" for target in statement.targets)
                    and isinstance(statement.value, ast.Name)
                    and statement.value.id in sensitive
                    and any("View" in ast.unparse(base) for base in node.bases)
                ):
                    yield statement.lineno, f"{node.name} lists every {statement.value.id}"


def test_views_reach_families_only_through_visible_to() -> None:
    sensitive = set(sensitive_models())
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in view_files()
        for line, what in unguarded_reads(ast.parse(path.read_text(encoding="utf-8")), sensitive)
    ]
    assert view_files()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "code",
    [
        "Case.objects.get(pk=1)",
        "get_object_or_404(Case, pk=1)",
        "shortcuts.get_object_or_404(Case, pk=1)",
        "rows = Case.objects",
        "Case._default_manager.all()",
        "class Page(ListView):\n    model = Case",
    ],
)
def test_the_guard_sees_a_read_that_asks_nobody(code: str) -> None:
    assert list(unguarded_reads(ast.parse(code), {"Case"}))


@pytest.mark.parametrize(
    "code",
    [
        "Case.objects.visible_to(user).get(pk=1)",
        "get_object_or_404(Case.objects.visible_to(user), pk=1)",
        "class Form(ModelForm):\n    class Meta:\n        model = Case",
    ],
)
def test_the_guard_lets_a_read_pass_that_says_who_reads(code: str) -> None:
    assert not list(unguarded_reads(ast.parse(code), {"Case"}))


# Reached only through the model named, whose queryset asks who reads.
THROUGH_A_PARENT = {
    "NoteSection": "Note",
    "NoteAside": "Note",
    "NoteAddendum": "Note",
    "Membership": "Person",
    "ReferredPerson": "Referral",
    "MeetingItem": "Meeting",
    "StageChange": "Case",
    "Closure": "Case",
    "SearchKey": "Person",
    "TwoPeople": "Person",
    "BreakGlass": "Case",
    "AlertNotice": "Alert",
    "Identity": "Adoption",
    "HelpingQuestionWording": "HelpingQuestion",
    "GoalWording": "Goal",
    "ScoreValue": "Score",
    "Attendance": "VigSession",
    "ClipPrinciple": "Clip",
    "Still": "Recording",
    "Upload": "Recording",
    "VideoJob": "Recording",
    "ReviewMoment": "SharedReview",
    "Words": "SharedReview",
    "RoomLease": "SharedReview",
    "FrameLease": "Case",
}


def test_every_sensitive_model_says_who_may_see_it() -> None:
    models = sensitive_models()
    silent = [
        name
        for name, model in models.items()
        if not hasattr(model._default_manager.all(), "visible_to") and name not in THROUGH_A_PARENT
    ]
    assert not silent, f"{silent}: give each a queryset with visible_to, or name its parent in THROUGH_A_PARENT"
    assert set(THROUGH_A_PARENT.values()) <= set(models)


# --- History is not bypassed ------------------------------------------------------------------------------


def models_with_history() -> set[str]:
    return {model.__name__ for model in apps.get_models() if hasattr(model, "history")}


def test_records_with_history_are_never_written_in_bulk() -> None:
    """``bulk_*`` and ``.update()`` send no signals, so the history would miss what they change."""
    kept = models_with_history()
    wrong = []
    for app in ARROWS:
        for path in python_files(app):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                if node.func.attr not in {"update", "bulk_create", "bulk_update", "abulk_create", "aupdate"}:
                    continue
                text = ast.unparse(node.func)
                if any(text.startswith(f"{name}.objects") for name in kept):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {text}")
    assert kept
    assert not wrong, "\n".join(wrong)
