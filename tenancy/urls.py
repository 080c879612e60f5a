"""The front door, signing in, and a member's own keys. Included at the root."""

from allauth.account import views as allauth
from django.urls import include, path, re_path

from tenancy.views.choosing import SetLanguage, SetTheme
from tenancy.views.company import CompanySwitch, FrontDoor
from tenancy.views.large_print import SetLargePrint
from tenancy.views.offline import OfflinePage, ServiceWorker
from tenancy.views.token import TokenPage, TokenRevoke

own = [
    path("", FrontDoor.as_view(), name="front_door"),
    path("sw.js", ServiceWorker.as_view(), name="service_worker"),
    path("accounts/offline/", OfflinePage.as_view(), name="offline"),
    path("accounts/companies/", CompanySwitch.as_view(), name="company_switch"),
    path("accounts/language/", SetLanguage.as_view(), name="set_language"),
    path("accounts/theme/", SetTheme.as_view(), name="set_theme"),
    path("accounts/print/", SetLargePrint.as_view(), name="set_large_print"),
    path("<slug:company>/tokens/", TokenPage.as_view(), name="tokens"),
    path("<slug:company>/tokens/<uuid:pk>/revoke/", TokenRevoke.as_view(), name="token_revoke"),
]

# Of allauth only what is meant to be here: nobody signs up, nobody manages addresses. The names
# are those by which allauth finds its own pages.
signing_in = [
    path("login/", allauth.login, name="account_login"),
    path("login/code/", allauth.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

urlpatterns = [
    path("", include((own, "tenancy"))),
    path("accounts/", include(signing_in)),
]
