#!/usr/bin/env bash
# A role and a database of its own for each service; PostgreSQL's image runs this once, on an empty volume.
set -euo pipefail

database() {
  psql --no-psqlrc --username "$POSTGRES_USER" --dbname postgres \
    --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
SQL
}

database airflow "$AIRFLOW_DB_PASSWORD"
database mlflow "$MLFLOW_DB_PASSWORD"
