"""A message to the person who is writing its words."""

from uuid import uuid4

from raincheck.gateways.mail import Mail, MailDeferred, MailRefused, MailServerAway, mail_gateway
from raincheck.notices.layout import Rendered, page_of


def send_trial_mail(address: str, message: Rendered) -> str:
    """Sends it; empty when the mail server took it, else why it did not leave."""
    if not address:
        return "You have no e-mail address: give one under your own settings."
    gateway = mail_gateway()
    if not gateway.leaves:
        return "No mail server is configured, so nothing was sent (docs/guides/messages.md)."
    key = f"trial-{uuid4().hex}"
    try:
        gateway.send(
            Mail(
                key=key,
                thread=key,
                address=address,
                subject=message.subject,
                text=message.text,
                html=page_of(message.subject, message.html),
            )
        )
    except (MailRefused, MailDeferred, MailServerAway) as failure:
        return f"The mail server did not take it: {failure}"
    finally:
        gateway.close()
    return ""
