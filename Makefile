# One-line wrappers; what they do is in package.json and scripts/.
IMAGE ?= codex-self-evolution-e2e
ENV_FILE ?= $(HOME)/.codex-self-evolution/.env.provider

.PHONY: test preflight e2e-local docker-build docker-run docker-e2e provider-smoke-minimax provider-smoke-openai provider-smoke-anthropic

test:
	npm test

preflight:
	node dist/cli.js compile-preflight --repo-root .

e2e-local:
	npm run e2e:local

docker-build:
	docker build -t "$(IMAGE)" .

docker-run:
	docker run --rm "$(IMAGE)"

docker-e2e: docker-build docker-run

provider-smoke-minimax:
	node scripts/provider-smoke.mjs minimax --keys "$(ENV_FILE)"

provider-smoke-openai:
	node scripts/provider-smoke.mjs openai-compatible --keys "$(ENV_FILE)"

provider-smoke-anthropic:
	node scripts/provider-smoke.mjs anthropic-style --keys "$(ENV_FILE)"
