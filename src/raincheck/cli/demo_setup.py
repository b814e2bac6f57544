"""What `raincheck demo` does before it serves, in a process of its own so that the long-lived parent stays small."""

import sys
from importlib import import_module
from importlib.util import find_spec

from raincheck.cli.outcome import exit_status

COMPANY = "raincheck.cli.demo_company"


def set_up() -> None:
    """Migrate, load the demo company where nobody has worked yet, print the sign-ins."""
    import django

    django.setup()

    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from raincheck.config.databases import ensure_template

    call_command("migrate", verbosity=0, interactive=False)
    ensure_template()
    if find_spec(COMPANY):
        company = import_module(COMPANY)
        if not get_user_model()._default_manager.exists():
            company.load()
        print(company.sign_ins())


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raincheck.config.settings")
    sys.exit(exit_status(set_up))
