# Makefile - `make help` lists the targets. Sources are found by wildcard; objects go to
# build/$(MODE). `make MODE=asan` builds for a sanitizer, `make CC=clang` with another compiler,
# `make ARCH=` for any processor of this kind instead of this very one.
MODE    ?= release
ARCH    ?= native
CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
LIBDIR  ?= $(PREFIX)/lib
VERSION := $(shell sed -n 's/.*STSFIT_VERSION "\(.*\)".*/\1/p' lib/stsfit.h)
SOVERSION := $(firstword $(subst ., ,$(VERSION)))
OS      := $(shell uname -s)
, := ,

# ---- flags: what pkg-config does not know is looked for under its usual name ----

ifeq ($(OS),Darwin)
BREW    := $(shell brew --prefix 2>/dev/null)
export PKG_CONFIG_PATH := $(PKG_CONFIG_PATH):$(BREW)/opt/openblas/lib/pkgconfig
endif
PKGS    := zlib libutf8proc libpcre2-8 libzip
BLAS    := $(firstword $(foreach p,openblas flexiblas cblas,$(shell pkg-config --exists $(p) 2>/dev/null && echo $(p))))
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) $(BLAS))
PKG_LIBS := $(shell pkg-config --libs $(PKGS))

# The BLAS is opened at run time; of the build's only the header is needed, and its name (BLAS_NAME)
# and folder are what is tried first.
ifeq ($(BLAS),)
PKG_CFLAGS += $(patsubst %,-I%,$(wildcard /usr/include/openblas /usr/local/opt/openblas/include))
else
BLAS_DIR := $(shell pkg-config --variable=libdir $(BLAS))
BLAS_FILE := $(firstword $(wildcard $(patsubst -l%,$(BLAS_DIR)/lib%.so,$(shell pkg-config --libs-only-l $(BLAS)))))
BLAS_NAME ?= $(if $(BLAS_FILE),$(shell objdump -p $(BLAS_FILE) 2>/dev/null | sed -n 's/^ *SONAME *//p'))
endif
ifneq ($(BLAS_NAME),)
PKG_CFLAGS += -DSTS_BLAS='"$(BLAS_NAME)"' -DSTS_BLAS_DIR='"$(BLAS_DIR:%/=%)"'
endif

# `make MPI=1`: with MPI, as mpicc would build it. -isystem: its headers have warnings of their own.
MPICC   ?= mpicc
ifneq ($(MPI),)
MPI_SHOW := $(shell $(MPICC) -show)
ifeq ($(MPI_SHOW),)
$(error no $(MPICC): scripts/install-deps.sh --mpi)
endif
PKG_CFLAGS += -DSTS_MPI $(patsubst -I%,-isystem %,$(filter -I%,$(MPI_SHOW)))
PKG_LIBS += $(filter -L% -l% -Wl%,$(MPI_SHOW))
endif

# oneDNN for --precision bf16: only its header is needed here, the library is opened when it is wanted.
# BF16=1 insists, BF16=0 does without.
BF16    ?= auto
ifneq ($(filter-out 0,$(BF16)),)
HAS_DNNL := $(shell printf '\043include <dnnl.h>\n' | $(CC) $(CPPFLAGS) -E - >/dev/null 2>&1 && echo 1)
ifeq ($(BF16)-$(HAS_DNNL),1-)
$(error no oneDNN: scripts/install-deps.sh --bf16)
endif
PKG_CFLAGS += $(if $(HAS_DNNL),-DSTS_BF16)
endif

WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion
MARCH   := $(if $(ARCH),-march=$(ARCH))
OPT_release  := -O3 -g $(MARCH) -fno-math-errno -fno-trapping-math
OPT_asan     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
OPT_tsan     := -O1 -g -fsanitize=thread
OPT_cover    := -O0 -g --coverage
OPT_valgrind := -O1 -g
OPT_lint     := -O1 -Werror $(if $(findstring clang,$(CC)),-Wno-pass-failed)
OPT     := $(OPT_$(MODE))
HARDEN  := $(if $(filter release,$(MODE)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
CPPFLAGS += -Ilib -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_GNU_SOURCE $(PKG_CFLAGS)
ALL_CFLAGS = -std=c11 $(WARN) $(OPT) $(HARDEN) -fopenmp -fPIC -fvisibility=hidden $(CFLAGS)
LIBS    := $(PKG_LIBS) -lm -ldl
LDFLAGS += -fopenmp $(OPT) $(if $(filter Linux,$(OS)),-Wl$(,)--as-needed) $(if $(filter release-Linux,$(MODE)-$(OS)),-Wl$(,)-z$(,)relro$(,)-z$(,)now)
PIE     := $(if $(filter release-Linux,$(MODE)-$(OS)),-pie)

BUILD   := build/$(MODE)
LIB_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(filter-out lib/examples/%,$(wildcard lib/*.c lib/*/*.c)))
CMD_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard cmd/*.c))
UNIT_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/*.c))
TOOLS   := $(patsubst tests/tools/%.c,$(BUILD)/%,$(wildcard tests/tools/*.c))
TOOL_OBJ := $(TOOLS:$(BUILD)/%=$(BUILD)/tests/tools/%.o)
PROGRAM := $(if $(filter build/release,$(BUILD)),stsfit,$(BUILD)/stsfit)
ifeq ($(OS),Darwin)
SHARED  := libstsfit.$(VERSION).dylib
SHARED_LINKS := libstsfit.$(SOVERSION).dylib libstsfit.dylib
SONAME  := -dynamiclib -install_name $(LIBDIR)/libstsfit.$(SOVERSION).dylib
else
SHARED  := libstsfit.so.$(VERSION)
SHARED_LINKS := libstsfit.so.$(SOVERSION) libstsfit.so
SONAME  := -shared -Wl,-soname,libstsfit.so.$(SOVERSION)
endif

# ---- building; `make V=1` shows the commands ----

Q       := $(if $(V),,@)
SAY     = $(if $(V),:,echo '  $(1)  $@')

all: $(PROGRAM) $(BUILD)/libstsfit.a $(BUILD)/$(SHARED) ## the program and the libraries

# `make LINK=shared`: a program that takes the library from where it is installed.
$(PROGRAM): $(CMD_OBJ) $(BUILD)/$(if $(filter shared,$(LINK)),$(SHARED),libstsfit.a)
	@$(call SAY,LD)
	$(Q)$(CC) $(PIE) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libstsfit.a: $(LIB_OBJ)
	@rm -f $@
	@$(call SAY,AR)
	$(Q)$(AR) rcs $@ $^

$(BUILD)/$(SHARED): $(LIB_OBJ)
	@$(call SAY,LD)
	$(Q)$(CC) $(SONAME) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@$(call SAY,CC)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Changes when a flag does, so that everything is built again then.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(ALL_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(CPPFLAGS) $(ALL_CFLAGS)' > $@

$(BUILD)/unit: $(UNIT_OBJ) $(BUILD)/libstsfit.a
	@pkg-config --exists criterion || { echo "make: no Criterion: scripts/install-deps.sh --test" >&2; exit 1; }
	@$(call SAY,LD)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(shell pkg-config --libs criterion 2>/dev/null)

$(TOOLS): $(BUILD)/%: $(BUILD)/tests/tools/%.o $(BUILD)/libstsfit.a
	@$(call SAY,LD)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# ---- tests: each suite is tests/NAME.sh; the last line is "N passed, N failed[, N skipped]" ----

SUITES  := unit blas cli mpi library examples install readme house page
RUN     := MODE=$(MODE) BUILD=$(BUILD) STSFIT=$(PROGRAM) CC=$(CC) MAKE=$(MAKE) sh tests/run.sh

test: $(BUILD)/unit ## unit tests (seconds)
	@$(RUN) unit

check: all $(BUILD)/unit $(TOOLS) ## everything that runs in minutes
	@$(RUN) $(SUITES)

cli: $(PROGRAM) $(BUILD)/validate ## the command line's tests; ONLY=word: those whose names have it
	@$(RUN) cli

asan: ## unit, command-line and library tests under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory MODE=asan ARCH= sanitized

tsan: ## a training and the library's tests under ThreadSanitizer
	@sh scripts/tsan.sh

# The leak checker stumbles over thread-local data of libraries that were opened at run time.
sanitized: all $(BUILD)/unit $(BUILD)/validate
	@ASAN_OPTIONS=$${ASAN_OPTIONS:+$$ASAN_OPTIONS:}intercept_tls_get_addr=0 $(RUN) \
	    unit cli $(if $(filter asan,$(MODE)),library examples)

arm64: ## unit tests on ARM64: cross-compiled, under qemu; ROOT=DIR is a Debian system for it
	@MAKE=$(MAKE) sh scripts/arm64.sh $(ROOT)

lint: ## room directions, lengths, words, shellcheck, compilers' warnings, clang-tidy, cppcheck
	@MAKE=$(MAKE) sh scripts/lint.sh

format: ## the C lines that are not committed yet, as .clang-format says
	@git clang-format --force --extensions c,h HEAD

lint-objects: $(LIB_OBJ) $(CMD_OBJ) $(UNIT_OBJ) $(TOOL_OBJ)

# FILE.tidy: clang-tidy found nothing in FILE.c as it is now, nor in its headers. The files that define
# the functions analyzer.h speaks of cannot be read with it.
TIDY    := $(patsubst %.o,%.tidy,$(LIB_OBJ) $(CMD_OBJ))
TIDY_BARE := $(BUILD)/lib/core/err.tidy $(BUILD)/lib/core/mem.tidy
TIDY_FLAGS = -std=c11 -fopenmp $(CPPFLAGS) $(if $(filter $(TIDY_BARE),$@),,-include tests/tools/analyzer.h)

lint-tidy: $(TIDY)

$(BUILD)/%.tidy: %.c $(BUILD)/flags .clang-tidy
	@mkdir -p $(@D)
	$(Q)$(CC) $(TIDY_FLAGS) -MM -MP -MT $@ -MF $@.d $<
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $< -- $(TIDY_FLAGS) 2> /dev/null
	@touch $@

valgrind: ## a short train, eval and resume under valgrind
	@$(MAKE) --no-print-directory MODE=valgrind ARCH= build/valgrind/stsfit
	@STSFIT=build/valgrind/stsfit sh scripts/valgrind.sh

coverage: ## lines and branches that the tests reach
	@rm -f $$(find build/cover -name '*.gcda' 2> /dev/null)
	@$(MAKE) --no-print-directory MODE=cover ARCH= sanitized
	@SLOW=10 python3 -W ignore tests/torture/hostile.py build/cover/stsfit
	@sh scripts/coverage.sh build/cover

bench: all $(BUILD)/read_data $(BUILD)/gemm_floor ## speed, memory, and where the time goes; QUICK=1: two minutes
	@sh scripts/bench.sh

drill: ## hosts and links that fail under MPI, on test hosts (root)
	@MAKE=$(MAKE) sh tests/mpi_hosts.sh

# fuzz (tests/fuzz), torture (tests/torture): targets of their own files, when these are there.
-include tests/fuzz/fuzz.mk tests/torture/torture.mk

# ---- installing: FROM:TO:MODE, one list for install and uninstall ----

# The guides keep their places below share/doc, so that the links between them work there too.
SHARE   := $(PREFIX)/share
DOC     := $(SHARE)/doc/stsfit
GUIDES  := LICENSE $(wildcard *.md */README.md lib/*/README.md data/*.svg) \
           $(filter-out %.md,$(wildcard lib/examples/*.*))
PC      := $(BUILD)/stsfit.pc $(BUILD)/stsfit-static.pc
FILES   := $(PROGRAM):$(PREFIX)/bin/stsfit:755 \
           $(BUILD)/libstsfit.a:$(LIBDIR)/libstsfit.a:644 \
           $(BUILD)/$(SHARED):$(LIBDIR)/$(SHARED):644 \
           scripts/stsfit-fetch:$(PREFIX)/libexec/stsfit/stsfit-fetch:755 \
           $(foreach f,$(wildcard lib/stsfit*.h),$(f):$(PREFIX)/include/$(notdir $(f)):644) \
           $(foreach f,$(PC),$(f):$(LIBDIR)/pkgconfig/$(notdir $(f)):644) \
           cmd/stsfit.1:$(SHARE)/man/man1/stsfit.1:644 \
           $(BUILD)/bash:$(SHARE)/bash-completion/completions/stsfit:644 \
           $(BUILD)/zsh:$(SHARE)/zsh/site-functions/_stsfit:644 \
           $(BUILD)/fish:$(SHARE)/fish/vendor_completions.d/stsfit.fish:644 \
           $(foreach f,$(GUIDES),$(f):$(DOC)/$(f):644) \
           $(foreach f,$(wildcard data/schema/*.json),$(f):$(SHARE)/stsfit/schema/$(notdir $(f)):644)
OWN_DIRS := $(PREFIX)/libexec/stsfit $(SHARE)/stsfit/schema $(SHARE)/stsfit \
            $(patsubst %/README.md,$(DOC)/%,$(wildcard lib/*/README.md */README.md)) $(DOC)

$(BUILD)/bash $(BUILD)/zsh $(BUILD)/fish: $(PROGRAM)
	./$(PROGRAM) completion $(@F) > $@

# What a static library needs: gcc's OpenMP is opened at run time (lib/core/gomp.c), others are linked.
# Apple's linker has no -l:FILE, which alone follows PKG_CONFIG_SYSROOT_DIR.
$(PC): OPENMP = $(if $(findstring clang,$(shell $(CC) --version)),-fopenmp,-pthread)
$(PC): STATIC = $(if $(filter Darwin,$(OS)),$${libdir}/libstsfit.a,-L$${libdir} -l:libstsfit.a)
$(PC): $(BUILD)/%.pc: lib/%.pc.in FORCE
	@sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|; s|@STATIC@|$(STATIC)|; s|@LIBS@|$(LIBS) $(OPENMP)|' $< > $@

install: all $(BUILD)/bash $(BUILD)/zsh $(BUILD)/fish $(PC) ## PREFIX (/usr/local) and DESTDIR say where
	@echo '$(FILES)' | tr ' ' '\n' | while IFS=: read -r from to mode; do \
	    install -d "$(DESTDIR)$${to%/*}" && install -m $$mode $$from "$(DESTDIR)$$to" || exit 1; \
	done
	@for l in $(SHARED_LINKS); do ln -sf $(SHARED) "$(DESTDIR)$(LIBDIR)/$$l" || exit 1; done
	@echo "stsfit $(VERSION) is in $(DESTDIR)$(PREFIX)"

uninstall: ## takes away exactly what install put there
	@echo '$(FILES)' | tr ' ' '\n' | while IFS=: read -r from to mode; do \
	    rm -f "$(DESTDIR)$$to" || exit 1; \
	done
	@for l in $(SHARED_LINKS); do rm -f "$(DESTDIR)$(LIBDIR)/$$l" || exit 1; done
	@for d in $(OWN_DIRS); do [ ! -d "$(DESTDIR)$$d" ] || rmdir "$(DESTDIR)$$d" || true; done

deb: ## a Debian package, for any processor of this architecture, in build/
	@MAKE=$(MAKE) VERSION=$(VERSION) sh scripts/deb.sh

dist: ## build/stsfit-VERSION.tar.gz, from git when there is one
	@VERSION=$(VERSION) sh scripts/dist.sh

man: $(PROGRAM) ## writes cmd/stsfit.1 anew from the tables of options
	./$(PROGRAM) man > cmd/stsfit.1

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1 /p' $(MAKEFILE_LIST) | while read -r name text; do \
	    printf '%-12s%s\n' "$$name" "$$text"; done

clean: ## removes what was built
	rm -rf build stsfit

-include $(patsubst %.o,%.d,$(LIB_OBJ) $(CMD_OBJ) $(UNIT_OBJ) $(TOOL_OBJ))
-include $(TIDY:=.d)

.PHONY: all test check cli asan tsan sanitized arm64 format lint lint-objects lint-tidy valgrind coverage bench drill install \
        uninstall deb dist man help clean FORCE
.DELETE_ON_ERROR:
