"""Production serves static files under names that hold their hash; every reference among them must resolve."""

import json
from pathlib import Path

from django.conf import LazySettings
from django.core.management import call_command


def test_every_file_and_every_import_resolves_under_its_hashed_name(settings: LazySettings, tmp_path: Path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "vig_service.static.HashedStaticFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    frame = (tmp_path / names["js/frame.js"]).read_text()
    assert f"../{names['vendor/nhsuk-frontend/nhsuk-frontend.min.js']}" in frame
    styles = (tmp_path / names["vendor/nhsuk-frontend/nhsuk-frontend.min.css"]).read_text()
    assert "nhsuk-icon-cross.svg" not in styles
    assert Path(names["vendor/nhsuk-frontend/images/nhsuk-icon-cross.svg"]).name in styles
