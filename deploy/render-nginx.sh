#!/bin/sh
# Write nginx's configuration for a host of your own: deploy/render-nginx.sh >/etc/nginx/conf.d/vig.conf
# Reads the VIG_… below from the environment, /etc/vig/env included when it is there.
set -eu
set -a
[ ! -r /etc/vig/env ] || . /etc/vig/env
: "${VIG_HOST:?Set VIG_HOST to the name that people type}"
: "${VIG_UPSTREAM:=127.0.0.1:8000}"
: "${VIG_MEDIA:=/var/lib/vig/media}"
: "${VIG_TLS:=/etc/vig/tls}"
: "${VIG_SOCKETS:=/run/vig-nginx}"
: "${VIG_HTTP_PORT:=80}"
: "${VIG_HTTPS_PORT:=443}"
set +a
# Only our own: nginx has variables of the same form.
sed -e "s|\${VIG_HOST}|$VIG_HOST|g" -e "s|\${VIG_UPSTREAM}|$VIG_UPSTREAM|g" -e "s|\${VIG_MEDIA}|$VIG_MEDIA|g" \
  -e "s|\${VIG_TLS}|$VIG_TLS|g" -e "s|\${VIG_SOCKETS}|$VIG_SOCKETS|g" \
  -e "s|\${VIG_HTTP_PORT}|$VIG_HTTP_PORT|g" -e "s|\${VIG_HTTPS_PORT}|$VIG_HTTPS_PORT|g" \
  "$(dirname "$0")/nginx.conf"
