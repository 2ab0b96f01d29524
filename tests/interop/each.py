"""Run commands one after the other, as a script would: JSON lists of words in, what each printed and how it ended out."""

import json
import subprocess
import sys

for command in json.load(sys.stdin):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    print(json.dumps([done.returncode, done.stdout, done.stderr]))
