"""How people sign in: nobody signs up, and a lost password is mailed only where mail is set up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest


class ConsoleAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """allauth's hooks."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # the hook's signature
        """Never: an admin adds people in Settings, or `raincheck createsuperuser` does."""
        return False


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Username or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = "Username or e-mail"
        login.widget.attrs.update(autocomplete="username", autofocus=True)
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)
