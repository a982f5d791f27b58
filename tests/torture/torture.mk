# torture.mk - `make torture`: every allocation and system call fails, the process ends at every
# call, runs are cut at every step and killed a thousand times, hostile files by the hundred.
# STRIDE=17: every seventeenth of all; 0: one failure below each call; KILLS=1000.
STRIDE ?= 1
KILLS  ?= 1000
TORTURE_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/torture/*.c))

$(BUILD)/torture: $(TORTURE_OBJ) $(BUILD)/libstsfit.a
	@$(call SAY,LD)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

torture: all $(BUILD)/torture ## failing memory, failing disks, crashes, hostile files: all of them
	@STRIDE=$(STRIDE) KILLS=$(KILLS) BUILD=$(BUILD) STSFIT=$(PROGRAM) sh tests/torture/run.sh

-include $(TORTURE_OBJ:.o=.d)

.PHONY: torture
