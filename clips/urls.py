"""The addresses of this app, read as a contents page."""

from django.urls import path

from clips.views import (
    cycles,
    evidence,
    film,
    marks,
    media,
    principles,
    review,
    room,
    upload,
    upload_page,
    words,
    workspace,
)

app_name = "clips"

urlpatterns = [
    # Films on their way in (tus 1.0), and the page that sends them
    path("cases/<uuid:case>/films/new/", upload_page.film_upload, name="film-upload"),
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
    path("films/<uuid:film>/copy/", media.film_copy, name="film-copy"),
    path("films/<uuid:film>/retry/", film.film_retry, name="film-retry"),
    path("films/<uuid:film>/erased/", film.film_erased, name="film-erased"),
    # Kept as evidence: for the safeguarding leads alone
    path("evidence/", evidence.evidence_list, name="evidence"),
    path("films/<uuid:film>/evidence/", evidence.evidence_hold, name="evidence-hold"),
    path("evidence/<uuid:hold>/", evidence.evidence_film, name="evidence-film"),
    path("evidence/<uuid:hold>/film", evidence.evidence_media, name="evidence-media"),
    path("evidence/<uuid:hold>/note/", evidence.evidence_note, name="evidence-note"),
    path("evidence/<uuid:hold>/told/", evidence.evidence_told, name="evidence-told"),
    path("evidence/<uuid:hold>/keep-on/", evidence.evidence_keep_on, name="evidence-keep-on"),
    path("evidence/<uuid:hold>/release/", evidence.evidence_release, name="evidence-release"),
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
    # Cycles, and the way to the shared review and on from it
    path("cases/<uuid:case>/cycles/", cycles.cycles, name="cycles"),
    path("cycles/<uuid:cycle>/moments/", cycles.choose, name="choose"),
    path("cycles/<uuid:cycle>/close/", cycles.cycle_close, name="cycle-close"),
    path("reviews/<uuid:review>/", review.review, name="review"),
    path("reviews/<uuid:review>/words/", words.words, name="words"),
    # The room: no identifier in any address, opened by its own lease
    path("room/", room.room, name="room"),
    path("room/now/", room.room_now, name="room-now"),
    path("room/pulse/", room.room_pulse, name="room-pulse"),
    path("room/moment/<int:number>/film", room.room_moment, {"what": "film"}, name="room-film"),
    path("room/moment/<int:number>/picture", room.room_moment, {"what": "picture"}, name="room-picture"),
    path("room/moment/<int:number>/seen/", room.room_seen, name="room-seen"),
    path("room/moment/<int:number>/still/", room.room_still, name="room-still"),
    path("room/moment/<int:number>/still/<int:frame>/", room.room_still_picture, name="room-still-picture"),
    path("room/order/", room.room_order, name="room-order"),
    path("room/words/", room.room_words, name="room-words"),
    path("room/ideas/", room.room_ideas, name="room-ideas"),
    path("room/end/", room.room_end, name="room-end"),
    path("room/resume/", room.room_resume, name="room-resume"),
    path("room/leave/", room.room_leave, name="room-leave"),
    path("room/rate/", room.rate, name="rate"),
]
