#!/usr/bin/env python3
"""Says how a run of ctest ended: what was skipped and why, what failed, and the counts as the last line.

    scripts/count_tests.py RESULTS.xml [CATEGORY ...]

RESULTS.xml is what `ctest --output-junit` wrote. A skip says its category (tests/support/skip.h); only those named may be
skipped. The exit code is 1 where a test failed, or was skipped for another reason.
"""
import re
import sys
import xml.etree.ElementTree as xml

SKIP = re.compile(r"^SKIPPED\[([a-z-]+)\]: (.*)$", re.MULTILINE)
AGAIN = re.compile(r"^AGAIN: (.*)$", re.MULTILINE)


def main(results, allowed):
    passed, failed, reasons_told, forbidden, skipped = 0, [], [], [], 0
    for case in xml.parse(results).getroot().iter("testcase"):
        name, output = case.get("name"), case.findtext("system-out") or ""
        for told in AGAIN.findall(output):
            print(f"again    {name}: {told}")
        if case.get("status") == "run":
            passed += 1
        elif case.find("skipped") is not None and "SKIP_RETURN_CODE" in case.find("skipped").get("message", ""):
            reasons = SKIP.findall(output) or [("untold", "it does not say why")]
            for category, reason in sorted(set(reasons)):
                reasons_told.append(f"skipped  {name}: {reason} ({category})")
                if category not in allowed:
                    forbidden.append(f"{name}: {reason} ({category})")
            skipped += 1
        else:
            failed.append(name)
    for line in reasons_told:
        print(line)
    for name in failed:
        print(f"failed   {name}")
    for line in forbidden:
        print(f"NOT TO BE SKIPPED HERE: {line}")
    if forbidden:
        print("what `make test` installs must be there; only what lacks " + " or ".join(allowed) + " may be skipped")
    print(f"{passed} passed, {len(failed)} failed, {skipped} skipped")
    return 1 if failed or forbidden or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
