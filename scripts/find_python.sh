#!/bin/sh
# Prints a Python that Offstage can run on, or says what is missing. PYTHON=… overrides the choice.
#
# The order puts 3.11 and 3.12 first: only for them a packaged Redis exists, newer ones need a
# redis-server or valkey-server of the machine's own.
set -u

fits() {
    "$1" -c "import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, $2)))" >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    if fits "$PYTHON" 99; then
        printf '%s\n' "$PYTHON"
        exit 0
    fi
    echo "PYTHON=$PYTHON is not a Python 3.11 or newer." >&2
    exit 1
fi

for newest_minor in 12 99; do
    for candidate in python3 python3.12 python3.11 python3.13 python3.14 python; do
        if fits "$candidate" "$newest_minor"; then
            printf '%s\n' "$candidate"
            exit 0
        fi
    done
done

echo "Offstage needs Python 3.11 or newer and found none on PATH." >&2
echo "Install one, or name it: make run PYTHON=/path/to/python3.12" >&2
exit 1
