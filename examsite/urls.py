"""Every address of the site, in one table; tests walk it as every role."""

from __future__ import annotations

from django.urls import include, path

from accounts.views.login_cards import class_cards
from accounts.views.sign_in import SignInView, sign_out
from exams.views import (
    bank,
    bank_item,
    bank_print,
    decisions,
    hand_ins,
    marking,
    player,
    room,
    room_sitting,
    room_wide,
)
from examsite import views
from scoring.views import (
    calibration_steps,
    calibrations,
    class_practice,
    class_report,
    experiments,
    growth,
    ministry_report,
    practice,
    pupil_report,
    readiness,
    result,
    target,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", SignInView.as_view(), name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("staff/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("sit/shell/", player.shell, name="player_shell"),
    path("sit/<uuid:sitting>/", player.sit, name="sit"),
    path("sittings/<uuid:sitting>/result/", result.sitting_result, name="result"),
    path("readiness/", readiness.how_we_know, name="readiness"),
    path("readiness/target/", target.target, name="target"),
    path("growth/", growth.growth, name="growth"),
    path("practice/", practice.open_set, name="practice"),
    path("classes/<uuid:class_group>/", class_report.class_page, name="class_report"),
    path("classes/<uuid:class_group>/practice/", class_practice.practice_page, name="class_practice"),
    path("pupils/<uuid:pupil>/", pupil_report.pupil_page, name="pupil_report"),
    path("rooms/<uuid:class_group>/", room.board, name="room_board"),
    path("rooms/<uuid:class_group>/cards/", class_cards, name="class_cards"),
    path("rooms/<uuid:class_group>/decisions/", decisions.decisions, name="decisions"),
    path("rooms/<uuid:class_group>/hand-ins/", hand_ins.hand_ins, name="hand_ins"),
    path("rooms/<uuid:class_group>/pause/", room_wide.pause, name="pause_room"),
    path("rooms/<uuid:class_group>/go-on/", room_wide.go_on, name="go_on_room"),
    path("rooms/<uuid:class_group>/announcement/", room_wide.say, name="announce"),
    path("rooms/<uuid:class_group>/unlock-code/", room_wide.unlock_code, name="unlock_code"),
    path("rooms/sittings/<uuid:sitting>/", room_sitting.page, name="room_sitting"),
    path("rooms/sittings/<uuid:sitting>/grant/", room_sitting.grant, name="grant_time"),
    path("rooms/sittings/<uuid:sitting>/pause/", room_sitting.pause, name="pause_sitting"),
    path("rooms/sittings/<uuid:sitting>/go-on/", room_sitting.go_on, name="go_on_sitting"),
    path("rooms/sittings/<uuid:sitting>/hand-in/", room_sitting.hand_in, name="hand_in_for_pupil"),
    path("rooms/sittings/<uuid:sitting>/reopen/", room_sitting.reopen_sitting, name="reopen"),
    path("marking/", marking.waiting, name="marking"),
    path(
        "marking/<uuid:class_group>/<uuid:administration>/<int:item>/",
        marking.texts,
        name="marking_texts",
    ),
    path(
        "marking/<uuid:class_group>/<uuid:administration>/<int:item>/<slug:text>/",
        marking.one_text,
        name="marking_text",
    ),
    path("bank/", bank.item_list, name="bank"),
    path("bank/coverage/", bank.coverage_page, name="bank_coverage"),
    path("bank/items/<str:ref>/", bank_item.item, name="bank_item"),
    path("bank/items/<str:ref>/phone/", bank_item.phone, name="bank_phone"),
    path("bank/forms/<uuid:form>/print/", bank_print.print_form, name="bank_print"),
    path("calibrations/", calibrations.overview, name="calibrations"),
    path("calibrations/new/", calibration_steps.request_new, name="request_calibration"),
    path("calibrations/runs/<int:run>/in-force/", calibration_steps.return_to, name="return_to_run"),
    path("calibrations/<uuid:calibration>/", calibrations.one, name="calibration"),
    path("calibrations/<uuid:calibration>/items/", calibration_steps.choose_items, name="calibrated_items"),
    path("calibrations/<uuid:calibration>/decision/", calibration_steps.decide, name="decide_calibration"),
    path(
        "calibrations/<uuid:calibration>/withdrawal/",
        calibration_steps.take_back,
        name="withdraw_calibration",
    ),
    path(
        "calibrations/<uuid:calibration>/in-force/",
        calibration_steps.come_into_force,
        name="put_calibration_in_force",
    ),
    path("country/", ministry_report.country_page, name="country"),
    path("experiments/", experiments.experiments, name="experiments"),
    path("experiments/new/", experiments.new_experiment, name="new_experiment"),
    path("experiments/<uuid:experiment>/", experiments.experiment, name="experiment"),
    path("experiments/<uuid:experiment>/approve/", experiments.approve, name="approve_experiment"),
    path("experiments/<uuid:experiment>/begin/", experiments.begin, name="begin_experiment"),
    path("experiments/<uuid:experiment>/stop/", experiments.stop, name="stop_experiment"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", views.healthz, name="healthz"),
    path("styleguide/", views.styleguide, name="styleguide"),
]

handler400 = "examsite.views.bad_request"
handler403 = "examsite.views.forbidden"
handler404 = "examsite.views.not_found"
handler500 = "examsite.views.server_error"
