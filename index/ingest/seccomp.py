"""Refuse system calls that reading a file never needs, with a seccomp filter (Linux on x86-64 and ARM64).

The filter is a classic BPF program. A refused call fails with EPERM, so that libraries report it as a missing
permission. The lists name what is refused: a list of what is allowed would differ between versions of the C library.
"""

import ctypes
import os
import platform
import struct
import sys

# Each line: the names of a group, then NAME:X86_64:ARM64 with "-" if an architecture has no such call.
_NETWORK = """socket:41:198 connect:42:203 accept:43:202 sendto:44:206 sendmsg:46:211 bind:49:200 listen:50:201
socketpair:53:199 accept4:288:242 sendmmsg:307:269"""
_FILES = """creat:85:- truncate:76:45 ftruncate:77:46 fallocate:285:47 rename:82:- renameat:264:38 renameat2:316:276
mkdir:83:- mkdirat:258:34 rmdir:84:- unlink:87:- unlinkat:263:35 link:86:- linkat:265:37 symlink:88:- symlinkat:266:36
mknod:133:- mknodat:259:33 chmod:90:- fchmod:91:52 fchmodat:268:53 fchmodat2:452:452 chown:92:- fchown:93:55
lchown:94:- fchownat:260:54 utime:132:- utimes:235:- futimesat:261:- utimensat:280:88 setxattr:188:5 lsetxattr:189:6
fsetxattr:190:7 removexattr:197:14 lremovexattr:198:15 fremovexattr:199:16 setxattrat:463:463 removexattrat:466:466
name_to_handle_at:303:264 open_by_handle_at:304:265 memfd_create:319:279 memfd_secret:447:447"""
_PROCESSES = """ptrace:101:117 process_vm_readv:310:270 process_vm_writev:311:271 process_madvise:440:440 kcmp:312:272
tkill:200:130 rt_sigqueueinfo:129:138 rt_tgsigqueueinfo:297:240 pidfd_open:434:434 pidfd_send_signal:424:424
pidfd_getfd:438:438 shmget:29:194 shmat:30:196 shmctl:31:195 msgget:68:186 semget:64:190"""
_MACHINE = """mount:165:40 umount2:166:39 pivot_root:155:41 chroot:161:51 unshare:272:97 setns:308:268 open_tree:428:428
move_mount:429:429 fsopen:430:430 fsconfig:431:431 fsmount:432:432 fspick:433:433 mount_setattr:442:442 acct:163:89
swapon:167:224 swapoff:168:225 reboot:169:142 sethostname:170:161 setdomainname:171:162 iopl:172:- ioperm:173:-
init_module:175:105 finit_module:313:273 delete_module:176:106 kexec_load:246:104 kexec_file_load:320:294
settimeofday:164:170 adjtimex:159:171 clock_settime:227:112 clock_adjtime:305:266 add_key:248:217 request_key:249:218
keyctl:250:219 bpf:321:280 perf_event_open:298:241 userfaultfd:323:282 quotactl:179:60 quotactl_fd:443:443"""
_PROGRAMS = "execve:59:221 execveat:322:281 fork:57:- vfork:58:-"
# The C library falls back to older calls, whose arguments a filter can see, if these do not exist.
_UNKNOWN = "clone3:435:435 openat2:437:437 io_uring_setup:425:425 io_uring_enter:426:426 io_uring_register:427:427"

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # the column, and what the kernel reports
_X32 = 0x40000000  # a second set of numbers for the calls of x86-64
_WRITING = os.O_WRONLY | os.O_RDWR | getattr(os, "O_CREAT", 0) | getattr(os, "O_TRUNC", 0)
_CLONE_THREAD = 0x10000
_TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI and TIOCLINUX: type into a terminal
_EPERM, _ENOSYS = 1, 38

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_SECCOMP = {"x86_64": 317, "aarch64": 277}

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, value


def refuse_calls(may_run_programs: bool = False) -> bool:
    """Refuse connections, changes of files, other processes and, unless allowed, programs, for good.

    Return whether the kernel does so. It needs `PR_SET_NO_NEW_PRIVS` first.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _ARCHITECTURES or sys.maxsize < 2**32:
        return False
    program = b"".join(struct.pack("=HBBI", *line) for line in _program(machine, may_run_programs))
    code = ctypes.create_string_buffer(program, len(program))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    call = ctypes.CDLL(None, use_errno=True).syscall
    return bool(call(_SECCOMP[machine], _SET_MODE_FILTER, _ALL_THREADS, head) == 0)


def _program(machine: str, may_run_programs: bool) -> list[Instruction]:
    column, architecture = _ARCHITECTURES[machine]
    refused = _numbers(" ".join((_NETWORK, _FILES, _PROCESSES, _MACHINE)), column)
    if not may_run_programs:
        refused |= _numbers(_PROGRAMS, column)
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    if machine == "x86_64":
        lines += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _ERROR | _ENOSYS)]
    for error, numbers in ((_EPERM, refused), (_ENOSYS, _numbers(_UNKNOWN, column))):
        for number in numbers.values():
            lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERROR | error)]
    return [*lines, *_by_argument(column, may_run_programs), (_RETURN, 0, 0, _ALLOW)]


def _by_argument(column: int, may_run_programs: bool) -> list[Instruction]:
    """Refuse calls with some arguments only: files to write, new processes, signals to and limits of others."""
    numbers = _numbers(
        "open:2:- openat:257:56 clone:56:220 kill:62:129 tgkill:234:131 prlimit64:302:261 ioctl:16:29", column
    )
    own = (0, os.getpid())
    lines = _allow_only(numbers["kill"], 0, own[1:]) + _allow_only(numbers["tgkill"], 0, own[1:])
    lines += _allow_only(numbers["prlimit64"], 0, own)
    if "open" in numbers:
        lines += _refuse_bits(numbers["open"], 1, _WRITING)
    lines += _refuse_bits(numbers["openat"], 2, _WRITING)
    if not may_run_programs:
        lines += _need_bit(numbers["clone"], 0, _CLONE_THREAD)
    for command in _TERMINAL_INPUT:
        lines += _refuse_value(numbers["ioctl"], 1, command)
    return lines


def _checked(number: int, argument: int, checks: list[Instruction]) -> list[Instruction]:
    """Run checks of an argument of one call, then load the call's number again."""
    load = (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument)
    body = [load, *checks, (_LOAD, 0, 0, _NUMBER_AT)]
    return [(_EQUAL, 0, len(body), number), *body]


def _refuse_bits(number: int, argument: int, bits: int) -> list[Instruction]:
    return _checked(number, argument, [(_ANY_BIT, 0, 1, bits), (_RETURN, 0, 0, _ERROR | _EPERM)])


def _need_bit(number: int, argument: int, bit: int) -> list[Instruction]:
    return _checked(number, argument, [(_ANY_BIT, 1, 0, bit), (_RETURN, 0, 0, _ERROR | _EPERM)])


def _refuse_value(number: int, argument: int, value: int) -> list[Instruction]:
    return _checked(number, argument, [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ERROR | _EPERM)])


def _allow_only(number: int, argument: int, values: tuple[int, ...]) -> list[Instruction]:
    found = [(_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
    return _checked(number, argument, [*found, (_RETURN, 0, 0, _ERROR | _EPERM)])


def _numbers(table: str, column: int) -> dict[str, int]:
    """Read the numbers of system calls on one architecture.

    >>> _numbers("creat:85:- mkdirat:258:34", 1)
    {'mkdirat': 34}
    """
    rows = (entry.split(":") for entry in table.split())
    return {name: int(numbers[column]) for name, *numbers in rows if numbers[column] != "-"}
