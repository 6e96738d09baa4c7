"""Static files with their content's hash in the name."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites the relative imports of ES modules, so that no import map is needed."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # one pass for each step of the longest chain of imports; Django's five are too few
