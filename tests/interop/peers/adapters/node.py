"""A program of Node.js that answers each line of JSON, a call, with a line of JSON.
It must not judge: an error goes to the caller with its code."""

import json
import os
import subprocess


class Node:
    def __init__(self, program):
        self.program = program
        self.process = None

    def start(self):
        program = os.path.join(os.environ["PEERS_NODE"], self.program)
        self.process = subprocess.Popen(["node", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(10) == 0, "node failed"

    def ask(self, call, refusals={}, **given):
        """The answer to a call. An error whose code has a refusal raises that."""
        self.process.stdin.write(json.dumps({"call": call, **given}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" not in answer:
            return answer["value"]
        raise refusals.get(answer["code"], AssertionError)(answer["error"])
