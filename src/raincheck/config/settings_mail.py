"""How messages leave, as settings. Without RAINCHECK_SMTP_URL nothing is sent: messages stay in the mailbox.

Environment: RAINCHECK_SMTP_URL (`smtp://user:password@host:587`, which asks for TLS unless the host is this machine;
`smtps://…` for TLS from the start, port 465; `?tls=off` to do without), RAINCHECK_MAIL_FROM (the sender that customers
see and answer to, such as `Field & Hearth <hello@example.com>`), RAINCHECK_SMS_URL (the service for short texts),
RAINCHECK_WEBHOOK_NETWORKS (networks of one's own that webhooks may call, besides the public Internet).
"""

import os

from raincheck.config.channels import own_networks, sms_url
from raincheck.config.smtp_url import parse_smtp_url, sender

_server = parse_smtp_url(os.environ.get("RAINCHECK_SMTP_URL"))

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _server else 'dummy'}.EmailBackend"
EMAIL_HOST = _server.host if _server else ""
EMAIL_PORT = _server.port if _server else 0
EMAIL_HOST_USER = _server.user if _server else ""
EMAIL_HOST_PASSWORD = _server.password if _server else ""
EMAIL_USE_TLS = bool(_server and _server.tls == "starttls")
EMAIL_USE_SSL = bool(_server and _server.tls == "from_the_start")
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = SERVER_EMAIL = sender(os.environ.get("RAINCHECK_MAIL_FROM"), _server)

SMS_URL = sms_url(os.environ.get("RAINCHECK_SMS_URL"))
WEBHOOK_NETWORKS = own_networks(os.environ.get("RAINCHECK_WEBHOOK_NETWORKS"))
