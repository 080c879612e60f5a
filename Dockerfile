# The portal's image: the same for web, worker, beat and migrate; only the command differs.

FROM node:24-slim AS front
WORKDIR /portal
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.13-slim AS build
WORKDIR /portal
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
COPY requirements/uv.txt requirements/uv.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.txt
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --compile-bytecode
COPY . .
COPY --from=front /portal/node_modules node_modules
# Collecting files reads the settings, which want their names; nothing of this stays in the image.
RUN .venv/bin/python -m config.translations && \
    SECRET_KEY=build FIELD_KEYS=build INDEX_KEY=build STATIC_ROOT=/portal/published \
    DATABASE_URL=postgres://build@build/build REDIS_URL=redis://build \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0 && \
    rm -rf node_modules

FROM python:3.13-slim
RUN useradd --system --create-home --uid 1000 portal && install -d -o portal /portal/media
WORKDIR /portal
COPY --from=build /portal /portal
ENV PATH=/portal/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATIC_ROOT=/portal/published \
    MEDIA_ROOT=/portal/media \
    PORT=8000
USER portal
EXPOSE 8000
CMD ["gunicorn", "config.asgi:application", "--worker-class", "config.live_worker.LiveWorker", "--no-control-socket"]
