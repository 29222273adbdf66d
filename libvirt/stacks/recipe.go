package stacks

// Recipe is how to dump stacks with the owners of all mutexes for which threads wait: a script for
// gdb, to be run with gdb -p PID -batch -x FILE. It prints "mutex 0x... owner N". Where glibc has
// no debug symbols it takes the mutex from the register that the kernel was given it in, which it
// knows of x86-64 and arm64.
const Recipe = `set pagination off
thread apply all bt
python
process = gdb.selected_inferior()

def mutex():
    f = gdb.newest_frame()
    if not any(w in (f.name() or '') for w in ('lll_lock_wait', 'futex_wait', 'mutex_lock')):
        return None
    g = f
    for _ in range(6):
        if g is None:
            break
        if 'pthread_mutex_lock' in (g.name() or ''):
            try:
                return int(g.read_var('mutex'))
            except (gdb.error, ValueError, TypeError):
                break
        g = g.older()
    if 'mutex_lock' in f.name():
        return None
    for register in ('rdi', 'x0'):
        try:
            return int(f.read_register(register))
        except (gdb.error, ValueError, TypeError):
            pass

seen = set()
for t in process.threads():
    t.switch()
    try:
        a = mutex()
        if a and a not in seen:
            seen.add(a)
            owner = int.from_bytes(bytes(process.read_memory(a + 8, 4)), 'little')
            print('mutex 0x%x owner %d' % (a, owner))
    except gdb.error:
        pass
end
`

const ownersHint = "print the owners of the mutexes for which threads wait, with the gdb script of `lockproof " +
	"history --setup`"
