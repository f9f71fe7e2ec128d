"""The differences that are known, each with its reason.

testdata/differential/reasons          KEY: what is otherwise and why; ends with [words of docs/buildfile.md]
testdata/differential/differences      for every case; lines as below, where * stands for any text
testdata/differential/CASE/differences PEER DIFFERENCE -- KEY

PEER is a label such as buildah-1.43, where * stands for any text. DIFFERENCE is a line of compare.py."""
import fnmatch
import os
import re
import threading


class Bad(Exception):
    pass


class Line:
    def __init__(self, text, where):
        match = re.fullmatch(r"(\S+) (.*) -- (\S+)", text)
        if not match:
            raise Bad("%s: not `PEER DIFFERENCE -- KEY`: %s" % (where, text))
        self.peer, self.difference, self.key = match.groups()
        self.where, self.used = where, False

    def is_for(self, label):
        return fnmatch.fnmatchcase(label, self.peer)


class Expected:
    def __init__(self, cases, labels):
        self._cases, self._labels = cases, labels
        self._lock = threading.Lock()
        self._reasons = _reasons(os.path.join(cases, "reasons"))
        self._general = self._read("differences")
        self._keys = set()
        for name in sorted(os.listdir(cases)):
            if os.path.isdir(os.path.join(cases, name)):
                self._keys |= {line.key for line in self._read(os.path.join(name, "differences"))}
        self._keys |= {line.key for line in self._general}

    def _read(self, name):
        path = os.path.join(self._cases, name)
        if not os.path.exists(path):
            return []
        with open(path) as file:
            lines = [Line(t.rstrip("\n"), name) for t in file if t.strip() and not t.startswith("#")]
        for line in lines:
            if line.key not in self._reasons:
                raise Bad("%s: no reason has the key %s" % (name, line.key))
        return lines

    def check(self, case, label, found):
        """-> what is wrong: differences that nobody expects, and expected ones that are gone"""
        own = [line for line in self._read(os.path.join(case, "differences")) if line.is_for(label)]
        problems = []
        for difference in found:
            match = next((line for line in own if line.difference == difference), None) or self._find_general(label, difference)
            if match is None:
                problems.append("new: %s %s" % (label, difference))
            else:
                match.used = True
        problems += ["gone: %s %s -- %s" % (label, line.difference, line.key) for line in own if not line.used]
        return problems

    def _find_general(self, label, difference):
        with self._lock:
            return next((line for line in self._general if line.is_for(label) and _matches(line.difference, difference)), None)

    def loose_ends(self):
        """After a run of all cases: general lines that met nothing, and reasons that nobody gives."""
        problems = ["differences: met by no case: %s %s" % (line.peer, line.difference) for line in self._general if not line.used and any(line.is_for(l) for l in self._labels)]
        return problems + ["reasons: nobody gives %s" % key for key in sorted(self._reasons) if key not in self._keys]


def _matches(pattern, text):
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), text) is not None


def _reasons(path):
    """key -> text; each has to name words that docs/buildfile.md has"""
    with open(os.path.join(os.path.dirname(path), "../../docs/buildfile.md")) as file:
        manual = " ".join(file.read().split())
    reasons = {}
    with open(path) as file:
        for text in file:
            if not text.strip() or text.startswith("#"):
                continue
            match = re.fullmatch(r"(\S+): (.*) \[(.*)\]\n", text)
            if not match:
                raise Bad("reasons: not `KEY: text [words of docs/buildfile.md]`: " + text)
            if match[3] not in manual:
                raise Bad("reasons: docs/buildfile.md does not have: " + match[3])
            reasons[match[1]] = match[2]
    return reasons
