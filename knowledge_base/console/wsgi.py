"""The console for a WSGI server: `gunicorn knowledge_base.console.wsgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_base.console.settings")
application = get_wsgi_application()
