"""The addresses of this app, read as a contents page."""

from django.urls import path

from clips.views import film, marks, media, principles, upload, workspace

app_name = "clips"

urlpatterns = [
    # Films on their way in (tus 1.0)
    path("uploads/", upload.uploads, name="uploads"),
    path("uploads/<uuid:upload>/", upload.upload, name="upload"),
    path("uploads/<uuid:upload>/hash/", upload.upload_hash, name="upload-hash"),
    # A film's page, and its ending
    path("films/<uuid:film>/", film.film, name="film"),
    path("films/<uuid:film>/wrong/", film.film_wrong, name="film-wrong"),
    path("films/<uuid:film>/right/", film.film_right, name="film-right"),
    path("films/<uuid:film>/move/", film.film_move, name="film-move"),
    path("films/<uuid:film>/destroy/", film.film_destroy, name="film-destroy"),
    path("films/<uuid:film>/certificate/", film.film_certificate, name="film-certificate"),
    path("films/<uuid:film>/retry/", film.film_retry, name="film-retry"),
    path("films/<uuid:film>/erased/", film.film_erased, name="film-erased"),
    # Films: bytes and state
    path("films/<uuid:film>/status/", media.film_status, name="film-status"),
    path("films/<uuid:film>/media/<str:what>", media.film_media, name="film-media"),
    path("clips/<uuid:clip>/media/<str:what>", media.clip_media, name="clip-media"),
    path("stills/<uuid:still>/media", media.still_media, name="still-media"),
    # Micro-analysis: the workspace, marks, stills, worries
    path("films/<uuid:film>/analyse/", workspace.workspace, name="workspace"),
    path("films/<uuid:film>/analyse/fragment/", workspace.workspace_fragment, name="workspace-fragment"),
    path("films/<uuid:film>/marks/", marks.marks_of_film, name="marks"),
    path("films/<uuid:film>/stills/", marks.stills, name="stills"),
    path("films/<uuid:film>/concern/", marks.film_concern, name="film-concern"),
    path("marks/<uuid:clip>/", marks.mark, name="mark"),
    path("marks/<uuid:clip>/restore/", marks.mark_restore, name="mark-restore"),
    path("marks/<uuid:clip>/retry/", marks.mark_retry, name="mark-retry"),
    path("marks/<uuid:clip>/choose/", marks.mark_choose, name="mark-choose"),
    # The principles, a setting
    path("principles/", principles.principles, name="principles"),
    path("principles/add/", principles.principle_edit, name="principle-add"),
    path("principles/<int:principle>/", principles.principle_edit, name="principle-edit"),
    path("principles/<int:principle>/move/", principles.principle_move, name="principle-move"),
]
