"""What `raincheck demo` does before it serves, in a process of its own so that the long-lived parent stays small."""

import sys
from concurrent.futures import ThreadPoolExecutor

from raincheck.cli.outcome import exit_status


def set_up() -> None:
    """Migrate, load the demo company where nobody has worked yet, print the sign-ins."""
    import django

    django.setup()

    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from raincheck.cli import demo_company
    from raincheck.config.databases import ensure_template

    call_command("migrate", verbosity=0, interactive=False)
    # Drills start from the template: it is built beside the company, by a process of its own.
    with ThreadPoolExecutor(1) as beside:
        template = beside.submit(ensure_template)
        if not get_user_model()._default_manager.exists():
            demo_company.load()
        template.result()
    print(demo_company.sign_ins())


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raincheck.config.settings")
    sys.exit(exit_status(set_up))
