# One image for web, worker and beat; compose.yaml says which of them a container is.
FROM node:22-slim AS frontend
WORKDIR /concord/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 DATA_DIR=/data
WORKDIR /concord
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=frontend /concord/workflow/static/build workflow/static/build
RUN python -m runner.builds --translations \
    && useradd --system --home-dir /data concord \
    && install --directory --owner=concord --group=concord /data
USER concord
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
