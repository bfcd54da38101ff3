# The loop from the command line in a container: docker compose run --rm e2e
# Nothing of the host's Codex or of our home is in it, and it needs no key.
FROM node:22-bookworm-slim

# git, plistutil and systemd-analyze are what the tests ask about units and repositories.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends git make libplist-utils systemd \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app
RUN chown node:node /app
# Root may write everywhere; some tests are about being refused.
USER node

COPY --chown=node:node package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# What stays outside, .dockerignore says.
COPY --chown=node:node . .
RUN npm run build

CMD ["bash", "scripts/docker-e2e.sh"]
