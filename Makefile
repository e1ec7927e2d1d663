# make            run the portal with demo accounts on this machine, until Ctrl-C
# make test       every check and test; the last lines say what was used and what was skipped
# make format     lay out the code and mend what a linter can
# make messages   extract what people read into locale/ (needs GNU gettext)
# make lock       compile requirements*.in into requirements*.txt; UPGRADE=1 takes the newest versions
# make clean      remove .venv and var
#
# Needs Python 3.11 or newer; everything it installs or writes stays in this folder.

PYTHON ?= python3

VENV := .venv/bin/python
PIP := $(VENV) -m pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
EXTRACT := makemessages --locale da --locale en --no-wrap --no-obsolete --add-location file \
	--ignore var --ignore benchmarks --ignore docs --ignore tests
LOCK := .venv/bin/uv pip compile -q --no-cache --generate-hashes --no-emit-index-url --no-header --universal \
	--python-version 3.11 $(if $(UPGRADE),--upgrade)

.PHONY: run test format messages lock clean FORCE
.DELETE_ON_ERROR:

run: .venv/installed $(CATALOGUES)
	@exec $(VENV) manage.py run $(if $(PORT),--port $(PORT))

test: .venv/installed-dev $(CATALOGUES)
	@exec $(VENV) -m tests.everything

format: .venv/installed-dev
	$(VENV) -m ruff check --fix .
	$(VENV) -m ruff format .

messages: .venv/installed-dev
	$(VENV) -m django $(EXTRACT)
	$(VENV) locale/fill_english.py

lock: .venv/installed-dev
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv var

# The folder was moved, or its Python was removed: install again.
ifneq ($(shell test -x $(VENV) && $(VENV) -c 'import pip' 2>/dev/null && echo ok),ok)
.venv/installed: FORCE
endif

.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python 3.11 or newer is needed,\
	 and $(PYTHON) is not: $$($(PYTHON) --version 2>&1). Name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(VENV) && $(VENV) -c 'import pip' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "Installing requirements.txt into .venv, once."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing requirements-dev.txt into .venv, once."
	@$(PIP) -r requirements-dev.txt
	@touch $@

# Babel does it, so that gettext is not needed to run.
%.mo: %.po | .venv/installed
	@$(VENV) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@
