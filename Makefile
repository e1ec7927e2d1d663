# `make help` lists the targets. Needs Python 3.11 or newer. Everything that it installs or writes is in this folder.

# The Python of an existing .venv, otherwise python3. To use another one: make PYTHON=/path/to/python3
PYTHON ?= $(shell test -x .venv/bin/python && readlink -f .venv/bin/python || echo python3)

VENV := .venv/bin/python
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
# Each language of the settings has a folder; `make language` adds one.
LANGUAGES := $(patsubst locale/%/LC_MESSAGES/django.po,%,$(wildcard locale/*/LC_MESSAGES/django.po))
EXTRACT := makemessages $(LANGUAGES:%=--locale %) --no-wrap --no-obsolete --add-location file \
	--ignore var --ignore benchmarks --ignore docs --ignore tests
LOCK := .venv/bin/uv pip compile -q --no-cache --generate-hashes --no-emit-index-url --no-header --universal \
	--python-version 3.11 $(if $(UPGRADE),--upgrade)
# The tests that need no service and no other program.
FAST := -m "not postgresql and not browser and not broker" --ignore tests/entra --ignore tests/oidc --ignore tests/kannel

# Without bytecode, each of the many processes would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run help reset shell test test-fast check words format messages extract language guide pictures lock clean install install-dev install-directory
.DELETE_ON_ERROR:

## Run
run: install $(CATALOGUES)      ## run the portal with demo accounts until Ctrl-C; PORT=8001 moves it, EMPTY=1 omits the history
	@DEBUG=1 exec $(VENV) manage.py run $(if $(PORT),--port $(PORT)) $(if $(EMPTY),--empty)

reset: install                  ## delete the database, messages and mails of `make run`
	@$(VENV) -m tools.reset

shell: install $(CATALOGUES)    ## open Django's shell on the database of `make run`
	@DEBUG=1 $(VENV) manage.py shell

## Test
test: install-dev $(CATALOGUES) ## run every check and test; T=path runs one file or folder, T='path -k word' fewer
	@exec $(VENV) $(if $(T),-m pytest -q $(T),-m tests.everything)

test-fast: install-dev          ## run the tests that need no service, on SQLite
	@exec $(VENV) -m pytest -q -n auto --dist loadfile $(FAST)

check: install-dev              ## check format, lint, imports, types, templates, catalogues, migrations and settings
	@exec $(VENV) -m tests.checks

words: install                  ## check the texts in locale/, in seconds; FIX=1 first repairs the layout of the files
	@$(VENV) -m words $(if $(FIX),--fix)

## Change
format: install-dev             ## lay out the code and fix what the linter can
	$(VENV) -m ruff check --fix .
	$(VENV) -m ruff format .

messages: install-dev           ## extract interface texts into locale/ (needs GNU gettext)
	@$(MAKE) -s extract

extract:
	$(VENV) -m django $(EXTRACT)
	$(VENV) -m words.extraction

language: install-dev           ## add a language, or remove it with REMOVE=1: make language LANGUAGE=sv
	@$(VENV) -m tools.language $(LANGUAGE) $(if $(REMOVE),--remove)
	@$(MAKE) -s extract
	@$(if $(REMOVE),,$(VENV) -m tools.language $(LANGUAGE) --fill)

guide: install-dev $(CATALOGUES) ## take the pictures of the help page again, after a change of what its pages say
	$(VENV) -m tests.browser.guide_pictures

pictures: install-dev $(CATALOGUES) ## take the pictures of docs/helpdesk.md again, from a demo with 60 days of history
	$(VENV) -m tests.browser.demo_screenshots var/pictures

lock: install-dev               ## compile requirements*.in into requirements*.txt; UPGRADE=1 takes the newest versions
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-directory.in -o requirements-directory.txt

clean:                          ## remove .venv and var
	rm -rf .venv var

help:                           ## list these targets
	@awk -F ':.*## ' '/^## / { print substr($$0, 4) ":" } /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

install-directory:              ## install what the university's directory (LDAP) needs; a C compiler builds it

# They do nothing, and use no network, if .venv is up to date.
install install-dev install-directory:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python 3.11 or newer is needed,\
	 and $(PYTHON) is not: $$("$(PYTHON)" --version 2>&1). Name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -m tools.install $(patsubst install-%,%,$(filter install-%,$@))

%.mo: %.po | install
	@$(VENV) -m tools.catalogues
