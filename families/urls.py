"""The addresses of the record, read as a contents page."""

from django.urls import path

from families.views import access, case, consent, duty, frame, glass, packs, people, risk

app_name = "families"

urlpatterns = [
    # families and their cases
    path("families/", case.case_index, name="list"),
    path("families/open/", case.case_open, name="open"),
    path("cases/<uuid:case>/", case.case_page, name="case"),
    path("cases/<uuid:case>/stage/", case.stage, name="stage"),
    path("cases/<uuid:case>/who/", case.allocate, name="allocate"),
    path("cases/<uuid:case>/close/", case.close, name="close"),
    path("cases/<uuid:case>/reopen/", case.reopen, name="reopen"),
    # people
    path("cases/<uuid:case>/people/", people.people, name="people"),
    path("cases/<uuid:case>/people/new/", people.person_add, name="person-add"),
    path("cases/<uuid:case>/people/<uuid:person>/", people.person_edit, name="person-edit"),
    path("cases/<uuid:case>/people/<uuid:person>/born/", people.person_born, name="person-born"),
    # consent
    path("cases/<uuid:case>/consent/", consent.consent, name="consent"),
    path("cases/<uuid:case>/consent/stop/", consent.consent_withdraw, name="consent-withdraw"),
    path("cases/<uuid:case>/consent/<uuid:person>/", consent.consent_record, name="consent-record"),
    # risk
    path("cases/<uuid:case>/risk/", risk.risk, name="risk"),
    path("cases/<uuid:case>/risk/new/", risk.risk_add, name="risk-add"),
    path("cases/<uuid:case>/risk/<uuid:concern>/", risk.risk_settle, name="risk-settle"),
    # who may open the record, and who did
    path("cases/<uuid:case>/access/", access.access, name="access"),
    path("cases/<uuid:case>/access/restrict/", access.restrict, name="restrict"),
    path("cases/<uuid:case>/access/lift/", access.lift, name="restriction-lift"),
    # a copy of somebody's record
    path("cases/<uuid:case>/copies/new/", packs.pack_ask, name="pack-ask"),
    path("cases/<uuid:case>/copies/<uuid:pack>/", packs.pack, name="pack"),
    path("cases/<uuid:case>/copies/<uuid:pack>/status/", packs.pack_status, name="pack-status"),
    path("cases/<uuid:case>/copies/<uuid:pack>/download/", packs.pack_download, name="pack-download"),
    path("cases/<uuid:case>/copies/<uuid:pack>/again/", packs.pack_again, name="pack-again"),
    path("cases/<uuid:case>/copies/<uuid:pack>/end/", packs.pack_end, name="pack-end"),
    # what is handed to a family: one address for whatever it is, opened by a lease of its own
    path("together/", frame.frame, name="frame"),
    path("together/leave/", frame.frame_leave, name="frame-leave"),
    path("together/<slug:step>/", frame.frame, name="frame-step"),
    # duty
    path("duty/", duty.duty, name="duty"),
    path("duty/new/", duty.shift_add, name="shift-add"),
    path("duty/rules/", duty.duty_rules, name="duty-rules"),
    path("duty/<uuid:shift>/", duty.shift_edit, name="shift-edit"),
    path("alerts/<uuid:alert>/", duty.alert, name="alert"),
    # opened for a written reason
    path("families/another-team/", glass.glass_find, name="glass-find"),
    path("cases/<uuid:case>/break-glass/", glass.break_glass, name="break-glass"),
    path("cases/<uuid:case>/break-glass/close/", glass.glass_close, name="glass-close"),
    path("break-glass/<uuid:glass>/", glass.glass_notice, name="glass-notice"),
]
