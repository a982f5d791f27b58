# fuzz.mk - `make fuzz SECONDS=60` runs every harness of tests/fuzz for so long under libFuzzer with
# AddressSanitizer and UBSan (needs clang); HARNESS=NAME runs that one. New inputs are kept in
# build/fuzz/corpus. `make fuzz-regress` runs every seed and every former finding once, with any
# compiler. AFL++, one harness (its library apart, seeds from `make fuzz-build`):
# make fuzz-build FUZZ_CC=afl-clang-fast FUZZ_ENGINE= FUZZ_DIR=build/afl HARNESS=tsv, then
# afl-fuzz -m none -i build/afl/seeds/tsv -o build/afl/out build/afl/tsv @@
SECONDS  ?= 60
FUZZ_CC  ?= clang
FUZZ_ENGINE ?= fuzzer
FUZZ_SAN := address,undefined
FUZZ_DIR := build/fuzz
HARNESSES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
HARNESS  ?= $(HARNESSES)
FUZZ_FLAGS = -O2 -g -Wno-pass-failed -fno-omit-frame-pointer -fno-sanitize-recover=all \
             -fsanitize=$(if $(FUZZ_ENGINE),fuzzer-no-link$(,))$(FUZZ_SAN)

fuzz: fuzz-build ## every harness for SECONDS (60); HARNESS=NAME: that one
	@FUZZ_DIR=$(FUZZ_DIR) SECONDS=$(SECONDS) sh tests/fuzz/run.sh $(HARNESS)

fuzz-build:
	@$(MAKE) --no-print-directory MODE=fuzz BUILD=$(FUZZ_DIR) CC=$(FUZZ_CC) ARCH= \
	    CFLAGS='$(FUZZ_FLAGS)' $(HARNESS:%=$(FUZZ_DIR)/%)
	@sh tests/fuzz/seeds.sh $(FUZZ_DIR)/seeds

$(FUZZ_DIR)/commands.a: $(filter-out $(FUZZ_DIR)/cmd/main.o,$(patsubst %.c,$(FUZZ_DIR)/%.o,$(wildcard cmd/*.c)))
	@$(FUZZ_CC) $(CPPFLAGS) $(ALL_CFLAGS) -Dmain=stsfit_main -c -o $(FUZZ_DIR)/table.o cmd/main.c
	@rm -f $@
	@$(AR) rcs $@ $^ $(FUZZ_DIR)/table.o

$(HARNESSES:%=$(FUZZ_DIR)/%): $(FUZZ_DIR)/%: tests/fuzz/fuzz_%.c $(wildcard tests/fuzz/*.h) \
    $(FUZZ_DIR)/libstsfit.a $(FUZZ_DIR)/commands.a
	@$(call SAY,FUZZ)
	$(Q)$(FUZZ_CC) $(CPPFLAGS) -std=c11 -O2 -g -fopenmp $(if $(FUZZ_ENGINE),-DFUZZ_MUTATOR) \
	    -fno-sanitize-recover=all -fsanitize=$(if $(FUZZ_ENGINE),fuzzer$(,))$(FUZZ_SAN) -o $@ $< \
	    $(if $(FUZZ_ENGINE),,tests/fuzz/main.c) $(FUZZ_DIR)/commands.a $(FUZZ_DIR)/libstsfit.a $(LIBS)

# The same harnesses without a fuzzer, in the current MODE.
$(BUILD)/regress-%: tests/fuzz/fuzz_%.c tests/fuzz/main.c $(wildcard tests/fuzz/*.h) $(CMD_OBJ) $(BUILD)/libstsfit.a
	@$(call SAY,LD)
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -Dmain=stsfit_main -c -o $(BUILD)/table-$*.o cmd/main.c
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< tests/fuzz/main.c $(BUILD)/table-$*.o \
	    $(filter-out %/main.o,$(CMD_OBJ)) $(BUILD)/libstsfit.a $(LIBS)

fuzz-regress: $(HARNESSES:%=$(BUILD)/regress-%) ## seeds and former findings of the fuzzers
	@sh tests/fuzz/seeds.sh $(FUZZ_DIR)/seeds
	@BUILD=$(BUILD) FUZZ_DIR=$(FUZZ_DIR) sh tests/fuzz/regress.sh $(HARNESSES)

.PHONY: fuzz fuzz-build fuzz-regress
