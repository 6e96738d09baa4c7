from django.urls import URLPattern, path

from referrals.views import deciding, doors, following, form, meeting, sending, service, triage, views

app_name = "referrals"


# The pages of a draft, the same for the public and for a colleague: what follows its id, the view, the name.
WRITING = (
    ("", form.resume, "resume"),
    ("not-this-time/", form.not_this_time, "not-this-time"),
    ("no-agreement/", form.no_agreement, "no-agreement"),
    ("help-now/", form.help_now, "help-now"),
    ("check/", form.check, "check"),
    ("declaration/", form.declaration, "declaration"),
    ("sent/", sending.sent, "sent"),
    ("copy.pdf", sending.copy, "copy"),
    ("files/<uuid:attachment>/remove/", form.file_remove, "file-remove"),
    ("<slug:step>/", form.question, "step"),
    ("<slug:step>/<int:item>/", form.question, "item"),
    ("<slug:step>/<int:item>/remove/", form.item_remove, "item-remove"),
)


def _writing(begin: str, prefix: str, *, staff: bool) -> list[URLPattern]:
    return [
        path(f"{begin}<uuid:draft>/{rest}", view, {"staff": staff}, name=f"{prefix}-{name}")
        for rest, view, name in WRITING
    ]


urlpatterns = [
    path("about-vig/", doors.guide, name="guide"),
    path("talk-to-us/", doors.talk, name="talk"),
    path("talk-to-us/thanks/", doors.talk_thanks, name="talk-thanks"),
    path("refer/", doors.doors, name="doors"),
    path("refer/forget/", doors.forget, name="forget"),
    path("refer/return/<str:token>/", sending.come_back, name="return"),
    path("refer/<uuid:draft>/save/", sending.save, name="refer-save"),
    path("refer/<uuid:draft>/saved/", sending.saved, name="refer-saved"),
    *_writing("refer/", "refer", staff=False),
    path("referral/", following.follow, name="follow"),
    path("referral/withdraw/", following.follow_withdraw, name="follow-withdraw"),
    path("referral/link-sent/", following.follow_renewed, name="follow-renewed"),
    path("referral/<str:token>/", following.follow_open, name="follow-open"),
    path("referrals/", triage.referral_queue, name="queue"),
    path("referrals/export/<slug:kind>/", views.export, name="export"),
    path("referrals/views/new/", views.view_keep, name="view-keep"),
    path("referrals/views/<uuid:view>/", views.view_edit, name="view-edit"),
    path("referrals/views/<uuid:view>/remove/", views.view_remove, name="view-remove"),
    path("referrals/meetings/", meeting.meetings_list, name="meetings"),
    path("referrals/meetings/new/", meeting.meeting_begin, name="meeting-begin"),
    path("referrals/meetings/<uuid:meeting>/", meeting.meeting_page, name="meeting"),
    path("referrals/meetings/<uuid:meeting>/next/", meeting.meeting_next, name="meeting-next"),
    path("referrals/meetings/<uuid:meeting>/end/", meeting.meeting_end, name="meeting-end"),
    path("referrals/<uuid:referral>/", triage.referral, name="referral"),
    path("referrals/<uuid:referral>/sent.pdf", triage.what_was_sent, name="what-was-sent"),
    path("referrals/<uuid:referral>/leave/", meeting.leave, name="leave"),
    path("referrals/<uuid:referral>/letter/<slug:to>/", triage.letter, name="letter"),
    path("referrals/<uuid:referral>/take-on/", triage.take_on, name="take-on"),
    path("referrals/<uuid:referral>/ask/", triage.ask, name="ask"),
    path("referrals/<uuid:referral>/note/", triage.note, name="note"),
    path("referrals/<uuid:referral>/priority/", triage.priority, name="priority"),
    path("referrals/<uuid:referral>/files/<uuid:attachment>/", triage.attachment, name="attachment"),
    path("referrals/<uuid:referral>/accept/", deciding.accept, name="accept"),
    path("referrals/<uuid:referral>/undo/", deciding.undo, name="undo"),
    path("referrals/<uuid:referral>/<slug:outcome>/", deciding.decide, name="decide"),
    path("referrals/calls/", service.calls, name="calls"),
    path("referrals/calls/<uuid:call>/", service.call, name="call"),
    path("referrals/settings/", service.settings, name="settings"),
    path("referrals/settings/rules/", service.rules, name="rules"),
    path("referrals/settings/area/", service.area, name="area"),
    path("referrals/settings/texts/<slug:key>/", service.text, name="text"),
    path("referrals/settings/<slug:which>/add/", service.row, name="row-add"),
    path("referrals/settings/<slug:which>/<int:row>/", service.row, name="row"),
    path("referrals/new/", doors.key_in, name="key-in"),
    *_writing("referrals/new/", "key-in", staff=True),
]
