"""URLs of the SMS factor."""

from django.urls import path

from mfa_sms.views import enrollment, receipts, verification

app_name = "mfa_sms"

urlpatterns = [
    path("sms/receipts/<slug:gateway>/", receipts.receive, name="receipts"),
    path("sign-in/verify/send/", verification.send, name="send"),
    path("sign-in/verify/code/", verification.code, name="code"),
    path("sign-in/verify/code/status/", verification.code_status, name="code_status"),
    path("enroll/phone/", enrollment.phone, name="phone"),
    path("enroll/phone/check/", enrollment.phone_check, name="phone_check"),
    path("enroll/phone/send/", enrollment.phone_send, name="phone_send"),
    path("enroll/phone/code/", enrollment.phone_code, name="phone_code"),
    path("enroll/phone/code/status/", enrollment.phone_code_status, name="phone_code_status"),
]
