#!/usr/bin/env python3
"""Builds each case of testdata/differential with jbuild and with its peers, on the same bases, and compares what came out.

A difference that is expected is written in the case's file `differences`; every other one fails the case, and so does an
expected one that is gone. testdata/differential/README.md tells how a case is made."""
import argparse
import concurrent.futures
import fnmatch
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bases
import compare
import expected
import images
import peers

PROJECT = os.path.abspath(os.path.join(peers.HERE, "../../../.."))
CASES = os.path.join(PROJECT, "testdata/differential")
SKIPPED = 77


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pattern", nargs="*", default=["*"], help="names of cases, with * and ?")
    parser.add_argument("--peer-root", metavar="DIR", default=os.environ.get("PEER_ROOT"), help="take the peers from a root that peer-root.sh made; default: $PEER_ROOT, or this machine")
    parser.add_argument("--peers", default="buildah,dockerd", help="default: %(default)s")
    parser.add_argument("--quick", action="store_true", help="only the cases that the file `quick` lists")
    parser.add_argument("--jbuild", default=os.environ.get("JBUILD", os.path.join(PROJECT, "jbuild")), help="the command, of one or more words")
    parser.add_argument("--jobs", "-j", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="leave the working directory, and say where it is")
    parser.add_argument("--verbose", "-v", action="store_true", help="show what the builders said where a case fails")
    return parser.parse_args()


class Case:
    def __init__(self, folder, work):
        self.name = os.path.basename(folder)
        self.folder = folder
        self.work = os.path.join(work, self.name)
        # BuildKit takes contexts with the same last name for one, and files of one size and time in them for unchanged.
        self.context = os.path.join(self.work, self.name)
        self.buildfile = os.path.join(folder, "Buildfile")

    def prepare(self):
        """Makes the context; setup.sh runs inside it."""
        os.makedirs(self.work)
        given = os.path.join(self.folder, "context")
        if os.path.isdir(given):
            shutil.copytree(given, self.context, symlinks=True)
        else:
            os.makedirs(self.context)
        setup = os.path.join(self.folder, "setup.sh")
        if os.path.exists(setup):
            subprocess.run(["sh", "-eu", setup], cwd=self.context, check=True, env=dict(os.environ, LC_ALL="C.UTF-8"))
        # peers in a root of their own see the working directory only
        self.buildfile = os.path.join(self.work, "Buildfile")
        shutil.copyfile(os.path.join(self.folder, "Buildfile"), self.buildfile)
        self._set_times()

    def _set_times(self):
        """What was made just now gets the bases' time; what setup.sh gave another time keeps it."""
        recent = time.time() - 3600
        for folder, folders, files in os.walk(self.work, topdown=False):
            for path in [os.path.join(folder, name) for name in folders + files] + [folder]:
                if os.lstat(path).st_mtime > recent:
                    os.utime(path, (bases.TIME, bases.TIME), follow_symlinks=False)

    def options(self):
        path = os.path.join(self.folder, "options")
        if not os.path.exists(path):
            return []
        with open(path) as file:
            return [line.strip().replace("{WORK}", self.work) for line in file if line.strip() and not line.startswith("#")]


class Verdict:
    def __init__(self, case):
        self.case, self.problems, self.said, self.seen = case, [], [], []


def tried(case, ours, peer_list, wanted, begin):
    """One case that cannot be done does not end the others."""
    try:
        return judge(case, ours, peer_list, wanted, begin)
    except (images.BadImage, peers.Unusable, OSError, subprocess.SubprocessError) as e:
        verdict = Verdict(case.name)
        verdict.problems.append("%s: %s" % (type(e).__name__, e))
        return verdict


def judge(case, ours, peer_list, wanted, begin):
    verdict = Verdict(case.name)
    case.prepare()
    mine, said = ours.build(case.name, case.buildfile, case.context, case.options())
    verdict.said.append("--- jbuild\n" + said[-3000:])
    for peer in peer_list:
        theirs, said = peer.build(case.name, case.buildfile, case.context, case.options())
        verdict.said.append("--- %s\n%s" % (peer.label, said[-3000:]))
        if mine is None and theirs is None:
            found = []
        elif mine is None or theirs is None:
            found = ["outcome: %s" % ("fails, there it builds" if mine is None else "builds, there it fails")]
        else:
            found = compare.differences(mine, theirs, begin, keywords_only=peer.label.startswith("buildah"))
        verdict.seen += [(peer.label, line) for line in found]
        verdict.problems += wanted.check(case.name, peer.label, found)
    return verdict


def start(a, work, usable):
    """-> jbuild; adds the peers that can be had to a list, whose owner closes them"""
    archives = [(name, os.path.join(work, name + ".tar")) for name in bases.NAMES]
    for name, path in archives:
        bases.write(name, path)
    ours = peers.Jbuild(a.jbuild, work)
    for kind in a.peers.split(","):
        try:
            usable.append({"buildah": peers.Buildah, "dockerd": peers.BuildKit}[kind](a.peer_root, work))
        except (peers.Unusable, OSError) as e:
            print("%s is left out: %s" % (kind, e))
    for builder in [ours] + usable:
        for name, path in archives:
            builder.load(name, path)
    return ours


def chosen(a):
    names = sorted(os.path.basename(os.path.dirname(p)) for p in glob.glob(CASES + "/*/Buildfile"))
    if a.quick:
        with open(os.path.join(CASES, "quick")) as file:
            quick = file.read().split()
        missing = set(quick) - set(names)
        if missing:
            sys.exit("the file quick lists what is not there: " + " ".join(sorted(missing)))
        names = quick
    return [n for n in names if any(fnmatch.fnmatch(n, p) for p in a.pattern)]


def main():
    a = arguments()
    if os.geteuid() != 0:
        print("SKIPPED: building needs root")
        return SKIPPED
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    work = tempfile.mkdtemp(prefix="differential-")
    begin = int(time.time()) - 1
    usable = []
    try:
        ours = start(a, work, usable)
        if not usable:
            print("SKIPPED: there is no peer to compare with")
            return SKIPPED
        wanted = expected.Expected(CASES, [p.label for p in usable])
        names = chosen(a)
        verdicts = []
        pool = concurrent.futures.ThreadPoolExecutor(a.jobs)
        try:
            for verdict in pool.map(lambda n: tried(Case(os.path.join(CASES, n), work), ours, usable, wanted, begin), names):
                verdicts.append(verdict)
                show(a, verdict)
        finally:
            pool.shutdown(cancel_futures=True)
        return report(verdicts, usable, wanted, whole=set(names) == set(chosen_all()))
    finally:
        for peer in usable:
            peer.close()
        if a.keep:
            print("left: " + work)
        else:
            remove(work)


def chosen_all():
    return [os.path.basename(os.path.dirname(p)) for p in glob.glob(CASES + "/*/Buildfile")]


def remove(work):
    """What is still mounted below goes first: a removal must not walk into it."""
    with open("/proc/self/mounts") as file:
        mounted = [line.split()[1] for line in file if line.split()[1].startswith(work + "/")]
    for path in sorted(mounted, reverse=True):
        subprocess.run(["umount", "-l", path], check=False)
    subprocess.run(["rm", "-rf", "--one-file-system", work], check=False)


def show(a, verdict):
    print("%s %s" % ("FAILED" if verdict.problems else "ok", verdict.case), flush=True)
    for problem in verdict.problems:
        print("  " + problem, flush=True)
    if verdict.problems and a.verbose:
        print("\n".join(verdict.said), flush=True)


def report(verdicts, usable, wanted, whole):
    bad = [v for v in verdicts if v.problems]
    loose = wanted.loose_ends() if whole else []
    for problem in loose:
        print("FAILED " + problem)
    for peer in usable:
        same = sum(not any(label == peer.label for label, _ in v.seen) for v in verdicts)
        print("%s: %d of %d cases have no difference at all" % (peer.label, same, len(verdicts)))
    print("%d passed, %d failed" % (len(verdicts) - len(bad), len(bad) + len(loose)))
    return 1 if bad or loose else 0


if __name__ == "__main__":
    sys.exit(main())
