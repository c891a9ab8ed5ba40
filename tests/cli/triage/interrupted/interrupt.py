# An endless pipe: everything is read, then Ctrl-C comes.
import array
import fcntl
import os
import signal
import subprocess
import termios

signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell starts what runs beside it with SIGINT ignored
log = open(os.environ["SAMPLES"] + "/harbor-s3-stale/registry.log", "rb").read()
program = subprocess.Popen(["regtriage"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
program.stdin.write(log)
program.stdin.flush()
waiting = array.array("i", [1])
while waiting[0]:
    fcntl.ioctl(program.stdin.fileno(), termios.FIONREAD, waiting)
program.send_signal(signal.SIGINT)
answer = program.stdout.read().decode()
print("status", program.wait(), "stale_descriptor_cache" in answer)
