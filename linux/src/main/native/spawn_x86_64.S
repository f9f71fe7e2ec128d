// long spawn(struct control *)            x86_64, position independent, no stack, no data
//
// Blocks every signal, clones, restores the mask and returns the pid (or -errno). The child walks a
// program: an array of steps, each one system call, and never returns. It uses no stack at all, so it
// may share its parent's: CLONE_VFORK keeps the parent asleep until execve or exit.
//
// control:  0 saved mask | 8 mask of all signals | 16 clone number | 24..63 its five arguments | 64 program
// step (80 bytes):
//    0 number   8..55 six arguments   56 bits: argument i is the address of its value
//   64 tolerated errors: bit e = errno e (below 64), all ones = every error      72 result
// number -1 is no system call but a check: (arg0 & arg1) == arg2, else the error arg3.
// The program's last step must not return (exit_group).

        .intel_syntax noprefix
        .text
        .globl spawn
spawn:
        endbr64
        mov     r9, rdi                 // no system call below uses r9 as an argument
        mov     eax, 14                 // rt_sigprocmask(SIG_SETMASK, all, saved, 8)
        mov     edi, 2
        lea     rsi, [r9 + 8]
        mov     rdx, r9
        mov     r10d, 8
        syscall
        mov     rax, [r9 + 16]          // clone3 or clone
        mov     rdi, [r9 + 24]
        mov     rsi, [r9 + 32]
        mov     rdx, [r9 + 40]
        mov     r10, [r9 + 48]
        mov     r8, [r9 + 56]
        syscall
        test    rax, rax
        jz      child
        mov     r8, rax
        mov     eax, 14                 // rt_sigprocmask(SIG_SETMASK, saved, NULL, 8)
        mov     edi, 2
        mov     rsi, r9
        xor     edx, edx
        mov     r10d, 8
        syscall
        mov     rax, r8
        ret

child:
        mov     rbx, [r9 + 64]
step:
        mov     rbp, [rbx + 56]
        .macro  argument reg, index
        mov     \reg, [rbx + 8 + 8 * \index]
        bt      ebp, \index
        jnc     1f
        mov     \reg, [\reg]
1:
        .endm
        argument rdi, 0
        argument rsi, 1
        argument rdx, 2
        argument r10, 3
        argument r8, 4
        argument r9, 5
        mov     rax, [rbx]
        cmp     rax, -1
        je      check
        syscall
store:
        mov     [rbx + 72], rax
        cmp     rax, -4095
        jb      next
        mov     rcx, [rbx + 64]
        cmp     rcx, -1
        je      next
        neg     rax
        cmp     rax, 64
        jae     fail
        bt      rcx, rax
        jnc     fail
next:
        add     rbx, 80
        jmp     step
check:
        xor     eax, eax
        and     rdi, rsi
        cmp     rdi, rdx
        je      store
        sub     rax, r10
        jmp     store
fail:
        mov     eax, 231                // exit_group(127)
        mov     edi, 127
        syscall
        ud2
