"""URLs of the sign-in, password and login method pages. Each method app has its own URLs."""

from django.urls import path

from sign_in.views import enrollment, pages, password, sign_in
from sign_in.views.security import changes, overview

app_name = "sign_in"

urlpatterns = [
    path("", pages.home, name="home"),
    path("sign-in/", sign_in.account_name, name="account_name"),
    path("sign-in/password/", sign_in.password, name="password"),
    path("sign-in/verify/", sign_in.verify, name="verify"),
    path("sign-in/stay/", sign_in.stay, name="remember_me"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("signed-out/", pages.signed_out, name="signed_out"),
    path("enroll/", enrollment.enroll, name="enroll"),
    path("enroll/methods/", enrollment.enroll_methods, name="enroll_methods"),
    path("enroll/done/", enrollment.enrolled, name="enrolled"),
    path("password/forgotten/", password.forgotten, name="password_forgotten"),
    path("password/too-old/", password.too_old, name="password_too_old"),
    path("password/sent/", password.sent, name="password_sent"),
    path("password/new/<uidb64>/<token>/", password.NewPasswordView.as_view(), name="password_new"),
    path("password/changed/", password.changed, name="password_changed"),
    path("security-info/", overview.security_info, name="security_info"),
    path("security-info/activity/", overview.recent_activity, name="activity"),
    path("security-info/sessions/end/", overview.end_session, name="end_session"),
    path("security-info/sessions/end-others/", overview.end_other_sessions, name="end_other_sessions"),
    path("security-info/add/", changes.add, name="device_add"),
    path("security-info/changed/", changes.changed, name="security_changed"),
    path("security-info/<slug:method>/<int:device>/change/", changes.change, name="device_change"),
    path("security-info/<slug:method>/<int:device>/remove/", changes.remove, name="device_remove"),
    path("security-info/<slug:method>/<int:device>/first/", changes.prefer, name="device_first"),
    path("security-info/<slug:method>/<int:device>/name/", changes.rename, name="device_name"),
    path("help/", pages.help_page, name="help"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("was/", pages.was, name="was"),
    path("privacy/", pages.privacy, name="privacy"),
]
