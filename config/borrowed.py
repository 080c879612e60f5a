"""Texts of REST framework that it lacks in Traditional Chinese, though the API shows them.

Named here, they are in our own catalogues, which come before the framework's.
"""

from django.utils.translation import gettext_noop as _

BORROWED = (
    _("A server error occurred."),
    _("A valid biginteger is required."),
    _("Authentication credentials were not provided."),
    _("Could not satisfy the request Accept header."),
    _("Date has wrong format. Use one of these formats instead: {format}."),
    _("Datetime has wrong format. Use one of these formats instead: {format}."),
    _("Datetime value out of range."),
    _("Ensure this field has at least {min_length} elements."),
    _("Ensure this field has no more than {max_length} elements."),
    _('Expected a dictionary of items but got type "{input_type}".'),
    _("Expected available in {wait} second."),
    _("Expected available in {wait} seconds."),
    _("Incorrect authentication credentials."),
    _("Incorrect type. Expected pk value, received {data_type}."),
    _("Invalid cursor"),
    _("Invalid input."),
    _("Malformed request."),
    _("Must be a valid UUID."),
    _("Must be a valid boolean."),
    _("No filename could be determined."),
    _("Not a valid string."),
    _("Request was throttled."),
    _("Surrogate characters are not allowed: U+{code_point:X}."),
    _("This dictionary may not be empty."),
    _("This value does not match the required pattern."),
)
