"""The addresses of the record, read as a contents page."""

from django.urls import path

from families.views import (
    access,
    addresses,
    birth,
    case,
    consent,
    contacts,
    describing,
    documents,
    duty,
    frame,
    glass,
    households,
    loss,
    note_templates,
    notes,
    people,
    professionals,
    risk,
)

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
    path("cases/<uuid:case>/people/known/", households.person_known, name="person-known"),
    path("cases/<uuid:case>/people/known/<uuid:person>/", households.person_join, name="person-join"),
    path("cases/<uuid:case>/people/<uuid:person>/", people.person_page, name="person"),
    path("cases/<uuid:case>/people/<uuid:person>/change/", people.person_edit, name="person-edit"),
    path("cases/<uuid:case>/people/<uuid:person>/contact/", describing.contact, name="person-contact"),
    path("cases/<uuid:case>/people/<uuid:person>/about/", describing.about, name="person-about"),
    path("cases/<uuid:case>/people/<uuid:person>/household/", describing.place, name="person-place"),
    path("cases/<uuid:case>/people/<uuid:person>/needs/new/", describing.need_add, name="need-add"),
    path("cases/<uuid:case>/people/<uuid:person>/needs/asked/", describing.needs_asked, name="needs-asked"),
    path("cases/<uuid:case>/needs/<uuid:need>/", describing.need_edit, name="need-edit"),
    path("cases/<uuid:case>/people/<uuid:person>/legal/new/", describing.legal_add, name="legal-add"),
    path("cases/<uuid:case>/legal/<uuid:legal>/", describing.legal_edit, name="legal-edit"),
    path("cases/<uuid:case>/addresses/new/", addresses.address_add, name="address-add"),
    path("cases/<uuid:case>/addresses/<uuid:address>/", addresses.address_edit, name="address-edit"),
    # professionals around the family
    path("cases/<uuid:case>/professionals/", professionals.professionals, name="professionals"),
    path("cases/<uuid:case>/professionals/new/", professionals.professional_add, name="professional-add"),
    path(
        "cases/<uuid:case>/professionals/<uuid:professional>/",
        professionals.professional_edit,
        name="professional-edit",
    ),
    path("cases/<uuid:case>/people/<uuid:person>/born/", birth.person_born, name="person-born"),
    path("cases/<uuid:case>/people/<uuid:person>/loss/", loss.loss, name="loss"),
    path("cases/<uuid:case>/people/<uuid:person>/loss/new/", loss.loss_record, name="loss-record"),
    path("cases/<uuid:case>/people/<uuid:person>/loss/wishes/", loss.loss_wishes, name="loss-wishes"),
    path("cases/<uuid:case>/people/<uuid:person>/loss/asked/", loss.loss_asked, name="loss-asked"),
    path("cases/<uuid:case>/people/<uuid:person>/loss/mistake/", loss.loss_strike_out, name="loss-strike-out"),
    path("cases/<uuid:case>/loss/messages/", loss.loss_messages, name="loss-messages"),
    path("cases/<uuid:case>/loss/close/", loss.loss_close, name="loss-close"),
    # notes and contacts
    path("cases/<uuid:case>/notes/", notes.notes_tab, name="notes"),
    path("cases/<uuid:case>/notes/new/", notes.note_new, name="note-new"),
    path("cases/<uuid:case>/notes/<uuid:note>/", notes.note, name="note"),
    path("cases/<uuid:case>/notes/<uuid:note>/write/", notes.note_write, name="note-write"),
    path("cases/<uuid:case>/notes/<uuid:note>/save/", notes.note_save, name="note-save"),
    path("cases/<uuid:case>/notes/<uuid:note>/about/", notes.note_about, name="note-about"),
    path("cases/<uuid:case>/notes/<uuid:note>/add/", notes.note_add, name="note-add"),
    path("cases/<uuid:case>/notes/<uuid:note>/error/", notes.note_strike, name="note-strike"),
    path("cases/<uuid:case>/contacts/new/", contacts.contact_log, name="contact-log"),
    path("cases/<uuid:case>/contacts/<uuid:contact>/", contacts.contact_edit, name="contact-edit"),
    path("cases/<uuid:case>/contacts/<uuid:contact>/error/", contacts.contact_strike, name="contact-strike"),
    path("settings/note-templates/", note_templates.note_templates, name="note-templates"),
    path("settings/note-templates/new/", note_templates.note_template, name="note-template-add"),
    path("settings/note-templates/<int:template>/", note_templates.note_template, name="note-template-edit"),
    # advice about families that stay anonymous
    path("consultations/", contacts.consultations, name="consultations"),
    path("consultations/new/", contacts.consultation_log, name="consultation-log"),
    path("consultations/<uuid:consultation>/error/", contacts.consultation_strike, name="consultation-strike"),
    # documents
    path("cases/<uuid:case>/documents/", documents.documents, name="documents"),
    path("cases/<uuid:case>/documents/new/", documents.document_add, name="document-add"),
    path("cases/<uuid:case>/documents/<uuid:document>/", documents.document, name="document"),
    path("cases/<uuid:case>/documents/<uuid:document>/picture/", documents.document_picture, name="document-picture"),
    path("cases/<uuid:case>/documents/<uuid:document>/error/", documents.document_strike, name="document-strike"),
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
