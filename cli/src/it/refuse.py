#!/usr/bin/env python3
"""refuse.py WHAT PROGRAM…: runs a program whose system calls fail as on a machine that lacks something.

WHAT is namespaces (clone and unshare with EPERM, clone3 with ENOSYS), mounts (fsopen with EPERM) or seccomp (EINVAL).
"""
import ctypes, os, platform, struct, sys

EPERM, EINVAL, ENOSYS = 1, 22, 38
NEW_NAMESPACES = 0x7E020000
X86 = platform.machine() == "x86_64"
CLONE, UNSHARE, CLONE3 = (56, 272, 435) if X86 else (220, 97, 435)
FSOPEN, SECCOMP = 430, (317 if X86 else 277)
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
LOAD, AND, EQUAL, RETURN = 0x20, 0x54, 0x15, 0x06


def refuse(number, errno):
    return [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | errno)]


def filter_of(what):
    calls = [(LOAD, 0, 0, 0)]
    if what == "mounts":
        calls += refuse(FSOPEN, EPERM)
    elif what == "seccomp":
        calls += refuse(SECCOMP, EINVAL)
    elif what == "namespaces":
        calls += refuse(CLONE3, ENOSYS) + refuse(UNSHARE, EPERM)
        calls += [(EQUAL, 0, 4, CLONE), (LOAD, 0, 0, 16), (AND, 0, 0, NEW_NAMESPACES), (EQUAL, 1, 0, 0),
                  (RETURN, 0, 0, ERRNO | EPERM)]
    else:
        sys.exit("refuse.py: namespaces, mounts or seccomp, not " + what)
    return calls + [(RETURN, 0, 0, ALLOW)]


code = b"".join(struct.pack("=HBBI", *each) for each in filter_of(sys.argv[1]))
libc = ctypes.CDLL(None, use_errno=True)
program = ctypes.create_string_buffer(code)
header = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(program)))
if libc.prctl(22, 2, header, 0, 0) != 0:
    sys.exit("refuse.py: prctl: " + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[2], sys.argv[2:])
