# Makefile - `make help` lists the targets. Sources are found by wildcard; objects go to
# build/$(MODE).
MODE    ?= release
ARCH    ?= native
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc

PKGS    := openblas libcjson zlib libutf8proc libpcre2-8 libzip
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion
MARCH   := $(if $(ARCH),-march=$(ARCH))
OPT_release := -O3 -g $(MARCH) -fno-math-errno -fno-trapping-math
OPT_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
OPT_tsan    := -O1 -g -fsanitize=thread
OPT_cover   := -O0 -g --coverage
OPT     := $(OPT_$(MODE))
HARDEN  := $(if $(filter release,$(MODE)),-D_FORTIFY_SOURCE=2 -fstack-protector-strong)
CPPFLAGS += -Ilib -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_GNU_SOURCE \
            $(shell pkg-config --cflags $(PKGS))
CFLAGS  ?=
ALL_CFLAGS := -std=c11 $(WARN) $(OPT) $(HARDEN) -fopenmp -fPIC -fvisibility=default $(CFLAGS)
LIBS    := $(shell pkg-config --libs $(PKGS)) -lm -ldl
LDFLAGS += $(if $(filter release,$(MODE)),-Wl$(,)-z$(,)relro$(,)-z$(,)now) -fopenmp $(OPT)
, := ,

BUILD   := build/$(MODE)
LIB_SRC := $(wildcard lib/*.c lib/*/*.c)
CMD_SRC := $(wildcard cmd/*.c)
TEST_SRC := $(wildcard tests/unit/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CMD_OBJ := $(CMD_SRC:%.c=$(BUILD)/%.o)
TEST_OBJ := $(TEST_SRC:%.c=$(BUILD)/%.o)
PROGRAM := $(if $(filter release,$(MODE)),stsfit,$(BUILD)/stsfit)

all: $(PROGRAM) $(BUILD)/libstsfit.a $(BUILD)/libstsfit.so ## the program and the libraries

$(PROGRAM): $(CMD_OBJ) $(BUILD)/libstsfit.a
	$(CC) $(LDFLAGS) -rdynamic -o $@ $^ $(LIBS)

$(BUILD)/libstsfit.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/libstsfit.so: $(LIB_OBJ)
	$(CC) -shared $(LDFLAGS) -Wl,-soname,libstsfit.so.0 -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/unit: $(TEST_OBJ) $(BUILD)/libstsfit.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(shell pkg-config --libs criterion)

test: $(PROGRAM) $(BUILD)/unit ## unit tests (seconds)
	$(BUILD)/unit --quiet -j1

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

clean: ## removes what was built
	rm -rf build stsfit

-include $(LIB_OBJ:.o=.d) $(CMD_OBJ:.o=.d) $(TEST_OBJ:.o=.d)

.PHONY: all test help clean
.DELETE_ON_ERROR:
