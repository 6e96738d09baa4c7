from collections.abc import Sequence

from django.urls import URLPattern, include, path

from referrals.views import doors, following, form, sending

app_name = "referrals"


def _writing(prefix: str, *, staff: bool) -> Sequence[URLPattern]:
    """The pages of a draft, the same for the public and for a colleague."""
    given = {"staff": staff}
    return [
        path("", form.resume, given, name=f"{prefix}-resume"),
        path("not-this-time/", form.not_this_time, given, name=f"{prefix}-not-this-time"),
        path("no-agreement/", form.no_agreement, given, name=f"{prefix}-no-agreement"),
        path("help-now/", form.help_now, given, name=f"{prefix}-help-now"),
        path("check/", form.check, given, name=f"{prefix}-check"),
        path("declaration/", form.declaration, given, name=f"{prefix}-declaration"),
        path("sent/", sending.sent, given, name=f"{prefix}-sent"),
        path("copy.pdf", sending.copy, given, name=f"{prefix}-copy"),
        path("files/<uuid:attachment>/remove/", form.file_remove, given, name=f"{prefix}-file-remove"),
        path("<slug:step>/", form.question, given, name=f"{prefix}-step"),
        path("<slug:step>/<int:item>/", form.question, given, name=f"{prefix}-item"),
        path("<slug:step>/<int:item>/remove/", form.item_remove, given, name=f"{prefix}-item-remove"),
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
    path("refer/<uuid:draft>/", include(_writing("refer", staff=False))),
    path("referral/", following.follow, name="follow"),
    path("referral/withdraw/", following.follow_withdraw, name="follow-withdraw"),
    path("referral/link-sent/", following.follow_renewed, name="follow-renewed"),
    path("referral/<str:token>/", following.follow_open, name="follow-open"),
    path("referrals/new/", doors.key_in, name="key-in"),
    path("referrals/new/<uuid:draft>/", include(_writing("key-in", staff=True))),
]
