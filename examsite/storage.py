"""How are static files named and compressed? By content hash, imports of ES modules rewritten too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    # A module's hash depends on those of what it imports: a chain of imports takes a pass for each link.
    max_post_process_passes = 20
