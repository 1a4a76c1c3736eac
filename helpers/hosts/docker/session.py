"""Runs commands for whoever holds the other end of stdin and stdout, so that a container need be entered once and not for each of them.

A frame: kind (1 byte), number of the command (4), length (4), payload. In: R, JSON of argv and seconds; I, input; E, its end; K, end the
command. Out: H, at the beginning; O and S, what a command says on stdout and stderr; X, JSON of its exit code (null when a signal ended
it), whether its time was up, and why it could not be started. When stdin ends, every command ends.
"""

import json
import os
import queue
import signal
import struct
import subprocess
import sys
import threading

HEAD = struct.Struct(">cII")
CHUNK = 1 << 16
GRACE_S = 1

source, sink = sys.stdin.buffer, sys.stdout.buffer
writing = threading.Lock()
commands = {}


def tell(kind, number, payload=b""):
    with writing:
        sink.write(HEAD.pack(kind, number, len(payload)) + payload)
        sink.flush()


def tell_end(number, **facts):
    tell(b"X", number, json.dumps({"code": None, "timedOut": False, **facts}).encode())


def beside(work, *args):
    thread = threading.Thread(target=work, args=args, daemon=True)
    thread.start()
    return thread


def later(seconds, work, *args):
    timer = threading.Timer(seconds, work, args)
    timer.daemon = True
    timer.start()
    return timer


class Command:
    def __init__(self, number, argv, seconds):
        self.number = number
        self.timed_out = False
        self.input = queue.SimpleQueue()
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        self.process = subprocess.Popen(argv, start_new_session=True, **pipes)
        commands[number] = self
        self.limit = None if seconds is None else later(seconds, self.time_is_up)
        beside(self.feed)
        beside(self.follow)

    def feed(self):
        stdin = self.process.stdin
        try:
            while (data := self.input.get()) is not None:
                stdin.write(data)
                stdin.flush()
            stdin.close()
        except BrokenPipeError:
            pass

    def follow(self):
        errors = beside(self.copy, self.process.stderr, b"S")
        self.copy(self.process.stdout, b"O")
        errors.join()
        code = self.process.wait()
        if self.limit is not None:
            self.limit.cancel()
        commands.pop(self.number, None)
        self.input.put(None)
        tell_end(self.number, code=code if code >= 0 else None, timedOut=self.timed_out)

    def copy(self, pipe, kind):
        while chunk := os.read(pipe.fileno(), CHUNK):
            tell(kind, self.number, chunk)

    def time_is_up(self):
        self.timed_out = True
        self.end()

    def end(self):
        self.signal(signal.SIGTERM)
        later(GRACE_S, self.signal, signal.SIGKILL)

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass


def begin(number, request):
    try:
        Command(number, request["argv"], request["seconds"])
    except OSError as error:
        tell_end(number, notStarted=str(error))


def serve():
    tell(b"H", 0)
    while len(head := source.read(HEAD.size)) == HEAD.size:
        kind, number, length = HEAD.unpack(head)
        payload = source.read(length)
        command = commands.get(number)
        if kind == b"R":
            begin(number, json.loads(payload))
        elif command is None:
            continue
        elif kind == b"K":
            command.end()
        else:
            command.input.put(payload if kind == b"I" else None)


serve()
for left in list(commands.values()):
    left.signal(signal.SIGKILL)
