# Python, a Java runtime and the project with all it needs; `docker compose run --rm demo` builds the default lake.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends make openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home carelake && install -d -o carelake /opt/carelake/data
USER carelake
WORKDIR /opt/carelake
COPY --chown=carelake . .
RUN make setup

CMD ["make", "demo"]
