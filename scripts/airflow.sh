#!/usr/bin/env bash
# Run Airflow on the project's DAGs: `scripts/airflow.sh standalone`, and in another shell `scripts/airflow.sh dags list`.
# Its home is .airflow/ (AIRFLOW_HOME), its port 8080 (AIRFLOW_PORT).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

port=${AIRFLOW_PORT:-8080}
address=http://127.0.0.1:$port
export AIRFLOW_HOME=${AIRFLOW_HOME:-$PWD/.airflow}
passwords=$AIRFLOW_HOME/passwords.json
signing_key=$AIRFLOW_HOME/signing_key

secret() { python3 -c 'import secrets, sys; print(secrets.token_hex(int(sys.argv[1])), end="")' "$1"; }

# Login and key are made once and stay in Airflow's home, readable by their owner alone.
mkdir -p "$AIRFLOW_HOME"
[ -f "$passwords" ] || (umask 077 && printf '{"admin": "%s"}\n' "$(secret 6)" >"$passwords")
[ -f "$signing_key" ] || (umask 077 && secret 32 >"$signing_key")

set -a
# shellcheck source=conf/airflow/local.env
. conf/airflow/local.env
AIRFLOW__CORE__DAGS_FOLDER=$PWD/airflow/dags
AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=$passwords
AIRFLOW__API_AUTH__JWT_SECRET=$(cat "$signing_key")
AIRFLOW__API__PORT=$port
AIRFLOW__API__BASE_URL=$address
# Tasks speak to the server; without this they look for it at port 8080.
AIRFLOW__CORE__EXECUTION_API_SERVER_URL=$address/execution/
# Tasks run where the scheduler was started; from here a relative folder means what it means to a person.
CARELAKE_DATA_DIR=${CARELAKE_DATA_DIR:-data}
case $CARELAKE_DATA_DIR in *://*) ;; *) CARELAKE_DATA_DIR=$(realpath -m "$CARELAKE_DATA_DIR") ;; esac
PATH=$PWD/.venv/bin:$PATH
set +a

# What `airflow standalone` starts, less the two servers of logs that it has listen on all addresses: the pages read
# the files. Whoever ends this script, or any of the four, ends all.
run_all() {
  local pids=()
  trap 'kill "${pids[@]}" 2>/dev/null; wait' EXIT
  trap 'exit 130' INT TERM
  for part in api-server "scheduler --skip-serve-logs" "triggerer --skip-serve-logs" dag-processor; do
    # shellcheck disable=SC2086  # words of a command
    airflow $part &
    pids+=($!)
  done
  wait -n
}

if [ "${1:-}" = standalone ]; then
  airflow db migrate >"$AIRFLOW_HOME/migrate.log" 2>&1 || { cat "$AIRFLOW_HOME/migrate.log" >&2; exit 1; }
  airflow connections import conf/airflow/connections.json >>"$AIRFLOW_HOME/migrate.log" 2>&1
  echo "Airflow comes up at $address (user admin, password $(sed 's/.*"admin": "\(.*\)".*/\1/' "$passwords")),"
  echo "on the lake below $CARELAKE_DATA_DIR. Its DAGs are paused: unpause and trigger them there, or with"
  echo "scripts/airflow.sh dags unpause lake_daily && scripts/airflow.sh dags trigger lake_daily"
  run_all
else
  exec airflow "$@"
fi
