#!/bin/sh
# Sets up what is missing, then does what the word asks for: packaging/bootstrap.py.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" "$here/packaging/bootstrap.py" "$@"
    fi
done
echo "Curator needs Python 3.11 or newer. On Debian and Ubuntu: sudo apt-get install -y python3 python3-venv" >&2
exit 1
