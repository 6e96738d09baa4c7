#!/bin/sh
# Make the secrets of a new installation in ./secrets (or the directory given). Never replaces one that exists:
# a lost SECRET_KEY signs everybody out, a lost field key makes every second factor unreadable.
set -eu
umask 077
directory=${1:-secrets}
mkdir -p "$directory/tls"
chmod 700 "$directory"
chmod 755 "$directory/tls"

# The directory keeps others out; the files can be read, since a container's user is another than yours.
put() { # put NAME: standard input becomes the secret
  if [ -e "$directory/$1" ]; then
    cat >/dev/null
    echo "kept   $directory/$1"
  else
    cat >"$directory/$1"
    chmod 444 "$directory/$1"
    echo "made   $directory/$1"
  fi
}

openssl rand -base64 60 | tr -d '\n' | put secret_key
openssl rand -base64 32 | tr '+/' '-_' | tr -d '\n' | put field_keys
openssl rand -hex 24 | tr -d '\n' | put postgres_password
openssl rand -hex 24 | tr -d '\n' | put redis_password
printf 'postgres://vig:%s@postgres:5432/vig' "$(cat "$directory/postgres_password")" | put database_url
printf 'redis://:%s@redis:6379/0' "$(cat "$directory/redis_password")" | put redis_url
put redis.conf <<EOF
requirepass $(cat "$directory/redis_password")
dir /data
appendonly yes
appendfsync everysec
save ""
maxmemory 256mb
maxmemory-policy noeviction
EOF
printf 'smtp+tls://user:password@smtp.your-organisation.example:587' | put email_url
echo "Now write your mail server into $directory/email_url, and put fullchain.pem and privkey.pem into $directory/tls."
