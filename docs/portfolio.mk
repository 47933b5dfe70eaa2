# Spreads the reports of every project in inputs/ over processes:
#
#     make -j 8 -k -f docs/portfolio.mk
#
# Every line of `donor-report plan` is one unit of work; make decides how many run at once and goes on where one fails
# (-k). Whether a unit is out of date donor-report decides itself, by content, so every unit is asked each time.

DONOR_REPORT ?= donor-report
OUT ?= build

units := $(shell '$(DONOR_REPORT)' plan | sed -n 's/.*"unit":"\([^"]*\)".*/\1/p')

.PHONY: all $(units)

all: $(units)

$(units):
	@'$(DONOR_REPORT)' build --unit '$@' --out '$(OUT)'
