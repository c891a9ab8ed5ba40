# The log comes in two parts, the first ends within a line; an answer comes after each.
import json
import os
import subprocess

log = open(os.environ["SAMPLES"] + "/harbor-s3-stale/registry.log", "rb").read()
half = len(log) // 2
program = subprocess.Popen(["regtriage", "--every", "1s", "--format", "json", "--events"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
program.stdin.write(log[:half])
program.stdin.flush()
answers, text, decoder = [], "", json.JSONDecoder()


def read_answer():
    global text
    while True:
        try:
            answer, end = decoder.raw_decode(text.lstrip())
            text = text.lstrip()[end:]
            return answer
        except ValueError:
            part = os.read(program.stdout.fileno(), 65536).decode()
            if not part:
                raise
            text += part


first = read_answer()
program.stdin.write(log[half:])
program.stdin.close()
last = first
while last["input"]["sources"][0]["bytes"] < len(log):
    last = read_answer()
whole = json.loads(subprocess.run(["regtriage", "--format", "json", "--events"], input=log, capture_output=True).stdout)
print(first["input"]["sources"][0]["bytes"] < half, first["input"]["sources"][0]["pending"], last == whole, program.wait())
