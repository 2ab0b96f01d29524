"""Run commands one after the other, as a script would: JSON lists of words in, what each printed and ended with out."""

import json
import subprocess
import sys

for command in json.load(sys.stdin):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    sys.stdout.write(json.dumps([done.returncode, done.stdout, done.stderr]) + "\n")
