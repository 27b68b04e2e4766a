# Carelake's images: one environment from the lock, and what each service needs on top of it. A target is a service's:
# spark (master, workers and the demo), mlflow, airflow; minio is built from source, since its makers publish no images.
FROM golang:1.26.8 AS minio-build
RUN CGO_ENABLED=0 go install github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c

FROM python:3.11.14-slim-bookworm AS base
# Debian's archive keeps one build of each package, so a pinned one could not be installed after its next fix.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl openjdk-17-jre-headless procps \
    && rm -rf /var/lib/apt/lists/*
# Volumes are mounted on folders of the user, so that a new one is the user's.
RUN useradd --create-home --uid 1000 carelake \
    && install -d -o carelake -g carelake /opt/carelake /opt/carelake/data /opt/uv /opt/spark /opt/airflow /var/lib/mlflow /var/lib/minio
USER 1000
WORKDIR /opt/carelake
ENV PATH=/opt/carelake/.venv/bin:$PATH PYTHONUNBUFFERED=1

FROM base AS build
# Spark asks for the address of its host, whose name nothing may resolve while an image is built.
ENV SPARK_LOCAL_IP=127.0.0.1 UV_LINK_MODE=copy UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN python -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir uv==0.13.9
# Packages change seldom and the code often, so they are layers of their own.
COPY --chown=1000 pyproject.toml uv.lock README.md LICENSE ./
RUN /opt/uv/bin/uv sync --locked --no-dev --no-install-project
COPY --chown=1000 scripts scripts
COPY --chown=1000 conf conf
COPY --chown=1000 carelake carelake
COPY --chown=1000 datagenerator datagenerator
COPY --chown=1000 jobs jobs
COPY --chown=1000 ml ml
RUN /opt/uv/bin/uv sync --locked --no-dev \
    && mkdir -p .cache \
    && (python scripts/fetch_jars.py || (cat .cache/jars.log && exit 1)) \
    && python scripts/archive_classes.py

FROM base AS spark
COPY --from=build --chown=1000 /opt/carelake /opt/carelake
CMD ["carelake", "demo"]

FROM spark AS mlflow
ENV UV_LINK_MODE=copy UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN --mount=type=bind,from=build,source=/opt/uv,target=/opt/uv \
    /opt/uv/bin/uv sync --locked --no-dev --inexact --group services
CMD ["mlflow", "server"]

FROM mlflow AS airflow
RUN --mount=type=bind,from=build,source=/opt/uv,target=/opt/uv \
    /opt/uv/bin/uv sync --locked --no-dev --inexact --group services --group airflow
COPY --chown=1000 airflow airflow
CMD ["airflow", "version"]

FROM base AS minio
COPY --from=minio-build /go/bin/minio /usr/local/bin/minio
CMD ["minio", "server", "/var/lib/minio"]
