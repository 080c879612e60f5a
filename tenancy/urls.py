"""The front door, signing in, and a member's own keys. Included at the root."""

from allauth.account import views as allauth
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

from tenancy.views import all_tokens, audit, department, member, operator, own_company
from tenancy.views.access import AccessEnd, AccessList
from tenancy.views.account import (
    AccountPage,
    FactorNeeded,
    SessionEnd,
    SessionList,
    SignInAgain,
    SignOut,
    freshly,
)
from tenancy.views.brand import AppIcon, BrandSheet, Logo
from tenancy.views.choosing import SetLanguage, SetTheme
from tenancy.views.company import CompanySwitch, FrontDoor
from tenancy.views.large_print import SetLargePrint
from tenancy.views.lost_factor import MemberLostFactor
from tenancy.views.offline import OfflinePage, ServiceWorker
from tenancy.views.second_factor import SecondFactorPage
from tenancy.views.styleguide import StyleguidePage
from tenancy.views.token import TokenPage, TokenRevoke

own = [
    path("", FrontDoor.as_view(), name="front_door"),
    path("sw.js", ServiceWorker.as_view(), name="service_worker"),
    path("styleguide/", StyleguidePage.as_view(), name="styleguide"),
    path("accounts/offline/", OfflinePage.as_view(), name="offline"),
    path("operator/", operator.CompanyList.as_view(), name="operator"),
    path("operator/log/", operator.OperatorLog.as_view(), name="operator_log"),
    path("operator/factors/", operator.LostFactor.as_view(), name="operator_lost_factor"),
    path("operator/new/", operator.CompanyNew.as_view(), name="operator_company_new"),
    path("operator/<uuid:pk>/", operator.CompanySheet.as_view(), name="operator_company"),
    *(
        path(f"operator/<uuid:pk>/{verb}/", view.as_view(), name=f"operator_company_{verb}")
        for verb, view in (
            ("suspend", operator.CompanySuspend),
            ("resume", operator.CompanyResume),
            ("enter", operator.CompanyEnter),
            ("leave", operator.CompanyLeave),
            ("export", operator.CompanyExport),
        )
    ),
    path(
        "<slug:company>/settings/second-factor/",
        SecondFactorPage.as_view(),
        name="second_factor",
    ),
    path("<slug:company>/platform-access/", AccessList.as_view(), name="access_list"),
    path("<slug:company>/platform-access/<uuid:pk>/end/", AccessEnd.as_view(), name="access_end"),
    path(
        "<slug:company>/members/<uuid:pk>/second-factor/",
        MemberLostFactor.as_view(),
        name="member_lost_factor",
    ),
    path("accounts/", AccountPage.as_view(), name="account"),
    path("accounts/again/", SignInAgain.as_view(), name="sign_in_again"),
    path("accounts/sessions/<int:pk>/end/", SessionEnd.as_view(), name="session_end"),
    path("accounts/second-factor/needed/", FactorNeeded.as_view(), name="factor_needed"),
    path("accounts/companies/", CompanySwitch.as_view(), name="company_switch"),
    path("accounts/language/", SetLanguage.as_view(), name="set_language"),
    path("accounts/theme/", SetTheme.as_view(), name="set_theme"),
    path("accounts/print/", SetLargePrint.as_view(), name="set_large_print"),
    path("<slug:company>/tokens/", TokenPage.as_view(), name="tokens"),
    path("<slug:company>/tokens/<uuid:pk>/revoke/", TokenRevoke.as_view(), name="token_revoke"),
]

# How a company looks to everybody who comes to its door.
assets = [
    path("assets/<slug:company>/brand.css", BrandSheet.as_view(), name="brand_sheet"),
    path("assets/<slug:company>/logo.png", Logo.as_view(), name="logo"),
    path("assets/<slug:company>/icon-<slug:kind>.png", AppIcon.as_view(), name="app_icon"),
]

SETTINGS = "<slug:company>/settings/"
MEMBER = f"{SETTINGS}members/<uuid:pk>/"

settings = [
    path(f"{SETTINGS}company/", own_company.CompanyPage.as_view(), name="company_edit"),
    path(f"{SETTINGS}looks/", own_company.LooksPage.as_view(), name="looks"),
    path(f"{SETTINGS}looks/sample.css", own_company.LooksSheet.as_view(), name="looks_sheet"),
    path(f"{SETTINGS}looks/colour/", own_company.ColourPage.as_view(), name="colour"),
    path(f"{SETTINGS}looks/logo/", own_company.LogoPage.as_view(), name="logo_set"),
    path(f"{SETTINGS}looks/logo/remove/", own_company.LogoRemovePage.as_view(), name="logo_remove"),
    path(
        f"{SETTINGS}departments/", department.DepartmentListPage.as_view(), name="department_list"
    ),
    path(
        f"{SETTINGS}departments/<uuid:pk>/", department.DepartmentPage.as_view(), name="department"
    ),
    path(f"{SETTINGS}members/", member.MemberListPage.as_view(), name="member_list"),
    path(f"{SETTINGS}members/new/", member.MemberAddPage.as_view(), name="member_add"),
    path(MEMBER, member.MemberPage.as_view(), name="member"),
    path(f"{MEMBER}dismiss/", member.MemberDismissPage.as_view(), name="member_dismiss"),
    path(f"{MEMBER}readmit/", member.MemberReadmitPage.as_view(), name="member_readmit"),
    path(f"{SETTINGS}roles/", member.RolePage.as_view(), name="role_table"),
    path(f"{SETTINGS}tokens/", all_tokens.AllTokensPage.as_view(), name="token_all"),
    path(
        f"{SETTINGS}tokens/<uuid:pk>/revoke/",
        all_tokens.AnyTokenRevoke.as_view(),
        name="token_revoke_any",
    ),
    path(f"{SETTINGS}audit/", audit.AuditPage.as_view(), name="audit"),
    path(f"{SETTINGS}audit/export/", audit.AuditExport.as_view(), name="audit_export"),
]

# Of allauth only what is meant to be here: nobody signs up. The names are those by which allauth
# finds its own pages.
signing_in = [
    path("login/", allauth.login, name="account_login"),
    path("login/code/", allauth.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", SignOut.as_view(), name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("confirm/", allauth.reauthenticate, name="account_reauthenticate"),
    path("email/", freshly(allauth.email), name="account_email"),
    path("email/confirm/", allauth.email_verification_sent, name="account_email_verification_sent"),
    path("phone/", freshly(allauth.change_phone), name="account_change_phone"),
    path("phone/confirm/", allauth.verify_phone, name="account_verify_phone"),
    path("password/set/", freshly(allauth.password_set), name="account_set_password"),
    path("sessions/", SessionList.as_view(), name="usersessions_list"),
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

second_factor = [
    path("", factors.index, name="mfa_index"),
    path("sign-in/", factors.authenticate, name="mfa_authenticate"),
    path("confirm/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("app/", freshly(app.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("passkeys/", factors.index, name="mfa_list_webauthn"),
    path("passkeys/add/", freshly(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "passkeys/sign-in/", login_not_required(passkeys.login_webauthn), name="mfa_login_webauthn"
    ),
    path("passkeys/confirm/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]

urlpatterns = [
    path("", include(([*own, *assets, *settings], "tenancy"))),
    path("accounts/", include(signing_in)),
    path("accounts/second-factor/", include(second_factor)),
]
